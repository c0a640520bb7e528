/** Runs are chosen on validation patients alone, and only where all of a condition is finished. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/random/random.ts';
import type { JobResult, PlannedJob, RunJob, RunResult } from '../../src/study/job.ts';
import { selectRuns } from '../../src/study/selection.ts';
import { simulateStudy } from './simulated-study.ts';

const chosenIds = (plan: readonly PlannedJob[], results: readonly JobResult[]) =>
  selectRuns(plan, results).map(({ condition, chosen }) => [condition.arm, chosen.map(({ id }) => id)]);

const runs = (results: readonly JobResult[]) => results as readonly RunResult[];

describe('selectRuns', () => {
  const study = simulateStudy({ strengths: { imageOnly: 1, student: 1.2 }, candidates: 3 });

  it('takes the best validation score of each seed', () => {
    const results = runs(study.results).map((run) =>
      run.id.endsWith('-2') ? { ...run, validationScore: 0.99 } : run,
    );
    expect(chosenIds(study.plan, results)).toEqual([
      ['imageOnly', ['imageOnly-100-1-2', 'imageOnly-100-2-2', 'imageOnly-100-3-2']],
      ['student', ['student-100-1-2', 'student-100-2-2', 'student-100-3-2']],
    ]);
  });

  it('takes the first in plan order of equals, whatever the order of results', () => {
    const results = runs(study.results).map((run) => ({ ...run, validationScore: 0.7 }));
    const chosen = chosenIds(study.plan, [...results].reverse());
    expect(chosen[0]).toEqual(['imageOnly', ['imageOnly-100-1-0', 'imageOnly-100-2-0', 'imageOnly-100-3-0']]);
  });

  it('does not look at test predictions: scrambling them changes nothing', () => {
    const random = new Random('scramble');
    const scrambled = runs(study.results).map((run) => ({
      ...run,
      test: { rows: run.test.rows, logits: random.shuffled(run.test.logits) },
    }));
    expect(chosenIds(study.plan, scrambled)).toEqual(chosenIds(study.plan, study.results));
  });

  it('leaves out a condition that lacks one candidate of one seed', () => {
    const results = study.results.filter(({ id }) => id !== 'student-100-3-2');
    expect(chosenIds(study.plan, results).map(([arm]) => arm)).toEqual(['imageOnly']);
    expect(selectRuns(study.plan, [])).toEqual([]);
  });

  it('says how many candidates were tried', () => {
    expect(selectRuns(study.plan, study.results).map(({ candidates }) => candidates)).toEqual([3, 3]);
  });

  it('does not take an arm’s teacher for the arm', () => {
    const plan = study.plan.map((planned) =>
      planned.arms[0] === 'imageOnly'
        ? { ...planned, arms: ['imageOnly', 'selfDistilled'] as const }
        : planned,
    );
    expect(chosenIds(plan, study.results).map(([arm]) => arm)).toEqual(['imageOnly', 'student']);
  });

  it('keeps one encoder in two settings apart', () => {
    const wide = (job: RunJob): RunJob => ({
      ...job,
      imageEncoder: { name: 'resnet', settings: { width: 16 } },
    });
    const again = study.plan.map((p) => ({ ...p, id: `wide-${p.id}`, job: wide(p.job as RunJob) }));
    const results = runs(study.results).map((run) => ({ ...run, id: `wide-${run.id}`, job: wide(run.job) }));
    const selected = selectRuns([...study.plan, ...again], [...study.results, ...results]);
    expect(selected.map(({ condition }) => condition.imageEncoder)).toEqual([
      'resnet (width 8)',
      'resnet (width 8)',
      'resnet (width 16)',
      'resnet (width 16)',
    ]);
  });
});
