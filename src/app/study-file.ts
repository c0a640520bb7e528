/**
 * A study's configuration as a file: JSON in, JSON out. What comes in is checked whole, once, here.
 */
import * as v from 'valibot';
import { InputError } from '../errors.ts';
import { armNames, type StudyConfig } from '../study/config.ts';

const finite = v.pipe(v.number(), v.finite());
const positive = v.pipe(finite, v.gtValue(0, 'must be above 0'));
const count = v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(0, 'must not be negative'));
const share = v.pipe(finite, v.minValue(0, 'must be at least 0'), v.maxValue(1, 'must be at most 1'));
const some = <T>(item: v.GenericSchema<T>) => v.pipe(v.array(item), v.minLength(1, 'must not be empty'));

const encoder = v.strictObject({
  name: v.string(),
  settings: v.record(v.string(), finite),
  label: v.exactOptional(v.string()),
});

const tuningPlan = v.strictObject({
  tuning: v.picklist(['linearProbe', 'full']),
  training: v.strictObject({
    learningRate: positive,
    batchSize: v.pipe(count, v.minValue(1)),
    maxSteps: v.pipe(count, v.minValue(1)),
    warmupSteps: count,
    validateEverySteps: v.pipe(count, v.minValue(1)),
    patience: count,
    clipNorm: v.pipe(finite, v.minValue(0)),
  }),
  augmentation: v.strictObject({
    minCropArea: share,
    rotationDegrees: v.pipe(finite, v.minValue(0)),
    intensityJitter: share,
    flipProbability: share,
  }),
});

const study = v.strictObject({
  version: v.literal(1, 'must be 1'),
  name: v.string(),
  purpose: v.string(),
  labels: v.array(v.string()),
  arms: some(v.picklist(armNames)),
  tunings: some(tuningPlan),
  pretrainings: some(v.picklist(['none'])),
  imageEncoders: some(encoder),
  textEncoder: encoder,
  imageSide: v.pipe(count, v.minValue(8)),
  distillation: v.strictObject({
    weightDecays: some(v.pipe(finite, v.minValue(0))),
    lambdas: some(share),
    temperatures: some(positive),
  }),
  weightDecays: some(v.pipe(finite, v.minValue(0))),
  trainingSizes: some(v.union([v.literal('all'), v.pipe(count, v.minValue(1))])),
  seeds: some(count),
  statistics: v.strictObject({
    bootstrapSamples: v.pipe(count, v.minValue(1)),
    seed: count,
    confidence: v.pipe(share, v.gtValue(0), v.ltValue(1)),
    margin: v.pipe(finite, v.minValue(0)),
  }),
});

/**
 * The study of a file's text.
 * @throws InputError naming the file, the place inside it and what was expected.
 */
export function readStudyFile(text: string, fileName: string): StudyConfig {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new InputError(`${fileName} is not JSON. Choose a file that "Save configuration" wrote.`);
  }
  const checked = v.safeParse(study, data);
  if (checked.success) return checked.output;
  const issue = checked.issues[0];
  const place = v.getDotPath(issue) ?? 'the whole file';
  throw new InputError(
    `${fileName}, ${place}: ${issue.message}. Correct it, or start from a preset and save its configuration.`,
  );
}

/** The text of a study's file. */
export function writeStudyFile(config: StudyConfig): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}
