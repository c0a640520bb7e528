/** A study in Node, on the processor and on stores in memory: what runs, what is left out, what survives a stop. */
import '../fakes/browser-storage.ts';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { createStudy } from '../../src/jobs/plan-study.ts';
import { runStudy } from '../../src/jobs/run-study.ts';
import type { StudyEvent } from '../../src/jobs/study-event.ts';
import { forgetCohort } from '../../src/records/cohort-keeper.ts';
import { storedResults } from '../../src/records/open-study.ts';
import { forgetResult } from '../../src/records/result-keeper.ts';
import { checkpointStore, resultStore } from '../../src/records/stores.ts';
import { wipe } from '../../src/storage/inventory.ts';
import { RunControl } from '../../src/study/control.ts';
import type { JobResult, RunResult } from '../../src/study/job.ts';
import type { Device } from '../../src/tensors/backend.ts';
import { processor } from '../fakes/processor.ts';
import { storeTinyCohort, tinyStudy } from '../workers/tiny-study.ts';

const start = (): Promise<Device> => Promise.resolve(processor);

beforeAll(async () => {
  await tf.setBackend('cpu');
});
beforeEach(storeTinyCohort);
afterEach(() => wipe());

interface Ran {
  readonly outcome: Awaited<ReturnType<typeof runStudy>>;
  readonly events: readonly StudyEvent[];
}

async function run(
  studyId: string,
  onEvent: (event: StudyEvent, control: RunControl) => void = () => {},
): Promise<Ran> {
  const control = new RunControl();
  const events: StudyEvent[] = [];
  const outcome = await runStudy(studyId, start, control, (event) => {
    events.push(event);
    onEvent(event, control);
  });
  return { outcome, events };
}

const finishedIn = ({ events }: Ran): string[] =>
  events.flatMap((event) => (event.kind === 'jobFinished' ? event.id : []));

/** What a result says beside its times. */
const timeless = (results: readonly JobResult[]): unknown[] =>
  results.map(({ durationMs: _ms, finishedAt: _at, ...rest }) => rest);

test('every job of the plan gets its result, and a second run finds nothing to do', async () => {
  const { id, plan } = await createStudy('tiny', tinyStudy);
  const ran = await run(id);
  expect(finishedIn(ran).sort()).toEqual(plan.map((job) => job.id).sort());
  const results = await storedResults(id);
  expect(results.map((result) => result.id)).toEqual(plan.map((job) => job.id));
  const runs = results.filter((result): result is RunResult => result.kind === 'run');
  for (const { test: tested, training } of runs) {
    // The split of the cohort: films 30 to 39 are tested, and no tested film is trained on.
    expect(tested.rows).toEqual([30, 31, 32, 33, 34, 35, 36, 37, 38, 39]);
    expect(training.rows.every((row) => row < 20)).toBe(true);
    expect(tested.logits.every(Number.isFinite)).toBe(true);
  }
  expect(await checkpointStore.keys()).toEqual([]);
  expect(finishedIn(await run(id))).toEqual([]);
});

test('a study that was stopped goes on from its checkpoint and ends as if it had not been', async () => {
  const { id } = await createStudy('tiny', tinyStudy);
  await run(id);
  const whole = timeless(await storedResults(id));
  await resultStore.deleteAll('');
  let checkpoints = 0;
  await run(id, (event, control) => {
    if (event.kind === 'checkpoint' && ++checkpoints === 3) control.stop();
  }).catch((error: unknown) => error);
  expect((await storedResults(id)).length).toBeLessThan(whole.length);
  expect(await checkpointStore.keys()).toHaveLength(1);
  const resumed = await run(id);
  expect(resumed.events).toContainEqual(expect.objectContaining({ kind: 'jobStarted', fromStep: 50 }));
  expect(timeless(await storedResults(id))).toEqual(whole);
});

test('what stands on a deleted result is deleted with it and computed again, to the same numbers', async () => {
  const { id, plan } = await createStudy('tiny', tinyStudy);
  await run(id);
  const whole = timeless(await storedResults(id));
  const teacher = plan.find(({ job }) => job.kind === 'run' && job.method === 'teacher')!;
  const students = plan.filter(({ teacherIds }) => teacherIds.includes(teacher.id)).map((job) => job.id);
  await forgetResult(id, teacher.id);
  const again = finishedIn(await run(id));
  expect(again.sort()).toEqual([teacher.id, ...students].sort());
  expect(timeless(await storedResults(id))).toEqual(whole);
});

test('a cohort cannot be deleted under a running study', async () => {
  const { id } = await createStudy('tiny', tinyStudy);
  let refused: Promise<unknown> | undefined;
  await run(id, (event) => {
    if (event.kind === 'jobStarted') refused ??= forgetCohort('tiny').catch((error: unknown) => error);
  });
  expect(await refused).toBeInstanceOf(InputError);
  expect(await storedResults(id)).not.toHaveLength(0);
});

test('a lost device ends the study and keeps what was finished', async () => {
  const { id, plan } = await createStudy('tiny', tinyStudy);
  let lose = (_reason: string): void => {};
  const lost = new Promise<string>((resolve) => (lose = resolve));
  const control = new RunControl();
  let finished = 0;
  const running = runStudy(
    id,
    () => Promise.resolve({ ...processor, lost }),
    control,
    (event) => {
      if (event.kind !== 'jobFinished' || ++finished < 2) return;
      lose('the card fell out');
      control.pause();
    },
  );
  await expect(running).rejects.toThrow('the card fell out');
  control.stop();
  const kept = await storedResults(id);
  expect(kept.length).toBeGreaterThanOrEqual(2);
  expect(kept.length).toBeLessThan(plan.length);
});

test('a study that is gone is told before any device is started', async () => {
  const asked = runStudy(
    'nothing',
    () => Promise.reject(new Error('started')),
    new RunControl(),
    () => {},
  );
  await expect(asked).rejects.toThrow('is not on this machine');
});
