/** Our matrix product against its definition, against the cpu backend through tf.matMul, and its gradients. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerMatMul } from '../../../src/kernels/matmul/matmul.ts';
import { matMulReference } from '../../../src/kernels/matmul/matmul-product.ts';
import { startWebgpu } from '../../../src/tensors/backend.ts';
import { difference, draws, hasWebgpu, on, valueAndGradients } from '../device.ts';

const webgpu = await hasWebgpu();
/** float32 sums of up to 300 products of normal draws, in another order. */
const TOLERANCE = 3e-6;

const sizes: [rows: number, inner: number, columns: number][] = [
  [1, 1, 1],
  [3, 5, 7],
  [64, 128, 1],
  [1, 64, 4],
  [17, 20, 36],
  [33, 300, 12],
  [70, 9, 64],
  [4, 1, 8],
  [70, 127, 65], // large enough for tiles of 8 rows, none of them whole
  [68, 60, 160], // the same, in vectors
  [72, 128, 464], // for tiles of 16 rows, and two steps a turn
];

// Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)('matMul on WebGPU (skipped where the browser has no WebGPU adapter)', () => {
  beforeAll(async () => {
    await startWebgpu();
    registerMatMul();
  });

  it.each(sizes)('agrees for [%i, %i] × [%i], each transposition, value and gradients', async (m, k, n) => {
    for (const [transposeA, transposeB] of [
      [false, false],
      [false, true],
      [true, false],
      [true, true],
    ] as const) {
      const a = draws([m * k], 'a');
      const b = draws([k * n], 'b');
      const compute = valueAndGradients(
        (x, y) => tf.matMul(x, y, transposeA, transposeB),
        [
          [a, transposeA ? [k, m] : [m, k]],
          [b, transposeB ? [n, k] : [k, n]],
        ],
      );
      const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
      ours.forEach((values, i) => expect(difference(values, cpu[i]!)).toBeLessThan(TOLERANCE));
      const product = {
        ...{ batch: 1, rows: m, inner: k, columns: n, transposeA, transposeB },
        ...{ sharedA: false, sharedB: false },
      };
      expect(difference(ours[0]!, matMulReference(a, b, product))).toBeLessThan(TOLERANCE);
    }
  });

  it.each([
    [
      [3, 5, 8],
      [3, 8, 6],
    ],
    [
      [2, 3, 5, 7],
      [2, 3, 7, 4],
    ],
  ])('multiplies batches %j × %j', async (shapeA, shapeB) => {
    const compute = valueAndGradients(
      (x, y) => tf.matMul(x, y),
      [
        [draws(shapeA, 'a'), shapeA],
        [draws(shapeB, 'b'), shapeB],
      ],
    );
    const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
    ours.forEach((values, i) => expect(difference(values, cpu[i]!)).toBeLessThan(TOLERANCE));
  });

  it.each([
    [
      [3, 5, 8],
      [1, 8, 6],
    ],
    [
      [1, 5, 8],
      [4, 8, 12],
    ],
  ])('shares the one matrix of %j × %j with the batch', async (shapeA, shapeB) => {
    const compute = (): tf.Tensor[] => [
      tf.matMul(tf.tensor(draws(shapeA, 'a'), shapeA), tf.tensor(draws(shapeB, 'b'), shapeB)),
    ];
    const [[ours], [cpu]] = [await on('webgpu', compute), await on('cpu', compute)];
    expect(difference(ours!, cpu!)).toBeLessThan(TOLERANCE);
  });

  it.each(['linear', 'relu', 'sigmoid'] as const)('adds a bias and applies %s', async (activation) => {
    const compute = (): tf.Tensor[] => {
      const [a, b] = [tf.tensor(draws([19, 24], 'a'), [19, 24]), tf.tensor(draws([24, 12], 'b'), [24, 12])];
      return [tf.fused.matMul({ a, b, bias: tf.tensor(draws([12], 'bias')), activation })];
    };
    const [[ours], [cpu]] = [await on('webgpu', compute), await on('cpu', compute)];
    expect(difference(ours!, cpu!)).toBeLessThan(TOLERANCE);
  });

  it('lets NaN and overflow through, in their rows and columns only', async () => {
    const a = draws([20, 16], 'a');
    a[3] = NaN; // row 0
    a.fill(3e38, 16 * 18, 16 * 19); // row 18 overflows
    const compute = (): tf.Tensor[] => [
      tf.matMul(tf.tensor(a, [20, 16]), tf.tensor(draws([16, 8], 'b'), [16, 8])),
    ];
    const [[ours], [cpu]] = [await on('webgpu', compute), await on('cpu', compute)];
    expect(difference(ours!.subarray(8, 18 * 8), cpu!.subarray(8, 18 * 8))).toBeLessThan(TOLERANCE);
    expect(ours!.subarray(0, 8).every(Number.isNaN)).toBe(true);
    expect(ours!.subarray(18 * 8, 19 * 8).every((value) => !Number.isFinite(value))).toBe(true);
  });
});
