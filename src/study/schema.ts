/**
 * A study as a file: JSON out, JSON in. Input is checked completely, once, here: it is valid, or it is refused with the places that are
 * not. `public/study.schema.json` is this schema for editors and other programs.
 */
import * as v from 'valibot';
import { InputError } from '../errors.ts';
import { takesWholeNumbers, type Named, type RangedField } from '../models/field.ts';
import { augmentationFields } from '../training/augmentation-fields.ts';
import { loopFields } from '../training/loop-fields.ts';
import { pretrainingFields } from '../training/pre-training-fields.ts';
import { armNames, judgedArms } from './arms/registry.ts';
import type { StudyConfig } from './config.ts';
import { currentConfig } from './earlier-versions.ts';

const finite = v.pipe(v.number(), v.finite());
const positive = v.pipe(finite, v.gtValue(0, 'must be above 0'));
const notNegative = v.pipe(finite, v.minValue(0, 'must not be negative'));
const share = v.pipe(finite, v.minValue(0, 'must be at least 0'), v.maxValue(1, 'must be at most 1'));
const whole = v.pipe(v.number(), v.integer('must be a whole number'));
const count = v.pipe(whole, v.minValue(1, 'must be at least 1'));
const some = <T>(item: v.GenericSchema<T>) => v.pipe(v.array(item), v.minLength(1, 'must not be empty'));

/** A member with what it means, for the published schema. */
const said = <T>(schema: v.GenericSchema<T>, words: string) => v.pipe(schema, v.description(words));

const encoder = v.strictObject({
  name: said(v.string(), 'Registry name of an encoder, or that of your own imported model.'),
  settings: said(
    v.record(v.string(), finite),
    'Settings of the encoder that differ from its own, e.g. width.',
  ),
  label: v.exactOptional(said(v.string(), 'What you call your own model; no part of what it is.')),
});

/** A member for each field, within its range. */
function membersOf<Name extends string>(
  fields: readonly Named<RangedField, Name>[],
): Readonly<Record<Name, v.GenericSchema<number>>> {
  const members = fields.map((field) => {
    const { name, label, unit, low, high, why } = field;
    const ranged = v.pipe(
      takesWholeNumbers(field) ? whole : finite,
      v.minValue(low, `must be at least ${low}`),
      v.maxValue(high, `must be at most ${high}`),
    );
    return [name, said(ranged, `${label}${unit && `, ${unit}`}. ${why}`)];
  });
  return Object.fromEntries(members) as Record<Name, v.GenericSchema<number>>;
}

const training = v.strictObject(membersOf(loopFields));

const augmentation = v.strictObject(membersOf(augmentationFields));

const objective = v.strictObject({
  name: said(v.string(), 'Registry name of an objective, e.g. simclr, mae, clip.'),
  weight: said(positive, 'Its weight in the sum.'),
  settings: said(v.record(v.string(), finite), 'Settings that differ from its own.'),
});

const recipe = v.strictObject({
  name: said(
    v.pipe(v.string(), v.minLength(1, 'must not be empty'), v.notValue('none', 'must not be "none"')),
    'What findings call the recipe.',
  ),
  objectives: said(some(objective), 'The weighted sum that is learned.'),
  permutedReports: said(v.boolean(), 'True for the control: reports are shuffled among training patients.'),
});

const pretraining = v.strictObject({
  ...membersOf(pretrainingFields),
  groupNegatives: said(v.boolean(), 'True: films of one patient and equal reports are no negatives.'),
  augmentation,
});

const tuningPlan = v.strictObject({
  tuning: said(
    v.picklist(['linearProbe', 'full']),
    'linearProbe: frozen encoder with a head; full: all is trained.',
  ),
  training,
  augmentation: said(augmentation, 'Used by full fine-tuning only.'),
});

const trainingSize = v.union(
  [v.pipe(whole, v.minValue(4, 'must be at least 4 patients')), v.literal('all')],
  'must be "all" or a number of patients',
);

const distillation = v.strictObject({
  weightDecays: said(some(notNegative), 'Weight decays.'),
  lambdas: said(some(share), 'λ: share of the teacher in the objective.'),
  temperatures: said(some(positive), 'τ: divides the teacher’s logits.'),
});

const statistics = v.strictObject({
  bootstrapSamples: said(
    v.pipe(count, v.minValue(100), v.maxValue(100_000)),
    'Resamples of test patients with replacement.',
  ),
  seed: said(whole, 'Seed of the resampling.'),
  confidence: said(v.pipe(finite, v.gtValue(0.5), v.ltValue(1)), 'Level of the intervals, e.g. 0.95.'),
  margin: said(notNegative, 'Difference in AUROC that is too small to matter.'),
});

