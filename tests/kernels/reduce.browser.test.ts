/** Sums and means over neighbouring axes on WebGPU against their definition and the cpu backend, values, gradients and their gradients. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { reduceReference, registerReduce } from '../../src/kernels/reduce.ts';
import { startWebgpu } from '../../src/tensors/backend.ts';
import { compileProgram } from '../../src/tensors/program.ts';
import { useBackend } from '../backends.ts';
import { difference, draws, hasWebgpu, on, valueAndGradients } from './device.ts';

const webgpu = await hasWebgpu();
/** float32 sums of up to 40 000 normal draws; the largest sum sets the scale. */
const TOLERANCE = 5e-6;

const cases: [shape: number[], axes: number[] | undefined][] = [
  [[1], [0]],
  [[], undefined],
  [[7], undefined],
  [[5, 3], [0]],
  [[1000, 8], [0]],
  [[130, 64], [1]],
  [[3, 17], [1]],
  [[2, 5000], [1]],
  [
    [2, 5, 7, 4],
    [1, 2],
  ],
  [
    [2, 5, 7, 3],
    [1, 2],
  ],
  [[3, 4, 5], [-1]],
  [[200, 200], undefined],
  [
    [4, 6, 8],
    [0, 2],
  ], // not neighbours: the stock kernel's
  [
    [4, 1, 8],
    [0, 1, 2],
  ],
  [[4, 1, 8], [1]],
];

// Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)('sum and mean on WebGPU (skipped where the browser has no WebGPU adapter)', () => {
  beforeAll(async () => {
    await startWebgpu();
    registerReduce();
  });

  it.each(cases)('agree for shape %j over axes %j, value and gradient', async (shape, axes) => {
    for (const keepDims of [false, true]) {
      for (const reduce of [tf.sum, tf.mean]) {
        const compute = valueAndGradients((x) => reduce(x, axes, keepDims), [[draws(shape), shape]]);
        const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
        ours.forEach((values, i) => expect(difference(values, cpu[i]!)).toBeLessThan(TOLERANCE));
      }
    }
  });

  it('agrees with the definition', async () => {
    const x = draws([6, 50, 12]);
    const [sums] = await on('webgpu', () => [tf.sum(tf.tensor3d(x, [6, 50, 12]), 1)]);
    expect(difference(sums!, reduceReference(x, { outer: 6, reduced: 50, inner: 12 }))).toBeLessThan(
      TOLERANCE,
    );
  });

  it('keeps the shape of the result, and integers, as TensorFlow.js has them', async () => {
    await tf.setBackend('webgpu');
    expect(tf.sum(tf.zeros([2, 3, 4]), [0, 1], true).shape).toEqual([1, 1, 4]);
    expect(tf.mean(tf.zeros([2, 3, 4]), -1).shape).toEqual([2, 3]);
    const integers = tf.sum(
      tf.tensor2d(
        [
          [1, 2],
          [3, 4],
        ],
        [2, 2],
        'int32',
      ),
      0,
    );
    expect(integers.dtype).toBe('int32');
    expect([...(await integers.data())]).toEqual([4, 6]);
  });

  it('differentiates twice', async () => {
    // d²/dx² of (Σ x²)² at x = (1, 2): gradient 4x·Σx² = (20, 40); its sum's gradient 4Σx² + 8x·Σx = (44, 68).
    const [second] = await on('webgpu', () => {
      const square = (x: tf.Tensor): tf.Scalar => tf.square(tf.sum(tf.square(x)));
      return [tf.grad((x) => tf.sum(tf.grad(square)(x)))(tf.tensor1d([1, 2]))];
    });
    expect([...second!]).toEqual([44, 68]);
  });

  it('lets NaN and overflow through, in their column only', async () => {
    const x = draws([40, 4]);
    x[4 * 9] = NaN;
    x[1] = x[5] = 3e38;
    const [sums] = await on('webgpu', () => [tf.sum(tf.tensor2d(x, [40, 4]), 0)]);
    expect([...sums!].map((sum) => (Number.isNaN(sum) ? 'NaN' : Number.isFinite(sum)))).toEqual([
      'NaN',
      false,
      true,
      true,
    ]);
  });
});

// Without an adapter there is nothing to merge on.
describe.skipIf(!webgpu)('merged sums (skipped where the browser has no WebGPU adapter)', () => {
  beforeAll(() => useBackend('webgpu'));

  it('are those of single dispatches to the last bit', async () => {
    const shapes = [[7, 3, 5], [64, 8], [300], [5, 1], [1, 12], [9, 4, 65], [2, 259]];
    const inputs = Object.fromEntries(
      shapes.map((shape, i) => [`x${i}`, { shape, dtype: 'float32' as const, values: draws(shape, i) }]),
    );
    const compute = (x: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> =>
      Object.fromEntries(
        shapes.map((_, i) => [
          `y${i}`,
          i % 2 === 0 ? tf.sum(tf.relu(x[`x${i}`]!), 0) : tf.mean(tf.relu(x[`x${i}`]!), 0),
        ]),
      );
    const programs = [false, true].map((eager) => compileProgram({ inputs, state: [], compute, eager }));
    const [replayed, eager] = await Promise.all(programs);
    expect(replayed!.cost.dispatches).toBeLessThan(2 * shapes.length);
    for (const program of [replayed!, eager!]) program.run(inputs);
    for (let i = 0; i < shapes.length; i++) {
      expect(await replayed!.read(`y${i}`), `sum ${i}`).toEqual(await eager!.read(`y${i}`));
    }
    for (const program of [replayed!, eager!]) program.dispose();
  });
});
