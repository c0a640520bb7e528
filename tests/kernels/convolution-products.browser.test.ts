/** Convolutions by Winograd's way and by patches, and both gradients, against their definitions, at odd sizes; and which way is taken. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { convolutionReference } from '../../src/kernels/convolution/convolution.ts';
import { convolutionFilterGradientReference } from '../../src/kernels/convolution/convolution-filter-gradient.ts';
import { geometryOf, type ConvolutionGeometry } from '../../src/kernels/convolution/convolution-geometry.ts';
import { convolutionInputGradientReference } from '../../src/kernels/convolution/convolution-input-gradient.ts';
import {
  coveredByPatches,
  coveredByWinograd,
  wayOf,
} from '../../src/kernels/convolution/convolution-ways.ts';
import {
  convolveByPatches,
  filterGradientByPatches,
  inputGradientByPatches,
} from '../../src/kernels/convolution/patches.ts';
import { registerKernels } from '../../src/kernels/registry.ts';
import {
  convolveByWinograd,
  filterGradientByWinograd,
  inputGradientByWinograd,
} from '../../src/kernels/convolution/winograd.ts';
import { startWebgpu } from '../../src/tensors/backend.ts';
import { planOf } from '../../src/tensors/plan.ts';
import { compileProgram } from '../../src/tensors/program.ts';
import { discard } from '../../src/tensors/realise.ts';
import { isKernel, type Command } from '../../src/tensors/recording.ts';
import { trace } from '../../src/tensors/trace.ts';
import { asTensor, bufferLimit } from '../../src/tensors/webgpu-dispatch.ts';
import { insides } from '../../src/tensors/webgpu-insides.ts';
import { difference, draws, hasWebgpu, on, valueAndGradients } from './device.ts';

const webgpu = await hasWebgpu();
/** float32 sums of up to 800 products of normal draws, in another order. */
const TOLERANCE = 3e-6;

interface Way {
  readonly forward: typeof convolveByWinograd;
  readonly inputGradient: typeof inputGradientByWinograd;
  readonly filterGradient: typeof filterGradientByWinograd;
}
const winograd: Way = {
  forward: convolveByWinograd,
  inputGradient: inputGradientByWinograd,
  filterGradient: filterGradientByWinograd,
};
const patches: Way = {
  forward: convolveByPatches,
  inputGradient: inputGradientByPatches,
  filterGradient: filterGradientByPatches,
};

type Case = [what: string, x: number[], filter: number[], stride: number | [number, number], pad: Pad];
type Pad = 'same' | 'valid' | number;

const threeByThree: Case[] = [
  ['one pixel, one channel', [1, 1, 1, 1], [3, 3, 1, 1], 1, 'same'],
  ['even, channels of 4', [2, 8, 6, 4], [3, 3, 4, 8], 1, 'same'],
  ['odd sizes and channels', [2, 9, 7, 3], [3, 3, 3, 5], 1, 'same'],
  ['one side odd', [3, 4, 5, 8], [3, 3, 8, 4], 1, 'same'],
  ['valid', [2, 7, 10, 4], [3, 3, 4, 4], 1, 'valid'],
  ['one output', [1, 3, 3, 4], [3, 3, 4, 4], 1, 'valid'],
  ['wide padding', [1, 6, 5, 4], [3, 3, 4, 8], 1, 2],
  ['padding wider than the filter', [1, 4, 4, 4], [3, 3, 4, 4], 1, 3],
  ['many films, sums that are split', [9, 12, 14, 4], [3, 3, 4, 8], 1, 'same'],
  ['channels by the dozen', [2, 6, 6, 48], [3, 3, 48, 36], 1, 'same'],
];
const anyKind: Case[] = [
  ...threeByThree.slice(1, 5),
  ['stride 2, even', [2, 8, 8, 8], [3, 3, 8, 16], 2, 'same'],
  ['stride 2, odd', [2, 9, 11, 4], [3, 3, 4, 12], 2, 'same'],
  ['stride 2, valid, leftover pixels', [1, 8, 10, 5], [3, 3, 5, 4], 2, 'valid'],
  ['7×7 stride 2 stem of one channel', [2, 20, 20, 1], [7, 7, 1, 8], 2, 'same'],
  ['1×1 stride 2 shortcut', [2, 8, 8, 8], [1, 1, 8, 16], 2, 'same'],
  ['1×1 of every pixel', [3, 5, 4, 12], [1, 1, 12, 20], 1, 'valid'],
  ['1×1 with padding', [1, 3, 4, 4], [1, 1, 4, 4], 1, 1],
  ['stride wider than the filter', [1, 9, 9, 4], [2, 2, 4, 4], 3, 'valid'],
  ['2×5 filter, strides 1 and 3', [1, 7, 13, 4], [2, 5, 4, 4], [1, 3], 'same'],
  ['filter larger than the film', [1, 3, 2, 4], [5, 5, 4, 4], 1, 'same'],
];

