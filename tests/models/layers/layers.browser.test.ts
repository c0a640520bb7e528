/**
 * Layers against their formulas written naively on plain arrays, and gradients against central differences.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/random/random.ts';
import { attention } from '../../../src/kernels/attention.ts';
import { buildBatchNorm } from '../../../src/models/layers/batch-norm.ts';
import { buildEmbedding } from '../../../src/models/layers/embedding.ts';
import { gelu } from '../../../src/kernels/gelu.ts';
import { buildGroupNorm, groupCount } from '../../../src/models/layers/group-norm.ts';
import { ParameterScope } from '../../../src/models/parameter-scope.ts';
import { backends, useBackend } from '../../backends.ts';

function draw(count: number, seed: string): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: count }, () => random.normal());
}

/** Mean and variance of the values, naively. */
function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variance };
}

function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    expect(Math.abs(got[i]! - wanted[i]!), `at ${i}`).toBeLessThanOrEqual(tolerance);
  }
}

describe('groupCount', () => {
  it.each([
    [16, 2],
    [64, 8],
    [24, 3],
    [20, 2],
    [8, 1],
    [6, 1],
    [13, 1],
  ])('%i channels in %i groups', (channels, groups) => {
    expect(groupCount(channels)).toBe(groups);
  });
});

for (const backend of backends) {
  describe(`layers on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it('normalises groups of channels of each film', async () => {
      const [batch, pixels, channels] = [2, 6, 16];
      const values = draw(batch * pixels * channels, 'group');
      const normalise = buildGroupNorm(new ParameterScope(new Random(1)), channels);
      const got = await normalise(tf.tensor4d(values, [batch, 2, 3, channels])).data();
      const wanted = [...values].map((value, i) => {
        const [film, group] = [Math.floor(i / (pixels * channels)), Math.floor((i % channels) / 8)];
        const members = [...values].filter(
          (_, j) => Math.floor(j / (pixels * channels)) === film && Math.floor((j % channels) / 8) === group,
        );
        const { mean, variance } = moments(members);
        return (value - mean) / Math.sqrt(variance + 1e-5);
      });
      expectClose(got, wanted, 1e-5);
    });

    it('moves running statistics in training only', async () => {
      const scope = new ParameterScope(new Random(1));
      const normalise = buildBatchNorm(scope, 1);
      const x = tf.tensor4d([1, 2, 3, 6], [2, 1, 2, 1]); // mean 3, variance 3.5, unbiased 14 / 3
      const [mean, variance] = scope.buffers.map(({ variable }) => variable);
      expectClose(await normalise(x, false).data(), [1, 2, 3, 6], 1e-4);
      expectClose(await mean!.data(), [0], 0);
      normalise(x, true);
      expectClose(await mean!.data(), [0.3], 1e-6);
      expectClose(await variance!.data(), [0.9 + 1.4 / 3], 1e-6);
    });

    it('computes GELU and its gradient', async () => {
      const x = Float32Array.of(-6, -2, -0.75, -0.1, 0, 0.1, 0.75, 2, 6);
      // x · Φ(x), Φ by Simpson's rule on the normal density
      const phi = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
      const Phi = (z: number): number => {
        const step = z / 2000;
        let sum = phi(0) + phi(z);
        for (let i = 1; i < 2000; i++) sum += phi(i * step) * (i % 2 === 1 ? 4 : 2);
        return 0.5 + (sum * step) / 3;
      };
      expectClose(
        await gelu(tf.tensor1d(x)).data(),
        [...x].map((z) => z * Phi(z)),
        3e-6,
      );
      const gradient = tf.grad((input) => tf.sum(gelu(input)))(tf.tensor1d(x));
      const h = 1e-4;
      const differences = [...x].map((z) => ((z + h) * Phi(z + h) - (z - h) * Phi(z - h)) / (2 * h));
      expectClose(await gradient.data(), differences, 3e-6);
    });

    it('attends to what is not masked, and to everything with equal weight when keys are alike', async () => {
      const keys = tf.zeros<tf.Rank.R3>([1, 3, 2]);
      const queries = tf.ones<tf.Rank.R3>([1, 3, 2]);
      const values = tf.tensor3d([1, 10, 2, 20, 6, 60], [1, 3, 2]);
      const mask = tf.tensor2d([1, 1, 0], [1, 3], 'int32');
      const all = await attention(queries, keys, values, 2, null).data();
      const two = await attention(queries, keys, values, 2, mask).data();
      expectClose(all, [3, 30, 3, 30, 3, 30], 1e-4);
      expectClose(two, [1.5, 15, 1.5, 15, 1.5, 15], 1e-4);
    });

    it('sums the gradients of equal ids', async () => {
      const scope = new ParameterScope(new Random(1));
      const { lookUp, table } = buildEmbedding(scope, 4, 2);
      const ids = tf.tensor2d([3, 1, 3, 3], [2, 2], 'int32');
      const weights = tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
      const { grads } = tf.variableGrads(() => tf.sum(tf.mul(lookUp(ids), weights)), [table]);
      expect([...(await grads[table.name]!.data())]).toEqual([0, 0, 3, 4, 0, 0, 13, 16]);
    });
  });
}
