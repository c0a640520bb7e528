/** Attention on WebGPU against its definition and the cpu backend's composition, values and gradients. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { attention, attentionReference, selfAttention } from '../../src/kernels/attention.ts';
import { registerKernels } from '../../src/kernels/registry.ts';
import { startWebgpu } from '../../src/tensors/backend.ts';
import { difference, draws, hasWebgpu, on, valueAndGradients } from './device.ts';

const webgpu = await hasWebgpu();
/** float32 exponentials and sums of up to 100 products of normal draws. */
const TOLERANCE = 1e-5;

/** The definition, head by head, on [batch, tokens, dimensions]. */
function defined(
  [q, k, v]: readonly Float32Array[],
  [batch, queries, keys, heads, head]: readonly [number, number, number, number, number],
  mask?: Int32Array,
): Float32Array {
  const all = new Float32Array(batch * queries * heads * head);
  const taken = (x: Float32Array, tokens: number, b: number, h: number): number[] =>
    Array.from(
      { length: tokens * head },
      (_, i) => x[((b * tokens + Math.floor(i / head)) * heads + h) * head + (i % head)]!,
    );
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      const [one, two, three] = [taken(q!, queries, b, h), taken(k!, keys, b, h), taken(v!, keys, b, h)];
      const own = mask?.subarray(b * keys, (b + 1) * keys);
      attentionReference(one, two, three, head, own).forEach((value, i) => {
        all[((b * queries + Math.floor(i / head)) * heads + h) * head + (i % head)] = value;
      });
    }
  }
  return all;
}

const three = (shapes: readonly (readonly number[])[]): (readonly [Float32Array, readonly number[]])[] =>
  shapes.map((shape, i) => [draws(shape, i), shape] as const);

// Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)('attention on WebGPU (skipped where the browser has no WebGPU adapter)', () => {
  beforeAll(async () => {
    await startWebgpu();
    registerKernels();
  });

  it.each([
    [1, 1, 1, 1, 1],
    [2, 5, 5, 2, 8],
    [2, 7, 3, 3, 5], // cross-attention, odd heads
    [1, 65, 65, 2, 32],
    [2, 65, 66, 2, 32], // enough to do for four rows a thread in software
    [3, 6, 9, 1, 4],
    [1, 4, 4, 1, 96], // a head of more vectors than have names
    [1, 3, 6, 2, 48],
    [2, 53, 55, 2, 48], // for two rows
    [1, 70, 66, 1, 19],
  ] as const)('batch %i, %i queries, %i keys, %i heads of %i, with and without mask', async (...sizes) => {
    const [batch, queries, keys, heads, head] = sizes;
    const inputs = three([
      [batch, queries, heads * head],
      [batch, keys, heads * head],
      [batch, keys, heads * head],
    ]);
    const mask = Int32Array.from({ length: batch * keys }, (_, i) =>
      i % keys === 0 || (i * 7) % 3 > 0 ? 1 : 0,
    );
    for (const own of [undefined, mask]) {
      const compute = valueAndGradients((q, k, v) => {
        const masks = own ? tf.tensor2d(own, [batch, keys], 'int32') : null;
        return attention(q as tf.Tensor3D, k as tf.Tensor3D, v as tf.Tensor3D, heads, masks);
      }, inputs);
      const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
      ours.forEach((values, i) => expect(difference(values, cpu[i]!)).toBeLessThan(TOLERANCE));
      const wanted = defined(
        inputs.map(([values]) => values),
        sizes,
        own,
      );
      expect(difference(ours[0]!, wanted)).toBeLessThan(TOLERANCE);
    }
  });

  it.each([
    [2, 5, 2, 8],
    [2, 65, 4, 32],
    [1, 9, 3, 3],
    [1, 1, 1, 4],
  ])('batch %i, %i tokens, %i heads of %i on the packed projection', async (batch, tokens, heads, head) => {
    const shape = [batch, tokens, 3 * heads * head];
    const compute = valueAndGradients(
      (qkv) => selfAttention(qkv as tf.Tensor3D, heads),
      [[draws(shape), shape]],
    );
    const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
    ours.forEach((values, i) => expect(difference(values, cpu[i]!)).toBeLessThan(TOLERANCE));
  });

  it('weighs all keys alike, as the composition does, where every key is masked', async () => {
    const inputs = three([
      [2, 3, 8],
      [2, 5, 8],
      [2, 5, 8],
    ]);
    const compute = valueAndGradients((q, k, v) => {
      const mask = tf.tensor2d([0, 0, 0, 0, 0, 1, 0, 1, 0, 0], [2, 5], 'int32');
      return attention(q as tf.Tensor3D, k as tf.Tensor3D, v as tf.Tensor3D, 2, mask);
    }, inputs);
    const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
    ours.forEach((values, i) => expect(difference(values, cpu[i]!)).toBeLessThan(TOLERANCE));
    const values = inputs[2]![0];
    const mean = Array.from({ length: 8 }, (_, c) => {
      return [0, 1, 2, 3, 4].reduce((sum, j) => sum + values[8 * j + c]!, 0) / 5;
    });
    expect(difference(ours[0]!.subarray(0, 8), mean)).toBeLessThan(TOLERANCE);
  });

  it('keeps large logits apart and lets NaN through, in its entry only', async () => {
    const [q, k, v] = three([
      [2, 4, 4],
      [2, 6, 4],
      [2, 6, 4],
    ]).map(([values]) => values) as [Float32Array, Float32Array, Float32Array];
    q.forEach((value, i) => (q[i] = 100 * value));
    k[4 * 6 + 2] = NaN; // entry 1, key 0
    const compute = (): tf.Tensor[] => [
      attention(tf.tensor3d(q, [2, 4, 4]), tf.tensor3d(k, [2, 6, 4]), tf.tensor3d(v, [2, 6, 4]), 1, null),
    ];
    const [[ours], [cpu]] = [await on('webgpu', compute), await on('cpu', compute)];
    // Logits of some hundreds are known to 1e-5 of themselves.
    expect(difference(ours!.subarray(0, 16), cpu!.subarray(0, 16))).toBeLessThan(1e-4);
    expect(ours!.subarray(16).every(Number.isNaN)).toBe(true);
  });
});
