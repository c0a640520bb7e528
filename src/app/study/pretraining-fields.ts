/**
 * The settings that all pre-trainings of a study share, as fields of a form.
 */
import type { CatalogueField } from '../../jobs/catalogue-entry.ts';
import { defaultPretraining } from '../../study/recipes.ts';
import type { PretrainingSettings } from '../../training/pre-training.ts';

const { augmentation } = defaultPretraining;

/** Fields of the training loop; each name is a key of the settings. */
export const loopFields: readonly CatalogueField[] = [
  {
    name: 'imagesSeen',
    label: 'Films seen',
    unit: 'counted each time',
    low: 2,
    high: 100_000_000,
    step: 1,
    value: defaultPretraining.imagesSeen,
    why: 'The same number for every recipe; its weights after the last film are used.',
  },
  {
    name: 'batchSize',
    label: 'Batch size',
    unit: 'films',
    low: 2,
    high: 8192,
    step: 1,
    value: defaultPretraining.batchSize,
    why: 'Films of a batch are each other’s negatives: contrastive recipes like large ones.',
  },
  {
    name: 'learningRate',
    label: 'Learning rate',
    unit: '',
    low: 1e-8,
    high: 10,
    step: 0.0001,
    value: defaultPretraining.learningRate,
    why: 'At its height, after the warm-up; it falls to 0 by a cosine.',
  },
  {
    name: 'weightDecay',
    label: 'Weight decay',
    unit: '',
    low: 0,
    high: 10,
    step: 0.01,
    value: defaultPretraining.weightDecay,
    why: 'Pulls weights towards 0.',
  },
  {
    name: 'warmupShare',
    label: 'Warm-up',
    unit: 'share of the steps',
    low: 0,
    high: 0.99,
    step: 0.01,
    value: defaultPretraining.warmupShare,
    why: 'While the learning rate rises from 0.',
  },
  {
    name: 'clipNorm',
    label: 'Gradient norm at most',
    unit: '0 = no limit',
    low: 0,
    high: 1000,
    step: 0.1,
    value: defaultPretraining.clipNorm,
    why: 'Keeps a single unusual batch from changing the weights too much.',
  },
  {
    name: 'validateEveryImages',
    label: 'Between two validations',
    unit: 'films',
    low: 1,
    high: 100_000_000,
    step: 1,
    value: defaultPretraining.validateEveryImages,
    why: 'A validation measures the signals of the Runs page; nothing is chosen by them.',
  },
];

/** Fields of the augmentation of views; each name is a key of it. */
export const viewFields: readonly CatalogueField[] = [
  {
    name: 'minCropArea',
    label: 'Smallest crop',
    unit: 'share of the area',
    low: 0.01,
    high: 1,
    step: 0.05,
    value: augmentation.minCropArea,
    why: 'Wide enough to keep a finding; 1 = no cropping.',
  },
  {
    name: 'rotationDegrees',
    label: 'Rotation at most',
    unit: 'degrees',
    low: 0,
    high: 180,
    step: 1,
    value: augmentation.rotationDegrees,
    why: 'Either way.',
  },
  {
    name: 'intensityJitter',
    label: 'Brightness and contrast',
    unit: 'share of the range',
    low: 0,
    high: 1,
    step: 0.05,
    value: augmentation.intensityJitter,
    why: 'As scanners and exposures differ.',
  },
  {
    name: 'flipProbability',
    label: 'Left-right flips',
    unit: 'probability',
    low: 0,
    high: 1,
    step: 0.05,
    value: augmentation.flipProbability,
    why: '0: the heart is on the left.',
  },
];

/** The numbers of the loop by field name. */
export function loopNumbers(settings: PretrainingSettings): Readonly<Record<string, number>> {
  const { augmentation: _views, groupNegatives: _negatives, ...numbers } = settings;
  return numbers;
}

/** The numbers of the augmentation by field name. */
export function viewNumbers(settings: PretrainingSettings): Readonly<Record<string, number>> {
  return { ...settings.augmentation };
}

/** The settings with one number of the loop changed. @param name of a loop field. */
export function withLoopNumber(
  settings: PretrainingSettings,
  name: string,
  value: number,
): PretrainingSettings {
  return { ...settings, [name]: value };
}

/** The settings with one number of the augmentation changed. @param name of a view field. */
export function withViewNumber(
  settings: PretrainingSettings,
  name: string,
  value: number,
): PretrainingSettings {
  return { ...settings, augmentation: { ...settings.augmentation, [name]: value } };
}
