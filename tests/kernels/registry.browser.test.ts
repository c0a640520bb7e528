/** registerKernels: plain TensorFlow.js programs run on our kernels, give what the stock kernels give, and leave nothing behind. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { groupNorm } from '../../src/kernels/normalisation/group-norm.ts';
import { restoreStockKernels } from '../../src/kernels/override.ts';
import { registerKernels } from '../../src/kernels/registry.ts';
import { startWebgpu } from '../../src/tensors/backend.ts';
import { difference, draws, hasWebgpu, on } from './device.ts';

const webgpu = await hasWebgpu();

/** Loss and all gradients of a small residual network, whose smooth activations leave no ReLU to fall on either side of 0. */
function lossAndGradients(): tf.Tensor[] {
  const shapes = [[3, 3, 1, 8], [8], [8], [3, 3, 8, 8], [1, 1, 8, 12], [12, 20], [20], [20, 1]];
  const weights = shapes.map((shape, i) => tf.mul(tf.tensor(draws(shape, i), shape), 0.3));
  const films = tf.tensor4d(draws([3, 13, 10, 1], 'films'), [3, 13, 10, 1]);
  const loss = (...w: tf.Tensor[]): tf.Scalar => {
    const stem = tf.conv2d(films, w[0] as tf.Tensor4D, 2, 'same');
    const normal = groupNorm(stem, w[1] as tf.Tensor1D, w[2] as tf.Tensor1D, { groups: 4 });
    const inner = tf.add<tf.Tensor4D>(normal, tf.tanh(tf.conv2d(normal, w[3] as tf.Tensor4D, 1, 'same')));
    const mixed = tf.maxPool(tf.conv2d(inner, w[4] as tf.Tensor4D, 2, 'valid'), 2, 1, 'valid');
    const pooled = tf.mean<tf.Tensor2D>(mixed, [1, 2]);
    const hidden = tf.tanh(tf.add(tf.matMul(pooled, w[5] as tf.Tensor2D), w[6]!));
    return tf.mean(tf.softplus(tf.matMul(hidden as tf.Tensor2D, w[7] as tf.Tensor2D)));
  };
  const { value, grads } = tf.valueAndGrads(loss)(weights);
  return [value, ...grads];
}

// Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)('registerKernels (skipped where the browser has no WebGPU adapter)', () => {
  const labels = new Set<string>();
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its own `this` below
  const original = GPUComputePassEncoder.prototype.setPipeline;

  beforeAll(async () => {
    await startWebgpu();
    GPUComputePassEncoder.prototype.setPipeline = function (pipeline) {
      labels.add(pipeline.label);
      original.call(this, pipeline);
    };
  });
  afterAll(() => {
    GPUComputePassEncoder.prototype.setPipeline = original;
    restoreStockKernels();
  });
  beforeEach(() => labels.clear());

  const ran = (name: string): boolean => [...labels].some((label) => label.startsWith(`${name} `));

  it('puts ours in the place of the stock kernels, with the same loss and gradients', async () => {
    restoreStockKernels();
    const stock = await on('webgpu', lossAndGradients);
    expect(ran('matMul') || ran('convolution')).toBe(false);
    registerKernels();
    registerKernels(); // a second call changes nothing
    const ours = await on('webgpu', lossAndGradients);
    for (const name of [
      ...['matMul', 'convolution', 'convolutionInputGradient', 'convolutionFilterGradient'],
      ...['sum', 'spread', 'Add', 'groupNorm', 'groupNorm gradient', 'pooling'],
    ]) {
      expect(ran(name), name).toBe(true);
    }
    ours.forEach((values, i) => expect(difference(values, stock[i]!)).toBeLessThan(2e-5));
  });

  it('agrees with the cpu backend, which keeps its own kernels', async () => {
    registerKernels();
    const [ours, cpu] = [await on('webgpu', lossAndGradients), await on('cpu', lossAndGradients)];
    ours.forEach((values, i) => expect(difference(values, cpu[i]!)).toBeLessThan(2e-5));
  });

  it('leaks neither tensors nor buffers over many steps', async () => {
    registerKernels();
    await tf.setBackend('webgpu');
    const step = async (): Promise<{ tensors: number; bytes: number }> => {
      const results = tf.tidy(lossAndGradients);
      await results[0]!.data();
      tf.dispose(results);
      const memory = tf.memory() as tf.MemoryInfo & { numBytesInGPU: number };
      return { tensors: memory.numTensors, bytes: memory.numBytesInGPU };
    };
    await step();
    const before = await step();
    for (let i = 0; i < 5; i++) await step();
    expect(await step()).toEqual(before);
  });
});
