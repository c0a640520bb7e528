/** What a person asks of a study while its trainer is still starting must not be lost. */
import { expect, it } from 'vitest';
import type { StudyEvent } from '../../../src/jobs/study-event.ts';
import type { TrainerApi } from '../../../workers/contract.ts';
import type { Services } from '../../../src/app/services.ts';
import { Settings } from '../../../src/app/shared/settings.svelte.ts';
import { Status } from '../../../src/app/shared/status.svelte.ts';
import { Studies } from '../../../src/app/shared/studies.svelte.ts';
import { DeviceLostError } from '../../../src/errors.ts';

/** A trainer that, as the real one, hears pause and stop only while a run goes on. */
class Trainer {
  readonly heard: string[] = [];
  losses = 0;
  tell: (event: StudyEvent) => void = () => {};
  #finish: (() => void) | undefined;

  run(onEvent: (event: StudyEvent) => void): ReturnType<TrainerApi['run']> {
    this.heard.push('run');
    this.tell = onEvent;
    if (this.losses-- > 0) return Promise.reject(new DeviceLostError('gone'));
    return new Promise((resolve) => {
      this.#finish = () => resolve({ kind: 'finished', done: 1, planned: 1, failures: [] });
    });
  }

  hear(word: string): Promise<void> {
    if (this.#finish) this.heard.push(word);
    return Promise.resolve();
  }

  finish(): void {
    this.#finish?.();
  }
}

function setUp(losses = 0): { trainer: Trainer; studies: Studies; status: Status } {
  const trainer = new Trainer();
  trainer.losses = losses;
  const api: Partial<TrainerApi> = {
    run: (_id, onEvent) => trainer.run(onEvent),
    pause: () => trainer.hear('pause'),
    stop: () => trainer.hear('stop'),
    resume: () => trainer.hear('resume'),
  };
  const services = { trainer: api, restartTrainer: () => {} } as unknown as Services;
  const status = new Status();
  return { trainer, studies: new Studies(services, new Settings(), status), status };
}

it.each(['pause', 'stop'] as const)('%s before the run began reaches it', async (verb) => {
  const { trainer, studies } = setUp();
  const run = studies.run('a');
  await studies[verb]();
  expect(trainer.heard).toEqual([]);
  await expect.poll(() => trainer.heard).toEqual(['run', verb]);
  trainer.finish();
  expect((await run)?.kind).toBe('finished');
});

it('a pause taken back before the run began is none', async () => {
  const { trainer, studies } = setUp();
  const run = studies.run('a');
  await studies.pause();
  await studies.resume();
  await expect.poll(() => trainer.heard).toEqual(['run']);
  trainer.finish();
  await run;
});

it('a pause outlives the trainer whose device is lost', async () => {
  const { trainer, studies } = setUp(1);
  const run = studies.run('a');
  await studies.pause();
  await expect.poll(() => trainer.heard).toEqual(['run', 'run', 'pause']);
  trainer.finish();
  await run;
});

it('what a job reads is told in the line, while the bar stays the study’s, and the line is the study’s again afterwards', async () => {
  const { trainer, studies, status } = setUp();
  const run = studies.run('a');
  await expect.poll(() => trainer.heard).toEqual(['run']);
  const ofStudy = { phase: 'Training', done: 2, total: 12, remainingMs: null };
  const reads = (done: number): StudyEvent => ({
    kind: 'jobProgress',
    id: 'job',
    progress: { phase: 'Reading reports', done, total: 5000, remainingMs: null },
  });
  trainer.tell({ kind: 'progress', progress: ofStudy });
  trainer.tell({ kind: 'jobStarted', id: 'job', fromStep: 0 });
  trainer.tell(reads(320));
  expect(status.line).toMatch(/^Reading reports: 320 of 5\s000 done/);
  expect(status.progress).toEqual(ofStudy);
  expect(studies.jobProgress).toMatchObject({ done: 320 });
  trainer.tell({ kind: 'paused' });
  trainer.tell(reads(336));
  expect(status.line).toMatch(/^Paused/);
  trainer.tell({ kind: 'resumed' });
  trainer.tell(reads(5000));
  expect(status.line).toMatch(/^Training: 2 of 12 done/);
  expect(studies.jobProgress).toBeNull();
  trainer.tell(reads(16));
  trainer.tell({ kind: 'jobFailed', id: 'job', sentence: 'No.' });
  expect(studies.jobProgress).toBeNull();
  trainer.finish();
  await run;
});
