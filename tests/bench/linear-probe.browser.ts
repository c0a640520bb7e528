/**
 * Linear-probe runs on WebGPU: milliseconds, dispatches, readbacks and buffers made, a step and a run. Prints; no part of the tests.
 *
 *   npx vitest run --config tests/bench/vitest.config.ts tests/bench/linear-probe.browser.ts
 */
import { beforeAll, it } from 'vitest';
import { registerKernels } from '../../src/kernels/registry.ts';
import { startWebgpu } from '../../src/tensors/backend.ts';
import { fineTune } from '../../src/training/fine-tune.ts';
import { separableData, shortProbe } from '../training/separable-data.ts';

const counts = { dispatches: 0, readbacks: 0, buffers: 0 };

beforeAll(async () => {
  await startWebgpu();
  registerKernels();
  count(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', 'dispatches');
  count(GPUBuffer.prototype, 'mapAsync', 'readbacks');
  count(GPUDevice.prototype, 'createBuffer', 'buffers');
});

/** Counts the calls of a method. */
function count<T extends object>(prototype: T, method: keyof T, name: keyof typeof counts): void {
  const original = prototype[method] as (...values: unknown[]) => unknown;
  prototype[method] = function (this: T, ...values: unknown[]) {
    counts[name]++;
    return original.apply(this, values);
  } as T[keyof T];
}

async function measure(method: 'imageOnly' | 'distillation', maxSteps: number) {
  Object.assign(counts, { dispatches: 0, readbacks: 0, buffers: 0 });
  const data = separableData({ trainingRows: 200, otherRows: 100, dimensions: 256 });
  const spec = {
    ...shortProbe,
    method,
    ...(method === 'distillation' ? { lambda: 0.5, temperature: 2 } : {}),
    training: { ...shortProbe.training, batchSize: 64, maxSteps, validateEverySteps: 1000 },
  };
  const start = performance.now();
  const run = fineTune(spec, data, { assertAlive: () => undefined });
  while (!(await run.next()).done);
  return { ms: performance.now() - start, ...counts };
}

it.each(['imageOnly', 'distillation'] as const)('%s', async (method) => {
  await measure(method, 10);
  const [short, long] = [await measure(method, 20), await measure(method, 220)];
  let ms = Infinity;
  for (let i = 0; i < 3; i++) {
    const some = await measure(method, 20);
    const more = await measure(method, 220);
    ms = Math.min(ms, (more.ms - some.ms) / 200);
  }
  const aStep = (name: keyof typeof counts) => ((long[name] - short[name]) / 200).toFixed(2);
  console.log(
    `${method}: ${ms.toFixed(2)} ms a step; ${aStep('dispatches')} dispatches, ${aStep('readbacks')} readbacks, ${aStep('buffers')} new buffers a step; ` +
      `a run of 20 steps: ${short.ms.toFixed(0)} ms, ${short.dispatches} dispatches, ${short.readbacks} readbacks`,
  );
});
