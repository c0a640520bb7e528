import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerKernels } from '../../src/kernels/registry.ts';
import { startWebgpu } from '../../src/tensors/backend.ts';
import { dispatch, emptyTensor, heldAsFloat } from '../../src/tensors/webgpu-dispatch.ts';

// TensorFlow.js casts int32 to float32 by sharing the buffer: the tensor says float32, the bits are integers.
describe('tensors cast from int32', () => {
  beforeAll(async () => {
    await startWebgpu();
    registerKernels();
  });

  const cast = (values: number[], shape: [number, number]): tf.Tensor2D =>
    tf.cast(tf.tensor2d(values, shape, 'int32'), 'float32');

  it.each<[string, (x: tf.Tensor2D) => tf.Tensor, number[]]>([
    ['div', (x) => tf.div(x, 2), [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4]],
    ['add', (x) => tf.add(x, 1), [2, 3, 4, 5, 6, 7, 8, 9]],
    ['mul', (x) => tf.mul(x, x), [1, 4, 9, 16, 25, 36, 49, 64]],
    ['sub', (x) => tf.sub(x, 1), [0, 1, 2, 3, 4, 5, 6, 7]],
    ['sum', (x) => tf.sum(x, 0), [6, 8, 10, 12]],
    ['mean', (x) => tf.mean(x, 1), [2.5, 6.5]],
    ['matMul', (x) => tf.matMul(x, tf.ones([4, 1])), [10, 26]],
    [
      'conv2d',
      (x) => tf.conv2d(tf.reshape<tf.Rank.R4>(x, [1, 2, 4, 1]), tf.ones([1, 1, 1, 1]), 1, 'same'),
      [1, 2, 3, 4, 5, 6, 7, 8],
    ],
  ])('%s reads them as numbers, not as bits', async (_name, run, expected) => {
    const result = await run(cast([1, 2, 3, 4, 5, 6, 7, 8], [2, 4])).data();
    expect(Array.from(result)).toEqual(expected);
  });

  it('are refused by our own dispatch', async () => {
    const x = cast([1, 2], [1, 2]);
    await x.data();
    expect(heldAsFloat(x)).toBe(false);
    expect(() => dispatch({ key: 'never compiled', code: () => '' }, [x, emptyTensor([2])], [1])).toThrow(
      TypeError,
    );
  });
});
