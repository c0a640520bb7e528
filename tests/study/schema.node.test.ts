import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { parseStudyConfig, readStudyFile } from '../../src/study/schema.ts';

const demo = presets['demo']!;

describe('readStudyFile', () => {
  it('reads back what was exported', () => {
    expect(readStudyFile(JSON.stringify(demo))).toEqual(demo);
  });

  it('refuses text that is not JSON, with a hint', () => {
    expect(() => readStudyFile('labels: a')).toThrow(InputError);
    expect(() => readStudyFile('labels: a')).toThrow('not JSON');
  });

  it.each([
    ['λ beyond 1', { distillation: { ...demo.distillation, lambdas: [1.5] } }, 'distillation.lambdas.0'],
    ['τ of 0', { distillation: { ...demo.distillation, temperatures: [0] } }, 'distillation.temperatures.0'],
    ['an unknown arm', { arms: ['oracle'] }, 'arms.0'],
    ['no seed', { seeds: [] }, 'seeds'],
    ['an unknown member', { epochs: 3 }, 'epochs'],
    ['a size of 0', { trainingSizes: [0] }, 'trainingSizes.0'],
  ])('refuses %s and names the place', (_what, change, place) => {
    expect(() => parseStudyConfig({ ...demo, ...change })).toThrow(place);
  });
});
