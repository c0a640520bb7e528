/** Studies from files: what is written can be read, and what is wrong is named with its place. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { defaultPretraining } from '../../src/training/pre-training-fields.ts';
import { readStudyFile, writeStudyFile } from '../../src/study/schema.ts';

const demo = presets['demo']!;

const tuned = (training: object): object => ({
  ...demo.tunings[0]!,
  training: { ...demo.tunings[0]!.training, ...training },
});
const turned = { ...defaultPretraining.augmentation, rotationDegrees: 181 };

describe('study files', () => {
  it.each(Object.entries(presets))('reads the preset %s as it was written', (_name, config) => {
    expect(readStudyFile(writeStudyFile(config), 'a.json')).toEqual(config);
  });

  it('may name their schema, which is no part of the study', () => {
    const text = writeStudyFile(demo);
    expect(JSON.parse(text)).toMatchObject({ $schema: 'study.schema.json' });
    expect(readStudyFile(text, 'a.json')).not.toHaveProperty('$schema');
    expect(() => readStudyFile(JSON.stringify({ ...demo, $schema: 1 }), 'a.json')).toThrow('$schema');
  });

  it('refuses text that is not JSON, with a hint', () => {
    expect(() => readStudyFile('labels: a', 'mine.json')).toThrow(InputError);
    expect(() => readStudyFile('labels: a', 'mine.json')).toThrow(/^mine\.json is not JSON\. Choose/);
  });

  it.each([
    ['another version', { version: 3 }, 'version must be 2'],
    ['no name', { name: '' }, 'name must not be empty'],
    ['λ beyond 1', { distillation: { ...demo.distillation, lambdas: [1.5] } }, 'distillation.lambdas.0'],
    ['τ of 0', { distillation: { ...demo.distillation, temperatures: [0] } }, 'distillation.temperatures.0'],
    ['an unknown arm', { arms: ['oracle'] }, 'arms.0'],
    ['no arm', { arms: [] }, 'arms must not be empty'],
    ['no seed', { seeds: [] }, 'seeds must not be empty'],
    ['half a seed', { seeds: [0.5] }, 'seeds.0 must be a whole number'],
    ['no label at most', { labelLimit: 0 }, 'labelLimit must be at least 1'],
    ['an unknown search', { search: 'bayesian' }, 'search'],
    ['an unknown member', { epochs: 3 }, 'epochs'],
    ['no step', { tunings: [tuned({ maxSteps: 0 })] }, 'tunings.0.training.maxSteps must be at least 1'],
    ['half a film', { tunings: [tuned({ batchSize: 1.5 })] }, 'training.batchSize must be a whole number'],
    ['a rate of 0', { tunings: [tuned({ learningRate: 0 })] }, 'training.learningRate must be at least 1e-8'],
    [
      'a turn past half a circle',
      { pretraining: { ...defaultPretraining, augmentation: turned } },
      'pretraining.augmentation.rotationDegrees must be at most 180',
    ],
    ['a size of 0', { trainingSizes: [0] }, 'trainingSizes.0 must be at least 4 patients'],
  ])('refuses %s and names file and place', (_what, change, place) => {
    const text = JSON.stringify({ ...demo, ...change });
    expect(() => readStudyFile(text, 'mine.json')).toThrow(InputError);
    expect(() => readStudyFile(text, 'mine.json')).toThrow(place);
    expect(() => readStudyFile(text, 'mine.json')).toThrow(/^mine\.json .*Correct it/);
  });

  it('names every place that does not fit', () => {
    const text = JSON.stringify({ ...demo, arms: [], seeds: [] });
    expect(() => readStudyFile(text, 'mine.json')).toThrow(/arms must.*seeds must/);
  });
});
