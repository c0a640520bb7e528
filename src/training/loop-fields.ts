/**
 * The numbers of the training loop as fields: those that fine-tuning and pre-training share, and those of fine-tuning alone.
 */
import type { Named, RangedField } from '../models/field.ts';
import type { TrainingSettings } from './task.ts';

/** Films a step. */
export const batchSizeField = {
  name: 'batchSize',
  label: 'Batch size',
  unit: 'films',
  low: 1,
  high: 8192,
  step: 1,
  why: 'Films of one step.',
} as const satisfies RangedField;

/** The learning rate at its height. */
export const learningRateField = {
  name: 'learningRate',
  label: 'Learning rate',
  unit: '',
  low: 1e-8,
  high: 10,
  step: 0.0001,
  why: 'Of AdamW, at its height after the warm-up; it falls to 0 by a cosine.',
} as const satisfies RangedField;

/** The largest norm of the gradient. */
export const clipNormField = {
  name: 'clipNorm',
  label: 'Gradient norm at most',
  unit: '0 = no limit',
  low: 0,
  high: 1000,
  step: 0.1,
  why: 'Keeps a single unusual batch from changing the weights too much.',
} as const satisfies RangedField;

/** The loop of fine-tuning; each name is a key of its settings. Weight decay is a candidate of the search and not among them. */
export const loopFields: readonly Named<RangedField, Exclude<keyof TrainingSettings, 'weightDecay'>>[] = [
  learningRateField,
  batchSizeField,
  {
    name: 'maxSteps',
    label: 'Steps at most',
    unit: '',
    low: 1,
    high: 10_000_000,
    step: 1,
    why: 'A run that early stopping does not end ends here.',
  },
  {
    name: 'warmupSteps',
    label: 'Warm-up',
    unit: 'steps',
    low: 0,
    high: 10_000_000,
    step: 1,
    why: 'While the learning rate rises from 0.',
  },
  {
    name: 'validateEverySteps',
    label: 'Between two validations',
    unit: 'steps',
    low: 1,
    high: 10_000_000,
    step: 1,
    why: 'The weights with the best AUROC of the validation patients are kept.',
  },
  {
    name: 'patience',
    label: 'Patience',
    unit: 'validations, 0 = never stop early',
    low: 0,
    high: 1_000_000,
    step: 1,
    why: 'Validations without a better AUROC after which a run ends.',
  },
  clipNormField,
];
