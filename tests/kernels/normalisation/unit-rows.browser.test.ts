/** Rows of length 1 on WebGPU, value and gradient, against the definition and the cpu backend; one thread to a row, and many. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { unitRows, unitRowsReference } from '../../../src/kernels/normalisation/unit-rows.ts';
import { startWebgpu } from '../../../src/tensors/backend.ts';
import { difference, draws, hasWebgpu, on, valueAndGradients } from '../device.ts';

const webgpu = await hasWebgpu();
/** float32 sums of up to 300 squares of normal draws, in another order. */
const TOLERANCE = 2e-6;

// Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)('unit rows on WebGPU (skipped where the browser has no WebGPU adapter)', () => {
  beforeAll(async () => {
    await startWebgpu();
  });

  it.each(
    [1, 64].flatMap((lanes) =>
      [
        [1, 1],
        [3, 5],
        [9, 64],
        [2, 300],
      ].map((shape) => [lanes, shape] as const),
    ),
  )('agree, value and gradient, with %i threads to a row: %j', async (lanes, shape) => {
    const x = draws(shape, 'x');
    const compute = valueAndGradients((rows) => unitRows(rows as tf.Tensor2D, lanes), [[x, shape]]);
    const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
    const wanted = unitRowsReference(x, shape[1]!, draws(shape, 'dy'));
    expect(difference(ours[0]!, wanted.y)).toBeLessThan(TOLERANCE);
    expect(difference(ours[0]!, cpu[0]!)).toBeLessThan(TOLERANCE);
    if (shape[1] === 1) {
      // One number has a direction, which does not change with it: the gradient is what rounding leaves of 0.
      for (const value of ours[1]!) expect(Math.abs(value)).toBeLessThan(1e-6);
      return;
    }
    expect(difference(ours[1]!, wanted.dx)).toBeLessThan(TOLERANCE);
    expect(difference(ours[1]!, cpu[1]!)).toBeLessThan(TOLERANCE);
  });

  it('agree with central differences', () => {
    const [x, dy] = [draws([2, 7], 'x'), draws([2, 7], 'dy')];
    const weighted = (values: Float32Array): number =>
      unitRowsReference(values, 7, dy).y.reduce((sum, value, i) => sum + value * dy[i]!, 0);
    const { dx } = unitRowsReference(x, 7, dy);
    const step = 1e-2;
    x.forEach((value, i) => {
      const [more, less] = [value + step, value - step].map((changed) => weighted(x.with(i, changed)));
      expect((more! - less!) / (2 * step)).toBeCloseTo(dx[i]!, 3);
    });
  });

  it('say that a row of zeros has no direction', async () => {
    const compute = (): tf.Tensor[] => [unitRows(tf.tensor2d([0, 0, 3, 4], [2, 2]))];
    for (const backend of ['webgpu', 'cpu'] as const) {
      const [y] = await on(backend, compute);
      expect([...y!.subarray(0, 2)].every(Number.isNaN)).toBe(true);
      expect(y![2]).toBeCloseTo(0.6, 6);
      expect(y![3]).toBeCloseTo(0.8, 6);
    }
  });
});
