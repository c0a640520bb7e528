/** Group and layer normalisation on WebGPU against their definitions and the cpu backend's composition, values and gradients. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { groupNorm, groupNormReference } from '../../src/kernels/normalisation/group-norm.ts';
import { layerNorm, layerNormReference } from '../../src/kernels/normalisation/layer-norm.ts';
import { startWebgpu } from '../../src/tensors/backend.ts';
import { difference, draws, hasWebgpu, on, valueAndGradients } from './device.ts';

const webgpu = await hasWebgpu();
/** A few float32 roundings of values around 1, through sums of up to 10 000 of them. */
const TOLERANCE = 1e-5;

// Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)('normalisation on WebGPU (skipped where the browser has no WebGPU adapter)', () => {
  beforeAll(async () => {
    await startWebgpu();
  });

  it.each([
    [[2, 8, 8, 8], 4],
    [[3, 5, 7, 6], 3],
    [[2, 9, 9, 12], 4], // groups of 3 channels straddle vectors of 4
    [[1, 1, 1, 8], 2],
    [[2, 17, 19, 4], 1], // more pixels than threads of a workgroup
    [[4, 20], 5], // no pixels but one
    [[2, 10, 16], 16], // instance normalisation of a sequence
  ])('groupNorm of %j in %i groups, with and without ReLU and residual', async (shape, groups) => {
    const channels = shape.at(-1)!;
    const [x, gamma, beta] = [draws(shape, 'x'), draws([channels], 'gamma'), draws([channels], 'beta')];
    const residual = draws(shape, 'residual');
    for (const workgroups of [false, true]) {
      for (const [relu, added] of [
        [false, false],
        [false, true],
        [true, false],
        [true, true],
      ]) {
        const compute = valueAndGradients(
          (films, scale, shift, more) =>
            groupNorm(
              films,
              scale as tf.Tensor1D,
              shift as tf.Tensor1D,
              { groups, relu: relu!, workgroups },
              more,
            ),
          [
            [x, shape],
            [gamma, [channels]],
            [beta, [channels]],
            ...(added ? ([[residual, shape]] as const) : []),
          ],
        );
        const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
        ours.forEach((values, i) => expect(difference(values, cpu[i]!)).toBeLessThan(TOLERANCE));
        const pixels = x.length / shape[0]! / channels;
        const sizes = { batch: shape[0]!, pixels, channels, groups, relu: relu! };
        const defined = groupNormReference(x, gamma, beta, sizes, 1e-5, added ? residual : undefined);
        expect(difference(ours[0]!, defined)).toBeLessThan(TOLERANCE);
      }
    }
  });

  it.each([
    [[1, 1], 1e-5],
    [[5, 3], 1e-5],
    [[130, 64], 1e-6],
    [[2, 7, 20], 1e-12],
    [[1000, 8], 1e-5],
    [[3, 301], 1e-5],
  ])('layerNorm of %j with epsilon %f', async (shape, epsilon) => {
    const features = shape.at(-1)!;
    const [x, gamma, beta] = [draws(shape, 'x'), draws([features], 'gamma'), draws([features], 'beta')];
    const compute = valueAndGradients(
      (rows, scale, shift) => layerNorm(rows, scale as tf.Tensor1D, shift as tf.Tensor1D, epsilon),
      [
        [x, shape],
        [gamma, [features]],
        [beta, [features]],
      ],
    );
    const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
    ours.forEach((values, i) => expect(difference(values, cpu[i]!)).toBeLessThan(TOLERANCE));
    expect(difference(ours[0]!, layerNormReference(x, gamma, beta, epsilon))).toBeLessThan(TOLERANCE);
  });

  it.each([false, true])(
    'keeps its digits when the mean is a thousand deviations from zero (workgroups: %s)',
    async (workgroups) => {
      const x = draws([2, 16, 16, 8]).map((value) => 1000 + value);
      const [ones, zeros] = [new Float32Array(8).fill(1), new Float32Array(8)];
      const [y] = await on('webgpu', () => [
        groupNorm(tf.tensor4d(x, [2, 16, 16, 8]), tf.tensor1d(ones), tf.tensor1d(zeros), {
          groups: 2,
          workgroups,
        }),
      ]);
      const sizes = { batch: 2, pixels: 256, channels: 8, groups: 2, relu: false };
      // Each x near 1000 is known to 6e-5 only and so is the mean: 1e-4 of a deviation is all there is to have.
      expect(difference(y!, groupNormReference(x, ones, zeros, sizes))).toBeLessThan(1e-4);
    },
  );

  it('lets NaN and overflow through, in their group and row only', async () => {
    const x = draws([2, 3, 3, 8], 'nan');
    x[0] = NaN; // film 0, group 0
    x[8 * 9 + 7] = Infinity; // film 1, group 1
    const parameters = (): [tf.Tensor1D, tf.Tensor1D] => [tf.ones([8]), tf.zeros([8])];
    const [grouped, layered] = await on('webgpu', () => [
      groupNorm(tf.tensor4d(x, [2, 3, 3, 8]), ...parameters(), { groups: 2 }),
      layerNorm(tf.tensor2d(x, [18, 8]), ...parameters()),
    ]);
    grouped!.forEach((value, i) => {
      const film = Math.floor(i / 72);
      const group = Math.floor((i % 8) / 4);
      expect(Number.isFinite(value)).toBe(film !== group);
    });
    const broken = new Set(
      Array.from(layered!, (value, i) => (Number.isFinite(value) ? -1 : Math.floor(i / 8))),
    );
    expect([...broken].sort((a, b) => a - b)).toEqual([-1, 0, 9]);
  });

  it('leaks no tensor, whether or not gradients are recorded', async () => {
    await tf.setBackend('webgpu');
    const [x, gamma, beta] = [
      tf.tensor(draws([2, 4, 4, 8])).reshape([2, 4, 4, 8]),
      tf.ones([8]),
      tf.zeros([8]),
    ];
    const scale = gamma as tf.Tensor1D;
    const shift = beta as tf.Tensor1D;
    const before = tf.memory().numTensors;
    groupNorm(x, scale, shift, { groups: 4, relu: true }, x).dispose();
    layerNorm(x, scale, shift).dispose();
    tf.dispose(tf.grad((films) => groupNorm(films, scale, shift, { groups: 4, relu: true }, films))(x));
    tf.dispose(tf.grad((films) => layerNorm(films, scale, shift))(x));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses groups that do not divide the channels', () => {
    expect(() => groupNorm(tf.zeros([1, 2, 2, 6]), tf.ones([6]), tf.zeros([6]), { groups: 4 })).toThrow(
      RangeError,
    );
  });
});
