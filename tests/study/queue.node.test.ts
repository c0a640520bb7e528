import { describe, expect, it } from 'vitest';
import { DeviceLostError, StoppedError } from '../../src/errors.ts';
import { RunControl } from '../../src/study/control.ts';
import type { PlannedJob } from '../../src/study/job.ts';
import { runQueue, type QueueHost } from '../../src/study/queue.ts';

const job = (id: string, teacherIds: string[] = []): PlannedJob => ({
  id,
  job: {
    kind: 'features',
    encoder: { name: 'resnet', settings: {} },
    pretraining: 'none',
    imageSide: 32,
    seed: 1,
  },
  arms: ['imageOnly'],
  featuresId: null,
  teacherIds,
});

function host(done: string[], execute: (id: string) => void | Promise<void>): QueueHost & { log: string[] } {
  const log: string[] = [];
  return {
    log,
    finished: (ids) => Promise.resolve(new Set(ids.filter((id) => done.includes(id)))),
    execute: async ({ id }) => {
      log.push(id);
      await execute(id);
    },
    onStarted: () => {},
    onFinished: ({ id }) => log.push(`${id} finished`),
    onFailed: ({ id }, sentence) => log.push(`${id} failed: ${sentence}`),
  };
}

describe('runQueue', () => {
  it('never computes again what has a result', async () => {
    const h = host(['a'], () => {});
    expect(await runQueue([job('a'), job('b', ['a'])], h)).toEqual({
      kind: 'finished',
      done: 2,
      planned: 2,
      failures: [],
    });
    expect(h.log).toEqual(['b', 'b finished']);
  });

  it('runs on after a failure, but not what needs the failed job', async () => {
    const h = host([], (id) => {
      if (id === 'a') throw new Error('no luck');
    });
    const outcome = await runQueue([job('a'), job('b', ['a']), job('c')], h);
    expect(outcome.kind).toBe('failed');
    expect(outcome.done).toBe(1);
    expect(outcome.failures.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(h.log).toContain('c finished');
    expect(h.log).not.toContain('b');
  });

  it('ends as stopped when the person stops it, keeping what is done', async () => {
    const h = host([], (id) => {
      if (id === 'b') throw new StoppedError('stop');
    });
    expect(await runQueue([job('a'), job('b'), job('c')], h)).toMatchObject({
      kind: 'stopped',
      done: 1,
      planned: 3,
    });
  });

  it('throws when the device is lost', async () => {
    const h = host([], () => {
      throw new DeviceLostError('gone');
    });
    await expect(runQueue([job('a'), job('b')], h)).rejects.toThrow('gone');
    expect(h.log).toEqual(['a']);
  });
});

describe('RunControl', () => {
  it('holds the work while paused and lets it go on', async () => {
    const heard: string[] = [];
    const control = new RunControl((state) => heard.push(state));
    await control.turn();
    control.pause();
    let went = false;
    const turn = control.turn().then(() => (went = true));
    await Promise.resolve();
    expect(went).toBe(false);
    expect(control.pausedMs).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    control.resume();
    await turn;
    expect(went).toBe(true);
    expect(control.pausedMs).toBeGreaterThan(10);
    expect(heard).toEqual(['paused', 'resumed']);
  });

  it('throws StoppedError at the next turn, also out of a pause', async () => {
    const control = new RunControl();
    control.pause();
    const turn = control.turn();
    control.stop();
    await expect(turn).rejects.toThrow(StoppedError);
    await expect(control.turn()).rejects.toThrow(StoppedError);
  });
});
