/** Batch normalisation on WebGPU against its definition and the cpu backend's composition: values, gradients, running statistics. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchNorm, batchNormReference } from '../../../src/kernels/normalisation/batch-norm.ts';
import { startWebgpu } from '../../../src/tensors/backend.ts';
import { difference, draws, hasWebgpu, on, valueAndGradients } from '../device.ts';

const webgpu = await hasWebgpu();
/** A few float32 roundings of values around 1, through sums of some hundred of them. */
const TOLERANCE = 1e-5;
const epsilon = 1e-5;
const momentum = 0.1;

// Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)('batch normalisation on WebGPU (skipped where the browser has no adapter)', () => {
  beforeAll(async () => {
    await startWebgpu();
  });

  describe.each([
    [[3, 4, 5, 8]],
    [[2, 3, 3, 6]],
    [[1, 17, 19, 4]], // more pixels than threads of a workgroup
    [[5, 1]],
    [[7, 16]],
    [[1, 1, 1, 4]], // one value a channel: no variance, no gradient of x
  ])('of %j', (shape) => {
    const channels = shape.at(-1)!;
    const [x, gamma, beta] = [draws(shape, 'x'), draws([channels], 'gamma'), draws([channels], 'beta')];
    const residual = draws(shape, 'residual');
    const before = [
      draws([channels], 'mean'),
      draws([channels], 'variance').map((value) => value ** 2),
    ] as const;

    it.each([
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ])('agrees, value and gradients (training: %s, workgroups: %s)', async (training, workgroups) => {
      for (const following of [false, true]) {
        const compute = (): tf.Tensor[] => {
          const running = { ...runningOf(before), momentum };
          const results = valueAndGradients(
            (films, scale, shift, added) =>
              batchNorm(
                films,
                scale as tf.Tensor1D,
                shift as tf.Tensor1D,
                running,
                { training, epsilon, relu: following, workgroups },
                added,
              ),
            [
              [x, shape],
              [gamma, [channels]],
              [beta, [channels]],
              ...(following ? ([[residual, shape]] as const) : []),
            ],
          )();
          const moved = [tf.clone(running.mean), tf.clone(running.variance)];
          tf.dispose([running.mean, running.variance]);
          return [...results, ...moved];
        };
        const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
        ours.forEach((values, i) => expect(difference(values, cpu[i]!)).toBeLessThan(TOLERANCE));
        if (!training) expect(ours.slice(-2)).toEqual([...before]);
      }
    });

    it.each([true, false])('follows its definition (workgroups: %s)', async (workgroups) => {
      const compute = (): tf.Tensor[] => {
        const running = { ...runningOf(before), momentum };
        const [scale, shift] = [tf.tensor1d(gamma), tf.tensor1d(beta)];
        const options = { training: true, epsilon, workgroups };
        const y = batchNorm(tf.tensor(x, shape), scale, shift, running, options);
        const moved = [tf.clone(running.mean), tf.clone(running.variance)];
        tf.dispose([running.mean, running.variance]);
        return [y, ...moved];
      };
      const [y, mean, variance] = await on('webgpu', compute);
      const defined = batchNormReference(x, gamma, beta, epsilon);
      const count = x.length / channels;
      const moved = (old: Float32Array, now: Float64Array, unbiased: number): number[] =>
        [...old].map((value, c) => 0.9 * value + 0.1 * unbiased * now[c]!);
      expect(difference(y!, defined.y)).toBeLessThan(TOLERANCE);
      expect(difference(mean!, moved(before[0], defined.mean, 1))).toBeLessThan(TOLERANCE);
      expect(
        difference(variance!, moved(before[1], defined.variance, count / Math.max(count - 1, 1))),
      ).toBeLessThan(TOLERANCE);
    });
  });

  it('lets NaN and infinity through, in their channel only', async () => {
    const x = draws([2, 3, 3, 8], 'nan');
    x[1] = NaN;
    x[8 + 6] = Infinity;
    for (const workgroups of [true, false]) {
      const [y] = await on('webgpu', () => {
        const running = { ...runningOf([new Float32Array(8), new Float32Array(8).fill(1)]), momentum };
        const options = { training: true, epsilon, relu: false, workgroups };
        const films = tf.tensor4d(x, [2, 3, 3, 8]);
        const normal = batchNorm(films, tf.ones([8]), tf.zeros([8]), running, options);
        tf.dispose([running.mean, running.variance]);
        return [normal];
      });
      y!.forEach((value, i) => expect(Number.isFinite(value)).toBe(i % 8 !== 1 && i % 8 !== 6));
    }
  });
});

function runningOf([mean, variance]: readonly [Float32Array, Float32Array]): {
  mean: tf.Variable;
  variance: tf.Variable;
} {
  return {
    mean: tf.variable(tf.tensor1d(mean), false),
    variance: tf.variable(tf.tensor1d(variance), false),
  };
}
