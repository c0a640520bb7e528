/** The fields of fine-tuning against the settings that presets carry. */
import { expect, test } from 'vitest';
import { fieldProblem } from '../../src/models/field.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { augmentationFields } from '../../src/training/augmentation-fields.ts';
import { loopFields } from '../../src/training/loop-fields.ts';

const tunings = Object.values(presets).flatMap((preset) => preset.tunings);

test('every number of a preset has its field and fits it, and no field is without a number', () => {
  expect(tunings.length).toBeGreaterThan(5);
  for (const { training, augmentation } of tunings) {
    expect(loopFields.map(({ name }) => name).sort()).toEqual(Object.keys(training).sort());
    expect(augmentationFields.map(({ name }) => name).sort()).toEqual(Object.keys(augmentation).sort());
    for (const field of loopFields) expect(fieldProblem(field, training[field.name])).toBeNull();
    for (const field of augmentationFields) expect(fieldProblem(field, augmentation[field.name])).toBeNull();
  }
});

test('forms and files take the ends of a range and nothing beyond', () => {
  for (const field of [...loopFields, ...augmentationFields]) {
    for (const end of [field.low, field.high]) expect(fieldProblem(field, end)).toBeNull();
    for (const beyond of [field.low - 1, field.high + 1]) expect(fieldProblem(field, beyond)).not.toBeNull();
  }
});
