/** Studies from files: what is written can be read, and what is wrong is named with its place. */
import { describe, expect, it } from 'vitest';
import { readStudyFile, writeStudyFile } from '../../src/app/study-file.ts';
import { InputError } from '../../src/errors.ts';
import { presets } from '../../src/study/presets/registry.ts';

const preset = Object.values(presets)[0]!;

describe('study files', () => {
  it.each(Object.entries(presets))('reads the preset %s as it was written', (_name, config) => {
    expect(readStudyFile(writeStudyFile(config), 'a.json')).toEqual(config);
  });

  it.each([
    ['no JSON', '{', /not JSON/],
    ['another version', JSON.stringify({ ...preset, version: 2 }), /version/],
    ['an unknown arm', JSON.stringify({ ...preset, arms: ['magic'] }), /arms\.0/],
    [
      'a λ above 1',
      JSON.stringify({ ...preset, distillation: { ...preset.distillation, lambdas: [1.5] } }),
      /distillation\.lambdas\.0/,
    ],
    [
      'a τ of 0',
      JSON.stringify({ ...preset, distillation: { ...preset.distillation, temperatures: [0] } }),
      /distillation\.temperatures\.0/,
    ],
    ['a word too many', JSON.stringify({ ...preset, lamdba: 1 }), /lamdba/],
    ['no seeds', JSON.stringify({ ...preset, seeds: [] }), /seeds/],
  ])('refuses %s and says where', (_what, text, place) => {
    expect(() => readStudyFile(text, 'mine.json')).toThrow(InputError);
    expect(() => readStudyFile(text, 'mine.json')).toThrow(place);
    expect(() => readStudyFile(text, 'mine.json')).toThrow(/mine\.json/);
  });
});
