/** The fields of pre-training against the settings that presets and studies carry. */
import { expect, test } from 'vitest';
import { fieldProblem } from '../../src/models/field.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { augmentationFields } from '../../src/training/augmentation-fields.ts';
import { defaultPretraining, pretrainingFields } from '../../src/training/pre-training-fields.ts';

const carried = Object.values(presets).flatMap(({ pretraining }) => (pretraining ? [pretraining] : []));

test('presets with a pre-training are there to compare with', () => {
  expect(carried.length).toBeGreaterThan(1);
});

test('every number of a preset has its field and fits it, and no field is without a number', () => {
  for (const { augmentation, groupNegatives: _, ...loop } of [...carried, defaultPretraining]) {
    expect(pretrainingFields.map(({ name }) => name).sort()).toEqual(Object.keys(loop).sort());
    for (const field of pretrainingFields) expect(fieldProblem(field, loop[field.name])).toBeNull();
    for (const field of augmentationFields) expect(fieldProblem(field, augmentation[field.name])).toBeNull();
  }
});
