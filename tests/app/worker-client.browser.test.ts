/** A call to a worker never hangs, whatever becomes of the worker. */
import { afterEach, expect, it } from 'vitest';
import { WorkerClient } from '../../src/app/worker-client.ts';

interface Small {
  add(a: number, b: number, onSum: (sum: number) => void): Promise<number>;
  refuse(): Promise<void>;
  hang(): Promise<void>;
  block(ms: number): Promise<void>;
  stumble(): Promise<void>;
  crash(): Promise<void>;
  forget(): Promise<void>;
}

let client: WorkerClient<Small> | undefined;
let errors: string[] = [];

function start(silenceMs = 60_000): WorkerClient<Small> {
  client = new WorkerClient<Small>(
    'small worker',
    () => new Worker(new URL('./small-worker.ts', import.meta.url), { type: 'module' }),
    (sentence) => void errors.push(sentence),
    { everyMs: 50, silenceMs },
  );
  return client;
}

afterEach(() => {
  client?.end('The test is over.');
  errors = [];
});

it('answers, and calls functions that it was given', async () => {
  const sums: number[] = [];
  expect(await start().api.add(2, 3, (sum) => void sums.push(sum))).toBe(5);
  expect(sums).toEqual([5]);
  expect(client!.pendingCount).toBe(0);
});

it('keeps the name and sentence of an error', async () => {
  await expect(start().api.refuse()).rejects.toMatchObject({
    name: 'InputError',
    message: 'labels.csv is empty.',
  });
});

it('rejects what waits when it is ended, and starts afresh with the next call', async () => {
  const hanging = start().api.hang();
  const rejected = expect(hanging).rejects.toMatchObject({ name: 'DeviceLostError', message: 'Enough.' });
  client!.end('Enough.');
  await rejected;
  expect(await client!.api.add(1, 1, () => undefined)).toBe(2);
});

it('says what fails outside of a call, ends the worker, and starts afresh with the next call', async () => {
  await start()
    .api.stumble()
    .catch(() => undefined);
  await expect.poll(() => errors).toEqual(['In the small worker: A promise was forgotten.']);
  expect(await client!.api.add(1, 1, () => undefined)).toBe(2);
});

it('rejects what waits when the worker throws outside of a call', async () => {
  await expect(start().api.crash()).rejects.toMatchObject({ name: 'DeviceLostError' });
});

it('rejects what waits when a promise in the worker was rejected and nobody took it', async () => {
  await expect(start().api.forget()).rejects.toThrow(/nobody took it/);
});

it('ends a worker that has fallen silent', async () => {
  const { api } = start(400);
  await api.add(1, 1, () => undefined);
  await expect(api.block(4_000)).rejects.toThrow(/has not answered/);
});

it('does not mind a worker that takes long but answers', async () => {
  const { api } = start(400);
  await api.add(1, 1, () => undefined);
  const hanging = api.hang();
  let ended = false;
  void hanging.catch(() => (ended = true));
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(ended).toBe(false);
});
