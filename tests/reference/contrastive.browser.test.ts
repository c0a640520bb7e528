/** Contrastive losses against the golden numbers (open_clip, PyTorch in float64), on cpu and webgpu; groups against sums by hand. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { unitRows } from '../../src/kernels/normalisation/unit-rows.ts';
import { convirt, infoNce, ntXent, sigLip } from '../../src/losses/contrastive.ts';
import { backends, useBackend } from '../backends.ts';
import { draws } from '../kernels/device.ts';
import { checkLoss as check } from './check-loss.ts';
import { readReference } from './reference.ts';

describe.each(backends)('contrastive losses on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test('losses/clip_infonce.json', async () => {
    const { cases } = await readReference('losses/clip_infonce.json');
    expect(cases.length).toBeGreaterThan(0);
    for (const reference of cases) {
      await check(reference, (image, text, scale) =>
        infoNce(image as tf.Tensor2D, text as tf.Tensor2D, scale as tf.Scalar),
      );
    }
  });

  test('losses/ntxent_simclr.json', async () => {
    const { cases } = await readReference('losses/ntxent_simclr.json');
    expect(cases.length).toBeGreaterThan(0);
    for (const reference of cases) {
      const { tau } = reference.args as unknown as { tau: number };
      await check(reference, (first, second) => ntXent(first as tf.Tensor2D, second as tf.Tensor2D, tau));
    }
  });

  test('losses/convirt.json', async () => {
    const { cases } = await readReference('losses/convirt.json');
    expect(cases.length).toBeGreaterThan(0);
    for (const reference of cases) {
      const { lambda, tau } = reference.args as unknown as { lambda: number; tau: number };
      await check(reference, (image, text) =>
        convirt(image as tf.Tensor2D, text as tf.Tensor2D, tau, lambda),
      );
    }
  });

  test('losses/siglip.json', async () => {
    const { cases } = await readReference('losses/siglip.json');
    expect(cases.length).toBeGreaterThan(0);
    for (const reference of cases) {
      await check(reference, (image, text, scale, bias) =>
        sigLip(image as tf.Tensor2D, text as tf.Tensor2D, scale as tf.Scalar, bias as tf.Scalar),
      );
    }
  });

  test('rows of one group are not each other’s negatives', async () => {
    const groups = [5, 7, 5, 9];
    const [a, b] = [draws([4, 3], 'a'), draws([4, 3], 'b')];
    const unit = async (x: Float32Array): Promise<number[][]> =>
      await unitRows(tf.tensor2d(x, [4, 3])).array();
    const [u, v] = [await unit(a), await unit(b)];
    const dot = (x: number[], y: number[]): number => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
    /** Mean over rows of −log of the partner's share among what takes part. */
    const byHand = (
      left: number[][],
      right: number[][],
      scale: number,
      takesPart: (i: number, j: number) => boolean,
      partner: (i: number) => number,
    ): number =>
      left.reduce((sum, row, i) => {
        const powers = right.map((other, j) => (takesPart(i, j) ? Math.exp(scale * dot(row, other)) : 0));
        return sum - Math.log(powers[partner(i)]! / powers.reduce((total, power) => total + power, 0));
      }, 0) / left.length;

    const compared = (i: number, j: number): boolean => i === j || groups[i] !== groups[j];
    const identity = (i: number): number => i;
    const expected = (byHand(u, v, 4, compared, identity) + byHand(v, u, 4, compared, identity)) / 2;
    const ids = tf.tensor1d(groups, 'int32');
    const [image, text] = [tf.tensor2d(a, [4, 3]), tf.tensor2d(b, [4, 3])];
    const got = await infoNce(image, text, tf.scalar(Math.log(4)), [ids]).data();
    expect(Math.abs(got[0]! - expected)).toBeLessThan(1e-5);

    // SigLIP: every compared pair by itself.
    const sigmoidSum = u.reduce((sum, row, i) => {
      const logits = v.map((other) => 4 * dot(row, other) - 1);
      const losses = logits.map((z, j) => (compared(i, j) ? Math.log1p(Math.exp(i === j ? -z : z)) : 0));
      return sum + losses.reduce((total, loss) => total + loss, 0);
    }, 0);
    const sigmoids = await sigLip(image, text, tf.scalar(Math.log(4)), tf.scalar(-1), [ids]).data();
    expect(Math.abs(sigmoids[0]! - sigmoidSum / 4)).toBeLessThan(1e-5);

    const both = [...u, ...v];
    const partner = (i: number): number => (i + 4) % 8;
    const others = (i: number, j: number): boolean =>
      j === partner(i) || (i !== j && groups[i % 4] !== groups[j % 4]);
    const wanted = byHand(both, both, 1 / 0.5, others, partner);
    expect(Math.abs((await ntXent(image, text, 0.5, [ids]).data())[0]! - wanted)).toBeLessThan(1e-5);
  });

  test('what does not fit is refused', () => {
    const pairs = tf.zeros<tf.Rank.R2>([4, 3]);
    expect(() => infoNce(pairs, tf.zeros([3, 3]), tf.scalar(0))).toThrow('expected embeddings in pairs');
    expect(() => ntXent(pairs, pairs, 0)).toThrow('temperature must be > 0');
    expect(() => convirt(pairs, pairs, 0, 0.5)).toThrow('temperature must be > 0');
    expect(() => convirt(pairs, pairs, 0.1, 1.5)).toThrow('lambda must be in [0, 1]');
    pairs.dispose();
  });

  // The cpu backend takes a minute for it; sums by hand say what is right.
  test.skipIf(backend === 'cpu')(
    '1,024 pairs have the loss and the slope of the scale that sums by hand have',
    async () => {
      const [count, width, scale] = [1024, 16, 5];
      const [a, b] = [draws([count, width], 'a'), draws([count, width], 'b')];
      const rowsOf = (values: Float32Array): number[][] =>
        Array.from({ length: count }, (_, i) => {
          const row = [...values.subarray(i * width, (i + 1) * width)];
          const length = Math.hypot(...row);
          return row.map((value) => value / length);
        });
      const [u, v] = [rowsOf(a), rowsOf(b)];
      const products = u.map((row) =>
        v.map((other) => row.reduce((sum, value, c) => sum + value * other[c]!, 0)),
      );
      /** Loss, and its slope in the logarithm of the scale. */
      const direction = (product: (i: number, j: number) => number): [number, number] => {
        let [loss, slope] = [0, 0];
        for (let i = 0; i < count; i++) {
          let [total, weighted] = [0, 0];
          for (let j = 0; j < count; j++) {
            const power = Math.exp(scale * product(i, j));
            total += power;
            weighted += power * product(i, j);
          }
          loss += (Math.log(total) - scale * product(i, i)) / count;
          slope += (scale * (weighted / total - product(i, i))) / count;
        }
        return [loss, slope];
      };
      const [rows, columns] = [direction((i, j) => products[i]![j]!), direction((i, j) => products[j]![i]!)];
      const [image, text] = [a, b].map((values) => tf.tensor2d(values, [count, width])) as [
        tf.Tensor2D,
        tf.Tensor2D,
      ];
      const loss = (logScale: tf.Tensor): tf.Scalar => infoNce(image, text, logScale as tf.Scalar);
      const { value, grad } = tf.valueAndGrad(loss)(tf.scalar(Math.log(scale)));
      expect((await value.data())[0]! / ((rows[0] + columns[0]) / 2)).toBeCloseTo(1, 5);
      expect((await grad.data())[0]! / ((rows[1] + columns[1]) / 2)).toBeCloseTo(1, 4);
      tf.dispose([image, text, value, grad]);
    },
  );
});
