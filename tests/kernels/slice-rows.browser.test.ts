/** Rows of tensors are what they were: integers of any size, words of four bytes, numbers and their gradients. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { sliceRows, sliceRowsReference } from '../../src/kernels/slice-rows.ts';
import { backends, useBackend } from '../backends.ts';
import { draws } from './device.ts';

/** Words that no float32 holds: all bits set, NaN patterns, large odd numbers, as packed films have them. */
function words(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => Math.imul(i + 1, 0x9e3779b1) | 0x7f800001);
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each([
    [1, 1, 0, 1],
    [3, 5, 1, 2],
    [8, 300, 4, 4],
    [16, 1, 15, 1],
    [700, 3, 256, 300],
  ])('of %i rows of %i words, from %i, %i', async (rows, width, start, count) => {
    const values = words(rows * width);
    const x = tf.tensor2d(values, [rows, width], 'int32');
    const got = sliceRows(x, start, count);
    expect(got.shape).toEqual([count, width]);
    expect(got.dtype).toBe('int32');
    expect(await got.data()).toEqual(sliceRowsReference(values, width, start, count));
    tf.dispose([x, got]);
  });

  test('numbers with their gradient', async () => {
    const values = draws([6, 4], 'x');
    const x = tf.tensor2d(values, [6, 4]);
    const { value, grad } = tf.valueAndGrad((t: tf.Tensor) =>
      tf.sum<tf.Scalar>(tf.square(sliceRows(t, 2, 3))),
    )(x);
    const expected = values.map((v, i) => (i >= 8 && i < 20 ? 2 * v : 0));
    expect(await grad.data()).toEqual(expected);
    tf.dispose([x, value, grad]);
  });

  test('rows that are not there are refused', () => {
    const x = tf.zeros([4, 2]);
    expect(() => sliceRows(x, 3, 2)).toThrow('rows 3 to 5 of 4');
    x.dispose();
  });
});
