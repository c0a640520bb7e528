/** Maximum and mean pooling on WebGPU against their definitions and the cpu backend, values and gradients, with ties, padding and NaN. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { poolingReference, registerPooling } from '../../src/kernels/pooling.ts';
import { startWebgpu } from '../../src/tensors/backend.ts';
import { difference, draws, hasWebgpu, on, valueAndGradients } from './device.ts';

const webgpu = await hasWebgpu();
/** Sums of at most 25 products, in another order. */
const TOLERANCE = 2e-6;

// Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)('pooling on WebGPU (skipped where the browser has no WebGPU adapter)', () => {
  beforeAll(async () => {
    await startWebgpu();
    registerPooling();
  });

  it.each([
    ['2×2, halved', [2, 8, 8, 4], 2, 2, 0],
    ['3×3 stride 2, padded, as in a large stem', [2, 9, 12, 8], 3, 2, 1],
    ['3×3 stride 1, overlapping, odd channels', [1, 5, 7, 3], 3, 1, 'same'],
    ['2×2 stride 3, pixels in no window', [1, 8, 8, 5], 2, 3, 'valid'],
    ['the whole film', [3, 4, 4, 4], 4, 4, 0],
    ['one pixel', [1, 1, 1, 1], 1, 1, 0],
    ['more than one workgroup', [2, 24, 24, 4], 5, 2, 'valid'],
  ] as const)('agrees, value and gradient: %s', async (_what, shape, size, stride, pad) => {
    // Whole numbers tie within most windows, so that "the first" is put to the test.
    const whole = draws(shape).map((value) => Math.round(value));
    for (const x of [draws(shape), whole]) {
      for (const pool of [tf.maxPool, tf.avgPool]) {
        // The cpu backend's own gradient of a mean divides by whole windows where they overhang, like the stock kernel that keeps these.
        const compute = valueAndGradients(
          (films) => pool(films as tf.Tensor4D, size, stride, pad as number),
          [[x, shape]],
        );
        const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
        ours.forEach((values, i) => expect(difference(values, cpu[i]!)).toBeLessThan(TOLERANCE));
        const film = shape as unknown as [number, number, number, number];
        const { padInfo, ...g } = tf.backend_util.computePool2DInfo(film, size, stride, 1, pad);
        const { top, left, bottom, right } = padInfo;
        const isMean = pool === tf.avgPool;
        if (isMean && top + left + bottom + right > 0) continue; // means of windows that overhang are the stock kernel's
        const sizes = { inShape: g.inShape, outShape: g.outShape, size, stride, top, left };
        const wanted = poolingReference(isMean ? 'mean' : 'max', x, draws(g.outShape, 'dy'), sizes);
        expect(difference(ours[0]!, wanted.y)).toBeLessThan(TOLERANCE);
        expect(difference(ours[1]!, wanted.dx)).toBeLessThan(TOLERANCE);
      }
    }
  });

  it('sends the gradient of a maximum to its first place, by hand', async () => {
    const [dx] = await on('webgpu', () => [
      tf.grad((x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 2, 2, 0))(
        tf.tensor4d([1, 5, 5, 5], [1, 2, 2, 1]),
      ),
    ]);
    expect([...dx!]).toEqual([0, 1, 0, 0]);
  });

  it('lets NaN and infinity through, in their windows only', async () => {
    const x = draws([1, 4, 4, 4], 'nan');
    x[0] = NaN;
    x[4 * 15 + 1] = -Infinity;
    x[4 * 12 + 2] = Infinity;
    const [y] = await on('webgpu', () => [tf.maxPool(tf.tensor4d(x, [1, 4, 4, 4]), 2, 2, 0)]);
    expect(y![0]).toBeNaN();
    expect(y![4 * 2 + 2]).toBe(Infinity);
    expect([...y!].filter((value) => !Number.isFinite(value))).toHaveLength(2);
  });
});
