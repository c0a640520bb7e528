/**
 * People's own models in a study: their weights are part of every id, their name is not, and TensorFlow.js models are never trained.
 */
import { describe, expect, it } from 'vitest';
import type { StudyConfig } from '../../src/study/config.ts';
import type { JobResult, PlannedJob } from '../../src/study/job.ts';
import { planStudy } from '../../src/study/plan.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { studyProblems } from '../../src/study/problems.ts';
import { readStudyFile } from '../../src/study/schema.ts';
import { selectRuns } from '../../src/study/selection.ts';
import type { EncoderChoice } from '../../src/training/fine-tuning.ts';
import { smallCohort } from './cohort-fixture.ts';

const model = (id: string, label: string): EncoderChoice => ({
  name: `imported:${id}`,
  settings: {},
  label,
});

const studyOf = (...imageEncoders: EncoderChoice[]): StudyConfig => ({
  ...presets['demo']!,
  labels: ['a'],
  arms: ['student'],
  trainingSizes: ['all'],
  seeds: [1, 2, 3],
  imageEncoders,
});

const idsOf = (plan: readonly PlannedJob[]): string[] => plan.map(({ id }) => id);

describe('the plan', () => {
  it('computes the features of a model once for all seeds, those of an encoder with random weights for each', async () => {
    const kinds = async (choice: EncoderChoice): Promise<number> =>
      (await planStudy(studyOf(choice), smallCohort())).filter(({ job }) => job.kind === 'features').length;
    expect(await kinds(model('x', 'net'))).toBe(1);
    expect(await kinds({ name: 'resnet', settings: {} })).toBe(3);
  });

  it('gives every job another id with other weights, and the same with another name', async () => {
    const cohort = smallCohort();
    const ids = idsOf(await planStudy(studyOf(model('x', 'net')), cohort));
    expect(idsOf(await planStudy(studyOf(model('x', 'renamed')), cohort))).toEqual(ids);
    const others = idsOf(await planStudy(studyOf(model('y', 'net')), cohort));
    expect(others).toHaveLength(ids.length);
    expect(others.some((id) => ids.includes(id))).toBe(false);
  });
});

describe('the problems', () => {
  const full = { ...presets['demo']!.tunings[0]!, tuning: 'full' } as const;
  const cohort = { ...smallCohort(), side: 128 };
  it('say that a model cannot be fine-tuned whole, by its name', () => {
    const config = { ...studyOf(model('x', 'my net')), tunings: [full] };
    expect(studyProblems(config, cohort, cohort.rows)).toEqual([
      expect.stringMatching(/"my net" is used frozen.*linear probe/),
    ]);
  });
  it('are none for imported weights, which can be trained', () => {
    const config = { ...studyOf(model('safetensors-x', 'my net')), tunings: [full] };
    expect(studyProblems(config, cohort, cohort.rows)).toEqual([]);
  });
  it('say that films need a model of films and reports one of reports', () => {
    const problemsWith = (image: EncoderChoice, text: EncoderChoice): string[] =>
      studyProblems({ ...studyOf(image), textEncoder: text }, cohort, cohort.rows);
    const [films, reports] = [model('x', 'my net'), model('text-y', 'my bert')] as const;
    expect(problemsWith(films, reports)).toEqual([]);
    expect(problemsWith(reports, films)).toEqual([
      expect.stringMatching(/"my bert" reads reports, not films/),
      expect.stringMatching(/"my net" reads films, not reports/),
    ]);
  });
  it('are none for a linear probe, or for other encoders', () => {
    expect(studyProblems(studyOf(model('x', 'my net')), cohort, cohort.rows)).toEqual([]);
    const config = { ...studyOf({ name: 'resnet', settings: {} }), tunings: [full] };
    expect(studyProblems(config, cohort, cohort.rows)).toEqual([]);
  });
});

describe('the conditions', () => {
  async function namesOf(...encoders: EncoderChoice[]): Promise<string[]> {
    const plan = await planStudy({ ...studyOf(...encoders), arms: ['imageOnly'] }, smallCohort());
    const results = plan.map(({ id, job }) => ({ id, kind: job.kind, job, validationScore: 0.5 }));
    const selected = selectRuns(plan, results as unknown as JobResult[]);
    return selected.map(({ condition }) => condition.imageEncoder);
  }
  it('call a model what the person calls it', async () => {
    expect(await namesOf(model('x', 'my net'), { name: 'vit', settings: {} })).toEqual(['my net', 'vit']);
  });
  it('tell two models of one name apart', async () => {
    expect(await namesOf(model('x', 'net'), model('y', 'net'))).toEqual([
      'net (imported:x)',
      'net (imported:y)',
    ]);
  });
});

it('a study file keeps the name', () => {
  const config = studyOf(model('x', 'my net'));
  expect(readStudyFile(JSON.stringify(config), 'study.json').imageEncoders).toEqual(config.imageEncoders);
});
