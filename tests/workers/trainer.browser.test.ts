/**
 * The real trainer's worker on WebGPU, called as the page calls it: a study is run whole, interrupted in every way, and deleted.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Services } from '../../src/app/services.ts';
import { Settings } from '../../src/app/shared/settings.svelte.ts';
import { Status } from '../../src/app/shared/status.svelte.ts';
import { Studies } from '../../src/app/shared/studies.svelte.ts';
import { WorkerClient } from '../../src/app/worker-client.ts';
import { inventory, wipe } from '../../src/storage/inventory.ts';
import type { JobResult, RunResult } from '../../src/study/job.ts';
import { forgetCohort } from '../../src/records/cohort-keeper.ts';
import type { StudyEvent } from '../../src/jobs/study-event.ts';
import type { StudyRecord } from '../../src/records/study-record.ts';
import type { TrainerApi } from '../../workers/contract.ts';
import { checkpointStore, featureStore, resultStore, studyStore } from '../../src/records/stores.ts';
import { storeTinyCohort, tinyStudy } from './tiny-study.ts';

let worker: Worker | undefined;
const create = (): Worker => {
  worker = new Worker(new URL('./losing-trainer.ts', import.meta.url), { type: 'module' });
  return worker;
};
const client = new WorkerClient<TrainerApi>('trainer', create, (sentence) => console.error(sentence));
const trainer = client.api;

/** Results without what differs from one time to the next. */
function numbersOf(results: readonly JobResult[]): unknown[] {
  return results.map((result) => ({ ...result, durationMs: 0, finishedAt: '' }));
}

const isRun = (result: JobResult): result is RunResult => result.kind === 'run';

/** Tensors that the worker holds at this moment. */
function countTensors(): Promise<number> {
  return new Promise((resolve) => {
    const take = ({ data }: MessageEvent<{ tensors?: number }>): void => {
      if (data.tensors === undefined) return;
      worker!.removeEventListener('message', take);
      resolve(data.tensors);
    };
    worker!.addEventListener('message', take);
    worker!.postMessage('count tensors');
  });
}

/** Runs a study and gives its outcome and events. */
async function run(id: string, onEvent: (event: StudyEvent) => void = () => undefined) {
  const events: StudyEvent[] = [];
  const outcome = await trainer.run(id, (event) => {
    events.push(event);
    onEvent(event);
  });
  const started = events.flatMap((event) => (event.kind === 'jobStarted' ? [event.id] : []));
  return { outcome, events, started };
}

let study: StudyRecord;
/** What the study comes to when nothing disturbs it. */
let undisturbed: unknown[];

beforeAll(async () => {
  await wipe();
  const { id } = await storeTinyCohort();
  study = await trainer.createStudy(id, tinyStudy);
});

afterEach(() => {
  expect(client.pendingCount).toBe(0);
});

it('runs every job once: features, then each arm, with predictions for all films', async () => {
  const { outcome, started, events } = await run(study.id);
  expect(outcome).toEqual({ kind: 'finished', done: 5, planned: 5, failures: [] });
  expect(started).toEqual(study.plan.map(({ id }) => id));
  expect(events.filter(({ kind }) => kind === 'jobFinished')).toHaveLength(5);
  const results = await trainer.results(study.id);
  expect(results.map(({ kind }) => kind)).toEqual(['features', 'run', 'run', 'run', 'run']);
  for (const { training, validation, test, validationAuroc } of results.filter(isRun)) {
    expect([training, validation, test].map(({ rows }) => rows.length)).toEqual([20, 10, 10]);
    const logits = [training, validation, test].flatMap((side) => side.logits);
    expect(logits).toHaveLength(40);
    expect(logits.every(Number.isFinite)).toBe(true);
    expect(new Set(logits).size).toBeGreaterThan(1);
    expect(validationAuroc).toBeGreaterThan(0.5);
  }
  const [student, control] = ['student', 'selfDistilled'].map((arm) =>
    results.filter(isRun).find(({ id }) => study.plan.find((job) => job.id === id)!.arms.join() === arm),
  );
  const methodOf = (id: string) => study.plan.find((job) => job.id === id)!.job;
  expect(methodOf(student!.teacherId!)).toMatchObject({ method: 'teacher' });
  expect(methodOf(control!.teacherId!)).toMatchObject({ method: 'imageOnly' });
  expect(await checkpointStore.keys()).toEqual([]);
  expect(await countTensors()).toBe(0);
  undisturbed = numbersOf(results);
});

it('computes nothing again', async () => {
  const { outcome, started } = await run(study.id);
  expect(outcome.kind).toBe('finished');
  expect(started).toEqual([]);
});

it('trains in a later rung what the rung before chose, and forgets all of it', async () => {
  const before = (await resultStore.keys()).length;
  const halved = await trainer.createStudy('tiny', {
    ...tinyStudy,
    arms: ['imageOnly'],
    weightDecays: [0.01, 0.1, 1],
    search: 'successiveHalving',
  });
  const { outcome } = await run(halved.id);
  expect(outcome).toMatchObject({ kind: 'finished', done: 5, planned: 5 });
  const runs = (await trainer.results(halved.id)).filter(isRun);
  expect(runs.map(({ steps }) => steps)).toEqual([40, 40, 40, 120]);
  const [last, ...rung] = runs.toReversed();
  const best = Math.max(...rung.map(({ validationScore }) => validationScore));
  const first = runs.find(({ validationScore, steps }) => steps === 40 && validationScore === best)!;
  expect(last!.job.training).toEqual({ ...first.job.training, maxSteps: 120, warmupSteps: 5 });
  await trainer.deleteStudy(halved.id);
  expect((await resultStore.keys()).length).toBe(before);
});

