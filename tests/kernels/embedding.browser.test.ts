/** Rows by id and the gradient of their table on WebGPU, against the definition and the cpu backend. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { embedTokens, embedTokensReference } from '../../src/kernels/embedding-tokens.ts';
import { gatherRows, scatterReference } from '../../src/kernels/embedding.ts';
import { Random } from '../../src/random/random.ts';
import { startWebgpu } from '../../src/tensors/backend.ts';
import { difference, draws, hasWebgpu, on, valueAndGradients } from './device.ts';

const webgpu = await hasWebgpu();
/** float32 sums of up to 300 normal draws. */
const TOLERANCE = 2e-6;

// Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)('embedding on WebGPU (skipped where the browser has no WebGPU adapter)', () => {
  beforeAll(async () => {
    await startWebgpu();
  });

  it.each([
    [2, 1, 1],
    [5, 3, 17],
    [40, 8, 130],
    [1000, 12, 70],
    [2, 4, 300], // many places of few ids
    [7, 64, 65],
  ])('%i rows of %i, taken by %i places', async (count, dimensions, places) => {
    const random = new Random(`${count}/${places}`);
    const ids = Int32Array.from({ length: places }, () => Math.floor(random.uniform() * count));
    const table = draws([count, dimensions], 'table');
    const compute = valueAndGradients(
      (rows) => gatherRows(rows as tf.Tensor2D, tf.tensor1d(ids, 'int32')),
      [[table, [count, dimensions]]],
    );
    const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
    ours.forEach((values, i) => expect(difference(values, cpu[i]!)).toBeLessThan(TOLERANCE));
    const rows = Float32Array.from({ length: places * dimensions }, (_, i) => {
      return table[ids[Math.floor(i / dimensions)]! * dimensions + (i % dimensions)]!;
    });
    expect(difference(ours[0]!, rows)).toBe(0);
    const dy = draws([places, dimensions], 'dy'); // the weights of valueAndGradients
    expect(difference(ours[1]!, scatterReference(dy, ids, count))).toBeLessThan(TOLERANCE);
  });

  it('reads zeros for ids outside the table, gives them no gradient, and lets NaN through to its id only', async () => {
    const compute = (): tf.Tensor[] => {
      const ids = tf.tensor1d([1, -1, 3, 1, 2], 'int32');
      const table = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
      const dy = tf.tensor2d([1, 2, 3, 4, 5, 6, 7, NaN, 9, 10], [5, 2]);
      return [gatherRows(table, ids), tf.grad((rows) => gatherRows(rows as tf.Tensor2D, ids))(table, dy)];
    };
    const [value, gradient] = await on('webgpu', compute);
    expect([...value!]).toEqual([3, 4, 0, 0, 0, 0, 3, 4, 5, 6]);
    expect([...gradient!]).toEqual([0, 0, 8, NaN, 9, 10]);
  });

  it.each([
    [1, 1, 1],
    [2, 5, 7],
    [16, 9, 12],
  ])(
    'class token, patches and positions: batch %i, %i patches, %i dimensions',
    async (batch, count, dimensions) => {
      const shapes = [
        [batch, count, dimensions],
        [1, 1, dimensions],
        [1, 1 + count, dimensions],
      ];
      const inputs = shapes.map((shape, i) => [draws(shape, i), shape] as const);
      const compute = valueAndGradients((p, c, at) => embedTokens(p as tf.Tensor3D, c, at), inputs);
      const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
      ours.forEach((values, i) => expect(difference(values, cpu[i]!)).toBeLessThan(TOLERANCE));
      const [patches, first, positions] = inputs.map(([values]) => values);
      expect(difference(ours[0]!, embedTokensReference(patches!, first!, positions!))).toBeLessThan(
        TOLERANCE,
      );
    },
  );
});
