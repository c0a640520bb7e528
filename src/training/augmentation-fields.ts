/**
 * The augmentation of films as fields, with the defaults of views in pre-training.
 */
import type { Field, Named } from '../models/field.ts';
import type { AugmentationSettings } from '../transforms/augment.ts';

/** Each name is a key of the settings. Left and right are not swapped unless asked: the heart is on the left. */
export const augmentationFields: readonly Named<Field, keyof AugmentationSettings>[] = [
  {
    name: 'minCropArea',
    label: 'Smallest crop',
    unit: 'share of the area',
    low: 0.01,
    high: 1,
    step: 0.05,
    value: 0.5,
    why: 'Wide enough to keep a finding; 1 = no cropping.',
  },
  {
    name: 'rotationDegrees',
    label: 'Rotation at most',
    unit: 'degrees',
    low: 0,
    high: 180,
    step: 0.5,
    value: 10,
    why: 'Either way.',
  },
  {
    name: 'intensityJitter',
    label: 'Brightness and contrast',
    unit: 'share of the range',
    low: 0,
    high: 1,
    step: 0.05,
    value: 0.3,
    why: 'As scanners and exposures differ.',
  },
  {
    name: 'flipProbability',
    label: 'Left-right flips',
    unit: 'probability',
    low: 0,
    high: 1,
    step: 0.05,
    value: 0,
    why: '0: the heart is on the left.',
  },
];
