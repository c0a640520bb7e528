/** Our convolution and its two gradients against their definitions and against the cpu backend through tf.conv2d and tf.grads. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { convolutionReference, registerConvolution } from '../../../src/kernels/convolution/convolution.ts';
import { geometryOf, productsOf } from '../../../src/kernels/convolution/convolution-geometry.ts';
import {
  convolutionFilterGradientReference,
  registerConvolutionFilterGradient,
} from '../../../src/kernels/convolution/convolution-filter-gradient.ts';
import {
  convolutionInputGradientReference,
  registerConvolutionInputGradient,
} from '../../../src/kernels/convolution/convolution-input-gradient.ts';
import { FEW_PRODUCTS } from '../../../src/kernels/wgsl.ts';
import { startWebgpu } from '../../../src/tensors/backend.ts';
import { difference, draws, hasWebgpu, on, valueAndGradients } from '../device.ts';

const webgpu = await hasWebgpu();
/** float32 sums of up to 800 products of normal draws, in another order. */
const TOLERANCE = 3e-6;

type Case = [
  what: string,
  x: number[],
  filter: number[],
  stride: number | [number, number],
  pad: 'same' | 'valid' | number,
];
const cases: Case[] = [
  ['one pixel, one channel', [1, 1, 1, 1], [1, 1, 1, 1], 1, 'same'],
  ['3×3, channels of 4', [2, 8, 8, 4], [3, 3, 4, 8], 1, 'same'],
  ['3×3, odd sizes and channels', [2, 9, 7, 3], [3, 3, 3, 5], 1, 'same'],
  ['3×3, wider than a patch, valid', [1, 6, 37, 4], [3, 3, 4, 4], 1, 'valid'],
  ['3×3 stride 2, even', [2, 8, 8, 8], [3, 3, 8, 16], 2, 'same'],
  ['3×3 stride 2, odd', [2, 9, 11, 4], [3, 3, 4, 12], 2, 'same'],
  ['3×3 stride 2, valid, leftover pixels', [1, 8, 10, 5], [3, 3, 5, 4], 2, 'valid'],
  ['7×7 stride 2 stem of one channel', [2, 20, 20, 1], [7, 7, 1, 8], 2, 'same'],
  ['1×1 stride 2 shortcut', [2, 8, 8, 8], [1, 1, 8, 16], 2, 'same'],
  ['1×1, many channels', [1, 3, 3, 32], [1, 1, 32, 20], 1, 'valid'],
  ['patches of a transformer', [2, 16, 16, 1], [8, 8, 1, 12], 8, 'valid'],
  ['2×5 filter, strides 1 and 3', [1, 7, 13, 4], [2, 5, 4, 4], [1, 3], 'same'],
  ['explicit padding', [1, 6, 6, 4], [3, 3, 4, 4], 1, 2],
  ['filter larger than the film', [1, 3, 2, 4], [5, 5, 4, 4], 1, 'same'],
  ['enough to do for patches of 16 pixels', [5, 61, 59, 16], [3, 3, 16, 16], 1, 'same'],
];
const named = (name: string): Case => cases.find(([what]) => what === name)!;
/** Films enough for the tiles of larger work; of each path through the shaders one case. */
const larger = [
  ...['3×3, odd sizes and channels', '3×3, wider than a patch, valid', '3×3 stride 2, odd'],
  ...['3×3 stride 2, valid, leftover pixels', '7×7 stride 2 stem of one channel', '1×1 stride 2 shortcut'],
  ...['2×5 filter, strides 1 and 3', 'filter larger than the film'],
].map((what): Case => {
  const [, [, ...film], filter, stride, pad] = named(what);
  const one = geometryOf([1, ...film], filter, { strides: stride, pad, dataFormat: 'NHWC' }, [])!;
  return [`${what}, many films`, [Math.ceil(FEW_PRODUCTS / productsOf(one)), ...film], filter, stride, pad];
});

// Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)('convolution on WebGPU (skipped where the browser has no WebGPU adapter)', () => {
  beforeAll(async () => {
    await startWebgpu();
    registerConvolution();
    registerConvolutionInputGradient();
    registerConvolutionFilterGradient();
  });

  it.each([...cases, ...larger])(
    'agrees, value and gradients: %s',
    async (_what, xShape, filterShape, strides, pad) => {
      const [x, filter] = [draws(xShape, 'x'), draws(filterShape, 'filter')];
      const compute = valueAndGradients(
        (films, filters) => tf.conv2d(films as tf.Tensor4D, filters as tf.Tensor4D, strides, pad),
        [
          [x, xShape],
          [filter, filterShape],
        ],
      );
      const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
      ours.forEach((values, i) => expect(difference(values, cpu[i]!)).toBeLessThan(TOLERANCE));

      const g = geometryOf(xShape, filterShape, { strides, pad, dataFormat: 'NHWC' }, [])!;
      const dy = draws([g.batch, g.outHeight, g.outWidth, g.outChannels], 'dy');
      expect(difference(ours[0]!, convolutionReference(x, filter, g))).toBeLessThan(TOLERANCE);
      expect(difference(ours[1]!, convolutionInputGradientReference(dy, filter, g))).toBeLessThan(TOLERANCE);
      expect(difference(ours[2]!, convolutionFilterGradientReference(x, dy, g))).toBeLessThan(TOLERANCE);
    },
  );

  it.each(['linear', 'relu', 'elu'] as const)('adds a bias and applies %s', async (activation) => {
    const compute = (): tf.Tensor[] => {
      const x = tf.tensor4d(draws([2, 7, 9, 4], 'x'), [2, 7, 9, 4]);
      const filter = tf.tensor4d(draws([3, 3, 4, 12], 'w'), [3, 3, 4, 12]);
      const bias = tf.tensor1d(draws([12], 'bias'));
      return [tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias, activation })];
    };
    const [[ours], [cpu]] = [await on('webgpu', compute), await on('cpu', compute)];
    expect(difference(ours!, cpu!)).toBeLessThan(TOLERANCE);
  });

  it('leaves dilated filters to the stock kernel', async () => {
    const compute = (): tf.Tensor[] => {
      const x = tf.tensor4d(draws([1, 9, 9, 4], 'x'), [1, 9, 9, 4]);
      return [tf.conv2d(x, tf.tensor4d(draws([3, 3, 4, 4], 'w'), [3, 3, 4, 4]), 1, 'same', 'NHWC', 2)];
    };
    const [[ours], [cpu]] = [await on('webgpu', compute), await on('cpu', compute)];
    expect(difference(ours!, cpu!)).toBeLessThan(TOLERANCE);
  });

  it('keeps NaN and infinity where the filter reaches, padding included', async () => {
    const x = draws([1, 6, 6, 4], 'x');
    x[0] = Infinity; // a corner, which clamped reads of padding also touch
    x[4 * 35] = NaN; // the opposite corner
    const compute = (): tf.Tensor[] => {
      const films = tf.tensor4d(x, [1, 6, 6, 4]);
      const filters = tf.tensor4d(draws([3, 3, 4, 4], 'w'), [3, 3, 4, 4]);
      const y = tf.conv2d(films, filters, 1, 'same');
      const dFilter = tf.grad((w: tf.Tensor) => tf.conv2d(films, w as tf.Tensor4D, 1, 'same'))(filters);
      return [y, dFilter];
    };
    const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
    expect(difference(ours[0]!, cpu[0]!)).toBeLessThan(TOLERANCE);
    // The cpu backend's filter gradient and ours both skip pixels outside the film, so taps that never meet a corner stay finite.
    expect(difference(ours[1]!, cpu[1]!)).toBeLessThan(TOLERANCE);
  });
});
