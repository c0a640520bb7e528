/** What a person asks of a study while its trainer is still starting must not be lost. */
import { expect, it } from 'vitest';
import type { TrainerApi } from '../../workers/contract.ts';
import type { Services } from '../../src/app/services.ts';
import { Settings } from '../../src/app/state/settings.svelte.ts';
import { Status } from '../../src/app/state/status.svelte.ts';
import { Studies } from '../../src/app/state/studies.svelte.ts';
import { DeviceLostError } from '../../src/errors.ts';

/** A trainer that, as the real one, hears pause and stop only while a run goes on. */
class Trainer {
  readonly heard: string[] = [];
  losses = 0;
  #finish: (() => void) | undefined;

  run(): ReturnType<TrainerApi['run']> {
    this.heard.push('run');
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

function setUp(losses = 0): { trainer: Trainer; studies: Studies } {
  const trainer = new Trainer();
  trainer.losses = losses;
  const api: Partial<TrainerApi> = {
    run: () => trainer.run(),
    pause: () => trainer.hear('pause'),
    stop: () => trainer.hear('stop'),
    resume: () => trainer.hear('resume'),
  };
  const services = { trainer: api, restartTrainer: () => {} } as unknown as Services;
  return { trainer, studies: new Studies(services, new Settings(), new Status()) };
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
