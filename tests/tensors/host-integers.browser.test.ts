/** Whole numbers that stay readable at once on WebGPU, and what is not: only there, and only while it is asked for. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { OnDeviceError, withIntegersOnHost } from '../../src/tensors/host-integers.ts';
import { insides } from '../../src/tensors/webgpu-insides.ts';
import { useBackend } from '../backends.ts';

beforeAll(() => useBackend('webgpu'));

/** Tensors of a piece of work, all disposed of at its end. */
async function scoped(work: () => Promise<void>): Promise<void> {
  tf.engine().startScope('test');
  try {
    await withIntegersOnHost(work);
  } finally {
    tf.engine().endScope();
  }
}

it('reads whole numbers at once, also after the device has used them, and computes new ones from them', () =>
  scoped(async () => {
    const rows = tf.tensor1d([2, 0], 'int32');
    const gathered = tf.gather(tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]), rows);
    expect(Array.from(await gathered.data())).toEqual([5, 6, 1, 2]);
    expect(Array.from(rows.dataSync())).toEqual([2, 0]);
    const next = tf.add(tf.max(rows), tf.scalar(1, 'int32'));
    expect(tf.concat([tf.reshape(next, [1]), tf.tensor1d([7], 'int32')]).dataSync()).toEqual(
      Int32Array.of(3, 7),
    );
  }));

it('takes what the device wrote in place from the device', () =>
  scoped(async () => {
    const places = tf.tensor2d([[0, 1], [1, 0]], [2, 2], 'int32'); // prettier-ignore
    const dense = tf.sparseToDense(places, tf.tensor1d([5, 6], 'int32'), [2, 2], tf.scalar(-1, 'int32'));
    expect(() => dense.dataSync()).toThrow(OnDeviceError);
    expect(Array.from(await tf.greater(dense, -1).data())).toEqual([0, 1, 1, 0]);
  }));

it('refuses to read fractions of the device at once, and leaves the backend as it was', async () => {
  const backend = insides();
  const own = Object.keys(backend);
  await expect(
    scoped(() => {
      tf.square(tf.scalar(0.5)).dataSync();
      return Promise.resolve();
    }),
  ).rejects.toThrow(OnDeviceError);
  expect(Object.keys(backend)).toEqual(own);
});