function geometry(
  x: readonly number[],
  filter: readonly number[],
  strides: Case[3],
  pad: Pad,
): ConvolutionGeometry {
  return geometryOf(x, filter, { strides, pad, dataFormat: 'NHWC' } as never, ['float32', 'float32'])!;
}

/** Value and both gradients of one way, of the draws that the references get. */
function allThree(
  way: Way,
  g: ConvolutionGeometry,
  xShape: number[],
  filterShape: number[],
): () => tf.Tensor[] {
  return () => {
    const x = tf.tensor(draws(xShape, 'x'), xShape);
    const filter = tf.tensor(draws(filterShape, 'filter'), filterShape);
    const yShape = [g.batch, g.outHeight, g.outWidth, g.outChannels];
    const dy = tf.tensor(draws(yShape, 'dy'), yShape);
    return [
      asTensor(way.forward(x, filter, g)),
      asTensor(way.inputGradient(dy, filter, g)),
      asTensor(way.filterGradient(x, dy, g)),
    ];
  };
}

async function expectTheDefinition(way: Way, [, xShape, filterShape, stride, pad]: Case): Promise<void> {
  const g = geometry(xShape, filterShape, stride, pad);
  const [x, filter] = [draws(xShape, 'x'), draws(filterShape, 'filter')];
  const dy = draws([g.batch, g.outHeight, g.outWidth, g.outChannels], 'dy');
  const [y, dx, dFilter] = await on('webgpu', allThree(way, g, xShape, filterShape));
  expect(difference(y!, convolutionReference(x, filter, g))).toBeLessThan(TOLERANCE);
  expect(difference(dx!, convolutionInputGradientReference(dy, filter, g))).toBeLessThan(TOLERANCE);
  expect(difference(dFilter!, convolutionFilterGradientReference(x, dy, g))).toBeLessThan(TOLERANCE);
}

// Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)('convolution by products (skipped where the browser has no WebGPU adapter)', () => {
  beforeAll(async () => {
    await startWebgpu();
    registerKernels();
  });

  it.each(threeByThree)('by Winograd, value and gradients: %s', async (...one) => {
    expect(coveredByWinograd(geometry(one[1], one[2], one[3], one[4]), 2 ** 27)).toBe(true);
    await expectTheDefinition(winograd, one);
  });

  it.each(anyKind)('by patches, value and gradients: %s', async (...one) => {
    expect(coveredByPatches(geometry(one[1], one[2], one[3], one[4]), 2 ** 27)).toBe(true);
    await expectTheDefinition(patches, one);
  });

  it.each([
    ['Winograd', winograd, [2, 7, 9, 4], [3, 3, 4, 12], 1],
    ['patches', patches, [2, 7, 9, 4], [3, 3, 4, 12], 2],
    ['patches of single pixels', patches, [2, 7, 9, 4], [1, 1, 4, 5], 1],
  ] as const)('adds a bias and cuts off below zero: %s', async (_what, way, xShape, filterShape, stride) => {
    const g = geometry(xShape, filterShape, stride, 'same');
    const bias = draws([g.outChannels], 'bias');
    const [y] = await on('webgpu', () => {
      const x = tf.tensor(draws(xShape, 'x'), [...xShape]);
      const filter = tf.tensor(draws(filterShape, 'filter'), [...filterShape]);
      return [asTensor(way.forward(x, filter, g, { bias: tf.tensor1d(bias), relu: true }))];
    });
    const plain = convolutionReference(draws(xShape, 'x'), draws(filterShape, 'filter'), g);
    const wanted = plain.map((value, i) => Math.max(0, value + bias[i % g.outChannels]!));
    expect(difference(y!, wanted)).toBeLessThan(TOLERANCE);
    expect(y!.filter((value) => value === 0).length).toBeGreaterThan(y!.length / 4);
  });

  it.each([
    ['Winograd', winograd, 1],
    ['patches', patches, 2],
  ] as const)('hides no number that is not finite: %s', async (_what, way, stride) => {
    const [xShape, filterShape] = [
      [1, 9, 9, 4],
      [3, 3, 4, 4],
    ];
    const x = draws(xShape, 'x');
    x[0] = Infinity;
    x[4 * 80] = NaN;
    const g = geometry(xShape, filterShape, stride, 'same');
    const filter = draws(filterShape, 'filter');
    const [y] = await on('webgpu', () => [
      asTensor(way.forward(tf.tensor(x, xShape), tf.tensor(filter, filterShape), g)),
    ]);
    const wanted = convolutionReference(x, filter, g);
    const notFinite = [...wanted.keys()].filter((i) => !Number.isFinite(wanted[i]));
    expect(notFinite.length).toBeGreaterThan(0);
    for (const i of notFinite) expect(Number.isFinite(y![i])).toBe(false);
    // A tile of Winograd's shares its numbers, but no film shares them all.
    expect(y!.filter((value) => Number.isFinite(value)).length).toBeGreaterThan(y!.length / 3);
  });

  it('takes a way only where it pays and where the device can bind its buffers', () => {
    const large = geometry([8, 32, 32, 64], [3, 3, 64, 64], 1, 'same');
    const halving = geometry([8, 32, 32, 64], [3, 3, 64, 128], 2, 'same');
    const pointwise = geometry([8, 16, 16, 128], [1, 1, 128, 32], 1, 'same');
    expect([large, halving, pointwise].map(wayOf)).toEqual(['winograd', 'patches', 'patches']);
    expect(wayOf(geometry([1, 8, 8, 64], [3, 3, 64, 64], 1, 'same'))).toBe('definition');
    expect(wayOf(geometry([16, 64, 64, 1], [3, 3, 1, 64], 2, 'same'))).toBe('definition');
    expect(wayOf(geometry([8, 32, 32, 64], [5, 5, 64, 64], 1, 'same'))).toBe('definition');
    // 16 numbers for each of 2,048 tiles and 64 channels; a row of 9 · 64 numbers for each of 2,048 pixels.
    expect([8 * 2 ** 20, 8 * 2 ** 20 - 1].map((bytes) => coveredByWinograd(large, bytes))).toEqual([
      true,
      false,
    ]);
    const row = 4 * 2048 * 9 * 64;
    expect([row, row - 1].map((bytes) => coveredByPatches(halving, bytes))).toEqual([true, false]);
    expect(coveredByWinograd(halving, 2 ** 30)).toBe(false);
  });

  it('stands behind tf.conv2d and its gradients where there is much to do', async () => {
    for (const [way, xShape, filterShape, stride] of [
      ['winograd', [3, 32, 31, 64], [3, 3, 64, 64], 1],
      ['patches', [4, 17, 16, 32], [3, 3, 32, 64], 2],
      ['patches', [2, 16, 16, 64], [1, 1, 64, 128], 1],
    ] as const) {
      const g = geometry(xShape, filterShape, stride, 'same');
      expect(wayOf(g)).toBe(way);
      const compute = valueAndGradients(
        (x, filter) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, 'same'),
        [
          [draws(xShape, 'x'), xShape],
          [draws(filterShape, 'filter'), filterShape],
        ],
      );
      const [y, dx, dFilter] = await on('webgpu', compute);
      const [x, filter] = [draws(xShape, 'x'), draws(filterShape, 'filter')];
      const dy = draws([g.batch, g.outHeight, g.outWidth, g.outChannels], 'dy');
      expect(difference(y!, convolutionReference(x, filter, g))).toBeLessThan(TOLERANCE);
      expect(difference(dx!, convolutionInputGradientReference(dy, filter, g))).toBeLessThan(TOLERANCE);
      const gradient = convolutionFilterGradientReference(x, dy, g);
      expect(difference(dFilter!, gradient)).toBeLessThan(TOLERANCE);
    }
  });

  it.each([
    ['a product', [12, 16], [16, 16], 1],
    ['the definition', [2, 8, 8, 8], [3, 3, 8, 8], 1],
    ['Winograd', [4, 24, 24, 64], [3, 3, 64, 64], 1],
    ['patches', [4, 24, 24, 64], [3, 3, 64, 64], 2],
  ] as const)(
    'joins a skip connection on its way back, bit for bit: %s',
    async (_what, xShape, wShape, stride) => {
      const weights = tf.tensor(draws(wShape, 'weights'), [...wShape]);
      const block = (x: tf.Tensor): tf.Tensor => {
        const y =
          xShape.length === 2
            ? tf.matMul(x, weights)
            : tf.conv2d(x as tf.Tensor4D, weights as tf.Tensor4D, stride, 'same');
        const skip = stride === 1 ? x : tf.avgPool(x as tf.Tensor4D, 2, 2, 'same');
        return tf.sum(tf.square(tf.add(y, tf.square(skip))));
      };
      const inputs = { x: { shape: xShape, dtype: 'float32', values: draws(xShape, 'x') } } as const;
      const results: Float32Array[] = [];
      for (const eager of [true, false]) {
        const program = await compileProgram({
          ...{ inputs, state: [], eager },
          compute: ({ x }) => ({ dx: tf.grad(block)(x!) }),
        });
        program.run(inputs);
        results.push(await program.read('dx'));
        program.dispose();
      }
      expect(results[1]).toEqual(results[0]);
      expect(results[0]!.some((value) => value !== 0)).toBe(true);

      const x = tf.tensor(inputs.x.values, [...xShape]);
      const recording = trace(() => ({ dx: tf.grad(block)(x) }));
      const sums = (commands: readonly Command[]): number =>
        commands.filter(({ program }) => isKernel(program) && program.adds).length;
      // The forward sum stays: its second summand is not there yet when the first is made.
      expect(sums(recording.commands)).toBe(2);
      expect(sums(planOf(recording, { buffers: bufferLimit() }).commands)).toBe(1);
      discard(insides(), recording);
      tf.dispose([weights, x]);
    },
  );
});
