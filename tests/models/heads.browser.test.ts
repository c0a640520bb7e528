/**
 * The two heads, against sums written out, on both backends.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/random/random.ts';
import { buildLinearHead } from '../../src/models/classifier.ts';
import { buildFusionHead } from '../../src/models/fusion.ts';
import { backends, useBackend } from '../backends.ts';
import { readWeights, zeroGradients } from './weights.ts';

for (const backend of backends) {
  describe(`heads on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it('a linear head is a sum of weighted features, near zero at first', async () => {
      const head = buildLinearHead(3, 2, new Random('a'));
      const weights = await readWeights(head.variables);
      const weight = weights.get('head.weight')!;
      const logits = tf.tidy(() => head.forward(tf.tensor2d([[1, -2, 3]])));
      const got = await logits.data();
      [0, 1].forEach((output) => {
        const wanted = weight[output]! - 2 * weight[2 + output]! + 3 * weight[4 + output]!;
        expect(got[output]).toBeCloseTo(wanted, 6);
        expect(Math.abs(got[output]!)).toBeLessThan(0.2);
      });
      logits.dispose();
      head.dispose();
    });

    it('a fusion head reads both embeddings, and reaches all its weights', async () => {
      const head = buildFusionHead(2, 3, 8, 2, new Random('a'));
      const images = tf.tensor2d([[1, -1]]);
      const texts = tf.tensor2d([[0.5, 2, -1]]);
      const logits = (image: tf.Tensor2D, text: tf.Tensor2D): Promise<ArrayLike<number>> =>
        tf.tidy(() => head.forward(image, text)).data();
      const both = await logits(images, texts);
      expect(await logits(tf.neg(images), texts)).not.toEqual(both);
      expect(await logits(images, tf.neg(texts))).not.toEqual(both);
      const loss = (): tf.Scalar => tf.sum(tf.square(head.forward(images, texts)));
      expect(head.forward(images, texts).shape).toEqual([1, 2]);
      expect(await zeroGradients(loss, head.variables)).toEqual([]);
      head.dispose();
    });

    it('starts alike from one seed', async () => {
      const heads = ['a', 'a', 'b'].map((seed) => buildFusionHead(2, 3, 4, 1, new Random(seed)));
      const [first, again, other] = await Promise.all(heads.map(({ variables }) => readWeights(variables)));
      expect(again).toEqual(first);
      expect(other).not.toEqual(first);
      heads.forEach((head) => head.dispose());
    });

    it('frees its weights', () => {
      const before = tf.memory().numTensors;
      buildFusionHead(2, 3, 4, 1, new Random('a')).dispose();
      buildLinearHead(2, 1, new Random('a')).dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
}
