/** Depthwise convolution on WebGPU against its definition and the cpu backend, values and gradients. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { depthwiseConvolutionReference } from '../../../src/kernels/convolution/depthwise-convolution.ts';
import { compileProgram } from '../../../src/tensors/program.ts';
import { useBackend } from '../../backends.ts';
import { difference, draws, hasWebgpu, on, valueAndGradients } from '../device.ts';

const webgpu = await hasWebgpu();
type Shape = [number, number, number, number];

const cases: readonly [x: Shape, filter: Shape, stride: number, pad: 'same' | 'valid'][] = [
  [[1, 1, 1, 1], [1, 1, 1, 1], 1, 'same'],
  [[2, 7, 6, 8], [3, 3, 8, 1], 1, 'same'],
  [[2, 9, 8, 12], [3, 3, 12, 1], 2, 'same'],
  [[3, 8, 8, 3], [5, 3, 3, 2], 1, 'valid'],
  [[1, 11, 13, 4], [7, 7, 4, 1], 2, 'valid'],
  [[2, 6, 6, 5], [2, 2, 5, 3], 2, 'same'],
  [[4, 20, 20, 16], [3, 3, 16, 1], 1, 'same'], // more threads than a workgroup, sums in parts
];

// Without an adapter there is no kernel to test.
describe.skipIf(!webgpu)('depthwise convolution (skipped where the browser has no WebGPU adapter)', () => {
  beforeAll(() => useBackend('webgpu'));

  it.each(cases)('of %j with %j, stride %i, %s', async (shape, filterShape, stride, pad) => {
    const [x, filter] = [draws(shape, 'x'), draws(filterShape, 'filter')];
    const compute = valueAndGradients(
      (films, weights) => tf.depthwiseConv2d(films as tf.Tensor4D, weights as tf.Tensor4D, stride, pad),
      [
        [x, shape],
        [filter, filterShape],
      ],
    );
    const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
    ours.forEach((values, i) => expect(difference(values, cpu[i]!), `output ${i}`).toBeLessThan(3e-6));
    const { padInfo, outShape } = tf.backend_util.computeConv2DInfo(
      shape,
      filterShape,
      stride,
      1,
      pad,
      undefined,
      true,
    );
    const sizes = {
      inShape: shape,
      filterShape,
      outShape: outShape,
      stride,
      top: padInfo.top,
      left: padInfo.left,
    };
    const wanted = depthwiseConvolutionReference(x, filter, draws(outShape, 'dy'), sizes);
    expect(difference(ours[0]!, wanted.y)).toBeLessThan(3e-6);
    expect(difference(ours[1]!, wanted.dx)).toBeLessThan(3e-6);
    expect(difference(ours[2]!, wanted.dFilter)).toBeLessThan(3e-6);
  });

  it('dilates as the cpu backend does', async () => {
    const compute = (): tf.Tensor[] => [
      tf.depthwiseConv2d(
        tf.tensor4d(draws([2, 9, 9, 4], 'x'), [2, 9, 9, 4]),
        tf.tensor4d(draws([3, 3, 4, 1], 'filter'), [3, 3, 4, 1]),
        1,
        'same',
        'NHWC',
        2,
      ),
    ];
    expect(difference((await on('webgpu', compute))[0]!, (await on('cpu', compute))[0]!)).toBeLessThan(3e-6);
  });

  it('lets NaN through where the window holds it, and nowhere else', async () => {
    const x = new Float32Array(5 * 5).fill(1);
    x[0] = NaN;
    const [values] = await on('webgpu', () => [
      tf.depthwiseConv2d(tf.tensor4d(x, [1, 5, 5, 1]), tf.ones([3, 3, 1, 1]), 1, 'valid'),
    ]);
    expect([...values!].map(Number.isNaN)).toEqual([true, ...new Array<boolean>(8).fill(false)]);
  });

  it('is captured in three dispatches and the sum, with the numbers of the eager step', async () => {
    const shape: Shape = [4, 12, 12, 8];
    const filter = tf.variable(tf.tensor4d(draws([3, 3, 8, 1], 'filter'), [3, 3, 8, 1]));
    const inputs = { x: { shape, dtype: 'float32' as const, values: draws(shape, 'x') } };
    const compute = ({ x }: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> => {
      const op = (films: tf.Tensor, weights: tf.Tensor): tf.Tensor =>
        tf.depthwiseConv2d(films as tf.Tensor4D, weights as tf.Tensor4D, 1, 'same');
      const [dx, dw] = tf.grads(op)([x!, filter], x);
      return { y: op(x!, filter), dx: dx!, dw: dw! };
    };
    const [replayed, eager] = await Promise.all(
      [false, true].map((isEager) => compileProgram({ inputs, state: [], compute, eager: isEager })),
    );
    expect(replayed!.cost.dispatches).toBeLessThanOrEqual(4);
    for (const program of [replayed!, eager!]) program.run(inputs);
    for (const name of ['y', 'dx', 'dw']) expect(await replayed!.read(name)).toEqual(await eager!.read(name));
    for (const program of [replayed!, eager!]) program.dispose();
    filter.dispose();
  });
});
