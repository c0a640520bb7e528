/** Studies of version 1: their files are read, and their ids stay. The older shapes are written out by hand. */
import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256 } from '../../src/identity/fingerprint.ts';
import type { StudyConfig } from '../../src/study/config.ts';
import { currentConfig, firstConfig, renameMembers } from '../../src/study/earlier-versions.ts';
import { planStudy } from '../../src/study/plan.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { defaultPretraining } from '../../src/training/pre-training-fields.ts';
import { readStudyFile } from '../../src/study/schema.ts';
import { smallCohort } from './cohort-fixture.ts';

const demo = presets['demo']!;
const simclr = {
  name: 'mine',
  objectives: [{ name: 'simclr', weight: 1, settings: {} }],
  permutedReports: false,
};
const { validateEveryImages, ...settings } = defaultPretraining;
const before = { ...settings, lookEveryImages: validateEveryImages };
const config: StudyConfig = {
  ...{ ...demo, labels: ['a'], seeds: [1], trainingSizes: [10] },
  pretrainings: [simclr],
  pretraining: defaultPretraining,
};
const configBefore = { ...config, version: 1, pretraining: before };

describe('version 1', () => {
  it('is read as the same study', () => {
    expect(readStudyFile(JSON.stringify(configBefore), 'a.json')).toEqual(config);
    expect(readStudyFile(JSON.stringify({ ...demo, version: 1 }), 'a.json')).toEqual(demo);
  });

  it('does not know the names of version 2, nor version 2 those of version 1', () => {
    const mixed = { ...configBefore, version: 2 };
    expect(() => readStudyFile(JSON.stringify(mixed), 'a.json')).toThrow('pretraining.lookEveryImages');
  });

  it('is what ids are made of', () => {
    expect(firstConfig(config)).toEqual(configBefore);
    expect(currentConfig(firstConfig(config))).toEqual(config);
    expect(firstConfig(demo)).toEqual({ ...demo, version: 1 });
  });

  it('gave a pre-training the id that it has now', async () => {
    const cohort = smallCohort();
    const planned = (await planStudy(config, cohort)).find(({ job }) => job.kind === 'pretraining')!;
    const { objectives, permutedReports } = simclr;
    const plain = ({ name, settings: own }: StudyConfig['textEncoder']) => ({ name, settings: own });
    const identity = {
      resultsVersion: 2,
      cohort: cohort.fingerprint,
      job: {
        kind: 'pretraining',
        recipe: { objectives, permutedReports },
        settings: before,
        imageEncoder: plain(config.imageEncoders[0]!),
        textEncoder: plain(config.textEncoder),
        imageSide: config.imageSide,
        seed: 1,
      },
      featuresId: null,
      teacherIds: [],
    };
    expect(planned.id).toBe((await sha256(canonicalJson(identity))).slice(0, 20));
  });
});

it('what is no configuration of version 1 comes back as it is', () => {
  for (const json of [null, 'text', [1], { version: 3 }, config]) expect(currentConfig(json)).toBe(json);
});

it('a record without an old name comes back as it is', () => {
  const record = { a: 1 };
  expect(renameMembers(record, { b: 'c' })).toBe(record);
  expect(renameMembers(record, { a: 'c' })).toEqual({ c: 1 });
});
