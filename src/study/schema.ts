/**
 * A study as a file: JSON out, JSON in. What comes in is checked whole, once, here: it either fits or is refused with the places that
 * do not.
 */
import * as v from 'valibot';
import { InputError } from '../errors.ts';
import { armNames, type StudyConfig } from './config.ts';

const finite = v.pipe(v.number(), v.finite());
const positive = v.pipe(finite, v.gtValue(0, 'must be above 0'));
const notNegative = v.pipe(finite, v.minValue(0, 'must not be negative'));
const share = v.pipe(finite, v.minValue(0, 'must be at least 0'), v.maxValue(1, 'must be at most 1'));
const whole = v.pipe(v.number(), v.integer('must be a whole number'));
const count = v.pipe(whole, v.minValue(1, 'must be at least 1'));
const countOrNone = v.pipe(whole, v.minValue(0, 'must not be negative'));
const some = <T>(item: v.GenericSchema<T>) => v.pipe(v.array(item), v.minLength(1, 'must not be empty'));

const encoder = v.strictObject({
  name: v.string(),
  settings: v.record(v.string(), finite),
  label: v.exactOptional(v.string()),
});

const training = v.strictObject({
  learningRate: positive,
  batchSize: count,
  maxSteps: count,
  warmupSteps: countOrNone,
  validateEverySteps: count,
  patience: countOrNone,
  clipNorm: notNegative,
});

const augmentation = v.strictObject({
  minCropArea: v.pipe(share, v.gtValue(0)),
  rotationDegrees: v.pipe(notNegative, v.maxValue(180)),
  intensityJitter: share,
  flipProbability: share,
});

const recipe = v.strictObject({
  name: v.pipe(v.string(), v.minLength(1, 'must not be empty'), v.notValue('none', 'must not be "none"')),
  objectives: some(
    v.strictObject({ name: v.string(), weight: positive, settings: v.record(v.string(), finite) }),
  ),
  permutedReports: v.boolean(),
});

const pretraining = v.strictObject({
  imagesSeen: count,
  batchSize: v.pipe(whole, v.minValue(2, 'must be at least 2')),
  learningRate: positive,
  weightDecay: notNegative,
  warmupShare: v.pipe(share, v.ltValue(1)),
  clipNorm: notNegative,
  lookEveryImages: count,
  groupNegatives: v.boolean(),
  augmentation,
});

const schema = v.strictObject({
  version: v.literal(1, 'must be 1'),
  name: v.pipe(v.string(), v.minLength(1, 'must not be empty')),
  purpose: v.string(),
  labels: v.array(v.string()),
  arms: some(v.picklist(armNames)),
  tunings: some(v.strictObject({ tuning: v.picklist(['linearProbe', 'full']), training, augmentation })),
  pretrainings: some(v.union([v.literal('none'), recipe], 'must be "none" or a recipe')),
  pretraining: v.exactOptional(pretraining),
  imageEncoders: some(encoder),
  textEncoder: encoder,
  imageSide: v.pipe(whole, v.minValue(16, 'must be at least 16'), v.maxValue(1024, 'must be at most 1024')),
  distillation: v.strictObject({
    weightDecays: some(notNegative),
    lambdas: some(share),
    temperatures: some(positive),
  }),
  weightDecays: some(notNegative),
  trainingSizes: some(
    v.union(
      [v.pipe(whole, v.minValue(4, 'must be at least 4 patients')), v.literal('all')],
      'must be "all" or a number of patients',
    ),
  ),
  seeds: some(whole),
  statistics: v.strictObject({
    bootstrapSamples: v.pipe(count, v.minValue(100), v.maxValue(100_000)),
    seed: whole,
    confidence: v.pipe(finite, v.gtValue(0.5), v.ltValue(1)),
    margin: notNegative,
  }),
});

/**
 * A study from JSON of unknown origin.
 * @param origin what the message calls it: a file's name.
 * @throws InputError naming each place that does not fit.
 */
export function parseStudyConfig(json: unknown, origin = 'This study'): StudyConfig {
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
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

/** The text of a study's file. */
export function writeStudyFile(config: StudyConfig): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}
