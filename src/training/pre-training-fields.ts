/**
 * The settings that all pre-trainings of a study share, as fields with the defaults for small films and small cohorts.
 */
import { defaultsOf, type Field, type Named } from '../models/field.ts';
import { augmentationFields } from './augmentation-fields.ts';
import { batchSizeField, clipNormField, learningRateField } from './loop-fields.ts';
import type { PretrainingSettings } from './pre-training.ts';

/** The numbers of the loop; each name is a key of the settings. */
export const pretrainingFields: readonly Named<
  Field,
  Exclude<keyof PretrainingSettings, 'groupNegatives' | 'augmentation'>
>[] = [
  {
    name: 'imagesSeen',
    label: 'Films seen',
    unit: 'counted each time',
    low: 2,
    high: 100_000_000,
    step: 1,
    value: 20_000,
    why: 'The same number for every recipe; its weights after the last film are used.',
  },
  {
    ...batchSizeField,
    low: 2,
    value: 64,
    why: 'Films of a batch are each other’s negatives: contrastive recipes like large ones.',
  },
  { ...learningRateField, value: 0.001 },
  {
    name: 'weightDecay',
    label: 'Weight decay',
    unit: '',
    low: 0,
    high: 10,
    step: 0.01,
    value: 0.05,
    why: 'Pulls weights towards 0.',
  },
  {
    name: 'warmupShare',
    label: 'Warm-up',
    unit: 'share of the steps',
    low: 0,
    high: 0.99,
    step: 0.01,
    value: 0.1,
    why: 'While the learning rate rises from 0.',
  },
  { ...clipNormField, value: 1 },
  {
    name: 'validateEveryImages',
    label: 'Between two validations',
    unit: 'films',
    low: 1,
    high: 100_000_000,
    step: 1,
    value: 4_000,
    why: 'A validation measures the signals of the Runs page; nothing is chosen by them.',
  },
];

/** The settings that a recipe begins with. */
export const defaultPretraining: PretrainingSettings = {
  ...defaultsOf(pretrainingFields),
  groupNegatives: true,
  augmentation: defaultsOf(augmentationFields),
};