describe('an interrupted study ends with the very numbers of one that nothing disturbed:', () => {
  beforeEach(async () => {
    await wipe('results');
    await wipe('checkpoints');
    await wipe('features');
  });

  it('paused, resumed, stopped', async () => {
    let seen = 0;
    const whatHappens = async (event: StudyEvent): Promise<void> => {
      if (event.kind === 'point' && seen === 0) await trainer.pause();
      if (event.kind === 'jobFinished' && seen > 0) await trainer.stop();
      if (event.kind !== 'paused') return;
      seen = (await resultStore.keys()).length;
      await new Promise((resolve) => setTimeout(resolve, 300));
      // Nothing went on while it was paused.
      expect((await resultStore.keys()).length).toBe(seen);
      await trainer.resume();
    };
    const happening: Promise<void>[] = [];
    const { outcome, events } = await run(study.id, (event) => happening.push(whatHappens(event)));
    await Promise.all(happening);
    const kinds = events.map(({ kind }) => kind);
    expect(kinds.indexOf('paused')).toBeGreaterThan(0);
    expect(kinds.indexOf('resumed')).toBeGreaterThan(kinds.indexOf('paused'));
    expect(outcome.kind).toBe('stopped');
    expect(outcome.done).toBeLessThan(5);
    expect(await countTensors()).toBe(0);
    expect(outcome.done).toBe((await resultStore.keys()).length);
    expect((await run(study.id)).outcome.kind).toBe('finished');
    expect(numbersOf(await trainer.results(study.id))).toEqual(undisturbed);
  });

  it('its worker killed midway', async () => {
    const killed = run(study.id, ({ kind }) => {
      if (kind === 'checkpoint') client.end('Killed.');
    });
    await expect(killed).rejects.toThrow('Killed.');
    const { outcome, events, started } = await run(study.id);
    expect(outcome.kind).toBe('finished');
    const first = events.find((event) => event.kind === 'jobStarted')!;
    expect(first.fromStep).toBeGreaterThanOrEqual(50);
    // The features were there already.
    expect(started).not.toContain(study.plan[0]!.id);
    expect(numbersOf(await trainer.results(study.id))).toEqual(undisturbed);
  });

  it('its graphics device lost', async () => {
    let lost = 0;
    const losing: TrainerApi = {
      ...({} as TrainerApi),
      studies: () => trainer.studies(),
      results: (id) => trainer.results(id),
      run: (id, onEvent) =>
        trainer.run(id, (event) => {
          if (event.kind === 'checkpoint' && lost++ === 0) worker!.postMessage('lose the device');
          onEvent(event);
        }),
    };
    const restartTrainer = (): void => client.end('Started afresh.');
    const services = { trainer: losing, restartTrainer } as Partial<Services> as Services;
    const status = new Status();
    const studies = new Studies(services, new Settings(), status);
    await studies.refresh();
    expect(await studies.run(study.id)).toMatchObject({ kind: 'finished', done: 5, failures: [] });
    expect(studies.restarts).toBe(1);
    expect(status.problem).toBe(null);
    expect(numbersOf(await trainer.results(study.id))).toEqual(undisturbed);
  });
});

it('a study with a job that failed has failed, and keeps what it could compute', async () => {
  const textEncoder = { name: 'nothing', settings: {} };
  const failing = await trainer.createStudy('tiny', { ...tinyStudy, arms: ['textOnly'], textEncoder });
  const { outcome } = await run(failing.id);
  expect(outcome).toMatchObject({ kind: 'failed', done: 2, planned: 3 });
  expect(outcome.failures).toHaveLength(1);
  expect(await countTensors()).toBe(0);
  expect(outcome.failures[0]!.sentence).toContain('There is no text encoder "nothing"');
  await trainer.deleteStudy(failing.id);
});

it('features that were wiped by themselves are computed again when a run needs them', async () => {
  await wipe('features');
  const { started } = await run(study.id);
  expect(started).toEqual([study.plan[0]!.id]);
});

it('deletes a study with what only it needs, and nothing under a running one', async () => {
  const small = await trainer.createStudy('tiny', { ...tinyStudy, arms: ['imageOnly'] });
  expect(small.plan).toHaveLength(2);
  const more = await trainer.createStudy('tiny', { ...tinyStudy, seeds: [2] });
  let refusals: Promise<unknown> | undefined;
  const { outcome } = await run(more.id, ({ kind }) => {
    if (kind !== 'point' || refusals) return;
    refusals = Promise.allSettled([trainer.deleteStudy(study.id), forgetCohort('tiny')]).then((settled) => {
      void trainer.stop();
      return settled.map((one) => (one.status === 'rejected' ? (one.reason as Error).name : 'deleted'));
    });
  });
  expect(await refusals).toEqual(['InputError', 'InputError']);
  expect(outcome.kind).toBe('stopped');

  await trainer.deleteStudy(more.id);
  expect(await resultStore.keys()).toEqual(study.plan.map(({ id }) => `tiny-fingerprint/${id}`).sort());
  await trainer.deleteStudy(study.id);
  expect(await resultStore.keys()).toEqual(small.plan.map(({ id }) => `tiny-fingerprint/${id}`).sort());
  expect(await featureStore.keys()).toHaveLength(1);
  expect((await studyStore.keys()).sort()).toEqual([small.id]);
});

it('a cohort takes its studies and all that was computed on it with it', async () => {
  await forgetCohort('tiny');
  const left = (await inventory()).filter(({ store, records }) => store !== 'settings' && records > 0);
  expect(left).toEqual([]);
  client.end('The tests are over.');
});
