/**
 * The form of a study file, checked at the border: what a person imports either fits or is refused with the place that does not.
 */
import * as v from 'valibot';
import { InputError } from '../errors.ts';
import { armNames, type StudyConfig } from './config.ts';

const finite = v.pipe(v.number(), v.finite());
const positive = v.pipe(finite, v.gtValue(0));
const notNegative = v.pipe(finite, v.minValue(0));
const share = v.pipe(finite, v.minValue(0), v.maxValue(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const countOrNone = v.pipe(v.number(), v.integer(), v.minValue(0));

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

const schema = v.strictObject({
  version: v.literal(1),
  name: v.pipe(v.string(), v.minLength(1)),
  purpose: v.string(),
  labels: v.array(v.string()),
  arms: v.array(v.picklist(armNames)),
  tunings: v.pipe(
    v.array(v.strictObject({ tuning: v.picklist(['linearProbe', 'full']), training, augmentation })),
    v.minLength(1),
  ),
  pretrainings: v.pipe(v.array(v.picklist(['none'])), v.minLength(1)),
  imageEncoders: v.pipe(v.array(encoder), v.minLength(1)),
  textEncoder: encoder,
  imageSide: v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(1024)),
  distillation: v.strictObject({
    weightDecays: v.pipe(v.array(notNegative), v.minLength(1)),
    lambdas: v.pipe(v.array(share), v.minLength(1)),
    temperatures: v.pipe(v.array(positive), v.minLength(1)),
  }),
  weightDecays: v.pipe(v.array(notNegative), v.minLength(1)),
  trainingSizes: v.pipe(v.array(v.union([v.pipe(count, v.minValue(4)), v.literal('all')])), v.minLength(1)),
  seeds: v.pipe(v.array(v.pipe(v.number(), v.integer())), v.minLength(1)),
  statistics: v.strictObject({
    bootstrapSamples: v.pipe(count, v.minValue(100), v.maxValue(100_000)),
    seed: v.pipe(v.number(), v.integer()),
    confidence: v.pipe(finite, v.gtValue(0.5), v.ltValue(1)),
    margin: notNegative,
  }),
});

/** A study from JSON of unknown origin. @throws InputError naming each place that does not fit. */
export function parseStudyConfig(json: unknown): StudyConfig {
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  const places = result.issues
    .slice(0, 5)
    .map((issue) => `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
  const more = result.issues.length > 5 ? ` … and ${result.issues.length - 5} more.` : '';
  throw new InputError(`This is not a study that can be run. ${places.join('; ')}.${more}`);
}

/** A study from the text of a file. @throws InputError when it is not JSON or not a study. */
export function readStudyFile(text: string): StudyConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError(
      `The study file is not JSON: ${(error as Error).message}. Export a study from the Study page to see the form.`,
    );
  }
  return parseStudyConfig(json);
}
