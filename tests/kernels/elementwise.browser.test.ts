/** Sums, differences, products and quotients with broadcasting on WebGPU against the cpu backend, values and gradients. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { elementwiseReference, registerElementwise } from '../../src/kernels/elementwise.ts';
import { startWebgpu } from '../../src/tensors/backend.ts';
import { difference, draws, hasWebgpu, on, valueAndGradients } from './device.ts';

const webgpu = await hasWebgpu();
/** Values and gradients are a few roundings each; WGSL allows a quotient 2.5 units in the last place. */
const TOLERANCE = 2e-6;

const shapes: [a: number[], b: number[]][] = [
  [[1], [1]],
  [[], [5]],
  [[70], [70]],
  [[6, 8], [8]], // bias
  [[6, 7], [7]],
  [[8], [6, 8]],
  [
    [6, 8],
    [6, 1],
  ], // off each row
  [
    [3, 5],
    [3, 1],
  ],
  [
    [2, 5, 8],
    [2, 1, 8],
  ],
  [
    [2, 5, 3],
    [2, 1, 3],
  ],
  [
    [2, 4, 4, 8],
    [2, 4, 4, 1],
  ],
  [
    [4, 1],
    [1, 8],
  ], // both are broadcast
  [
    [3, 1],
    [1, 5],
  ],
  [
    [2, 3, 4, 5],
    [2, 1, 4, 1],
  ], // not neighbours: the stock kernel's
  [[300, 401], [401]],
];

// Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)('elementwise on WebGPU (skipped where the browser has no WebGPU adapter)', () => {
  beforeAll(async () => {
    await startWebgpu();
    registerElementwise();
  });

  it.each(shapes)('agrees for %j and %j, value and gradients', async (shapeA, shapeB) => {
    const away = (values: Float32Array): Float32Array => values.map((x) => x + Math.sign(x)); // no quotient by almost 0
    for (const operation of [tf.add, tf.sub, tf.mul, tf.div]) {
      const compute = valueAndGradients(
        // The inner operations put both on the device, so that none is combined on the host.
        (a, b) => operation(tf.reshape(tf.relu(a), shapeA), tf.add(tf.exp(b), 1)),
        [
          [away(draws(shapeA, 'a')), shapeA],
          [away(draws(shapeB, 'b')), shapeB],
        ],
      );
      const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
      ours.forEach((values, i) => expect(difference(values, cpu[i]!)).toBeLessThan(TOLERANCE));
    }
  });

  it('agrees with the definition', async () => {
    const [a, b] = [draws([3, 40, 8], 'a'), draws([3, 1, 8], 'b')];
    const [value] = await on('webgpu', () => [
      tf.sub(tf.neg(tf.neg(tf.tensor3d(a, [3, 40, 8]))), tf.neg(tf.neg(tf.tensor3d(b, [3, 1, 8])))),
    ]);
    const places = [
      { outer: 1, reduced: 1, inner: 960 },
      { outer: 3, reduced: 40, inner: 8 },
    ] as const;
    const wanted = elementwiseReference('Sub', a, b, ...places);
    expect([...value!]).toEqual([...wanted]);
  });

  it('follows IEEE 754 for NaN, infinity and zero', async () => {
    const compute = (): tf.Tensor[] => {
      const [a, b] = [
        [NaN, Infinity, 1, 0, 3e38],
        [1, -Infinity, 0, 0, 3e38],
      ].map((x) => tf.neg(tf.neg(tf.tensor1d(x))));
      return [tf.add(a!, b!), tf.mul(a!, b!), tf.div(a!, b!)];
    };
    const [sum, product, quotient] = (await on('webgpu', compute)).map((values) => [...values]);
    expect(sum).toEqual([NaN, NaN, 1, 0, Infinity]);
    expect(product).toEqual([NaN, -Infinity, 0, 0, Infinity]);
    expect(quotient).toEqual([NaN, NaN, Infinity, NaN, 1]);
  });
});
