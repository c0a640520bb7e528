/** What stands on a job, on a plan by hand and on the plan of a study. */
import { describe, expect, it } from 'vitest';
import { dependentsOf } from '../../src/study/dependents.ts';
import { needsOf, type PlannedJob } from '../../src/study/job.ts';
import { noNotes, runNote, withRunNote, withStudyNote } from '../../src/study/notes.ts';
import { planStudy } from '../../src/study/plan.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { smallCohort } from './cohort-fixture.ts';

const job = (id: string, needs: Partial<PlannedJob> = {}): PlannedJob =>
  ({ id, arms: [], featuresId: null, teacherIds: [], ...needs }) as unknown as PlannedJob;

describe('the dependents of a job', () => {
  const plan = [
    job('pretraining'),
    job('features', { pretrainingId: 'pretraining' }),
    job('teacher', { featuresId: 'features' }),
    job('other teacher'),
    job('student', { teacherIds: ['teacher', 'other teacher'] }),
    job('alone'),
  ];

  it.each([
    ['pretraining', ['features', 'teacher', 'student']],
    ['teacher', ['student']],
    ['other teacher', ['student']],
    ['student', []],
    ['alone', []],
    ['nothing', []],
  ])('%s', (id, expected) => expect(dependentsOf(plan, id)).toEqual(expected));
});

describe('in the plan of a study', () => {
  it('what is left after a deletion needs nothing that is gone, and no more goes than has to', async () => {
    const config = { ...presets['demo']!, labels: ['a'], arms: ['student'] as const, seeds: [1, 2] };
    const plan = await planStudy(config, smallCohort());
    const needs = new Map(plan.map((planned) => [planned.id, needsOf(planned)]));
    // The naive definition: a job stands on another when some way through its needs leads there.
    const standsOn = (id: string, other: string): boolean =>
      needs.get(id)!.some((need) => need === other || standsOn(need, other));
    for (const { id } of plan.filter((_, place) => place % 7 === 0))
      expect(dependentsOf(plan, id)).toEqual(plan.filter((one) => standsOn(one.id, id)).map((one) => one.id));
    expect(dependentsOf(plan, plan[0]!.id).length).toBeGreaterThan(0);
  });
});

describe('notes', () => {
  it('are kept by run; a run without note and pin is not', () => {
    const pinned = withRunNote(noNotes, 'a', { pinned: true });
    const both = withRunNote(pinned, 'a', { note: 'odd' });
    expect(runNote(both, 'a')).toEqual({ pinned: true, note: 'odd' });
    expect(runNote(both, 'constructor')).toEqual({ pinned: false, note: '' });
    expect(withRunNote(withRunNote(both, 'a', { note: '' }), 'a', { pinned: false })).toEqual(noNotes);
    expect(withStudyNote(both, 'x'.repeat(5000)).study).toHaveLength(4000);
  });
});