const primary = v.strictObject({
  label: said(v.string(), 'A label of the study.'),
  arm: said(
    v.picklist(['imageOnly', ...judgedArms]),
    'A student; or imageOnly, for a question about a pre-training.',
  ),
  pretraining: said(v.string(), 'Name of the recipe; "none" for a student without.'),
});

/** The whole file. */
export const studyFileSchema = v.strictObject({
  $schema: v.exactOptional(said(v.string(), 'Where this schema is, for editors; the lab does not read it.')),
  version: said(v.literal(2, 'must be 2'), 'Version of this format; the lab reads files of version 1 too.'),
  name: said(v.pipe(v.string(), v.minLength(1, 'must not be empty')), 'Name of the study.'),
  purpose: said(v.string(), 'What the study is for and how long it takes, for people.'),
  labels: said(
    v.array(v.string()),
    'Labels by name; empty = every label with both classes on each side of the split.',
  ),
  labelLimit: v.exactOptional(
    said(count, 'With an empty list of labels: at most so many, the first in the cohort’s order.'),
  ),
  arms: said(
    some(v.picklist(armNames)),
    'What is compared. imageOnly always runs; a distilling arm brings its teacher and selfDistilled.',
  ),
  tunings: said(some(tuningPlan), 'Ways of tuning the image encoder; each is a condition of its own.'),
  pretrainings: said(
    some(v.union([v.literal('none'), recipe], 'must be "none" or a recipe')),
    'Where the image encoder’s weights come from: "none" (random or imported) or recipes.',
  ),
  pretraining: v.exactOptional(said(pretraining, 'Settings that all recipes share.')),
  imageEncoders: said(some(encoder), 'Encoders of films; each is a condition of its own.'),
  textEncoder: said(encoder, 'Encoder of reports.'),
  imageSide: said(
    v.pipe(whole, v.minValue(16, 'must be at least 16'), v.maxValue(1024, 'must be at most 1024')),
    'Side of films in px, at most the cohort’s.',
  ),
  distillation: said(distillation, 'Candidates of the distilling arms: every combination is tried.'),
  weightDecays: said(
    some(notNegative),
    'Candidates of the other arms: as many as the distilling arms have combinations, so that budgets are equal.',
  ),
  search: v.exactOptional(
    said(
      v.picklist(['grid', 'successiveHalving']),
      'grid: every candidate in full; successiveHalving: two thirds are dropped early, twice. "grid" when left out.',
    ),
  ),
  trainingSizes: said(some(trainingSize), 'Training patients, nested; "all" = every training patient.'),
  seeds: said(some(whole), 'Each seed repeats everything.'),
  primary: v.exactOptional(
    said(primary, 'The one question that the study is run for; left out, all findings are exploratory.'),
  ),
  statistics: said(statistics, 'How findings are computed.'),
});

/** Name of the published schema, beside the lab's page. */
export const studySchemaName = 'study.schema.json';

/**
 * A study from JSON of unknown origin, of this version or the one before. A `$schema` beside it is allowed and left out.
 * @param origin what the message calls it: a file's name.
 * @throws InputError naming each place that does not fit.
 */
export function parseStudyConfig(json: unknown, origin = 'This study'): StudyConfig {
  const result = v.safeParse(studyFileSchema, currentConfig(json));
  if (result.success) {
    const { $schema: _schema, ...config } = result.output;
    return config;
  }
  const places = result.issues
    .slice(0, 5)
    .map((issue) => `${v.getDotPath(issue) ?? 'the whole file'} ${issue.message}`);
  const more = result.issues.length > 5 ? `; and ${result.issues.length - 5} more` : '';
  throw new InputError(
    `${origin} is not a study that can be run: ${places.join('; ')}${more}. Correct it, or start from a preset and save its configuration.`,
  );
}

/** A study from the text of a file. @throws InputError naming the file when it is not JSON or not a study. */
export function readStudyFile(text: string, fileName: string): StudyConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new InputError(`${fileName} is not JSON. Choose a file that "Save configuration" wrote.`);
  }
  return parseStudyConfig(json, fileName);
}

/** The text of a study's file. It names its schema, which editors read when it lies beside the file. */
export function writeStudyFile(config: StudyConfig): string {
  return `${JSON.stringify({ $schema: studySchemaName, ...config }, null, 2)}\n`;
}
