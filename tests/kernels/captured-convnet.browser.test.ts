/** Captured normalisations and pooling repeat what they give eagerly, bit for bit, running statistics included. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { batchNorm } from '../../src/kernels/normalisation/batch-norm.ts';
import { groupNorm } from '../../src/kernels/normalisation/group-norm.ts';
import { registerKernels } from '../../src/kernels/registry.ts';
import { startWebgpu } from '../../src/tensors/backend.ts';
import { compileProgram } from '../../src/tensors/program.ts';
import { draws, hasWebgpu } from './device.ts';

const webgpu = await hasWebgpu();
const shape = [2, 6, 6, 8];

// Without an adapter there is nothing to capture; software WebGPU stands in where Chromium has it.
it.skipIf(!webgpu)('repeats two training steps bit for bit (skipped where there is no adapter)', async () => {
  await startWebgpu();
  registerKernels();
  const [eager, captured] = [await twoSteps(true), await twoSteps(false)];
  expect(captured.values).toEqual(eager.values);
  // Four operations at one dispatch forward, five gradients back, the mean's two, joins and sums: a form that falls apart passes this.
  expect(captured.dispatches).toBeLessThanOrEqual(16);
});

async function twoSteps(eager: boolean): Promise<{ values: Float32Array[]; dispatches: number }> {
  const [gamma, beta] = [tf.tensor1d(draws([8], 'gamma')), tf.tensor1d(draws([8], 'beta'))];
  const filter = tf.tensor4d(draws([3, 3, 8, 8], 'filter'), [3, 3, 8, 8]);
  const running = {
    mean: tf.variable(tf.zeros([8]), false),
    variance: tf.variable(tf.ones([8]), false),
    momentum: 0.1,
  };
  const network = (x: tf.Tensor, w: tf.Tensor, g: tf.Tensor, b: tf.Tensor): tf.Tensor => {
    const [scale, shift] = [g as tf.Tensor1D, b as tf.Tensor1D];
    const y = tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same');
    const normal = batchNorm(y, scale, shift, running, { training: true, epsilon: 1e-5, relu: true });
    const joined = groupNorm(normal, scale, shift, { groups: 2, relu: true }, x as tf.Tensor4D);
    return tf.mean(tf.maxPool(joined, 3, 2, 1), [1, 2, 3]);
  };
  const input = (seed: string): { shape: number[]; dtype: 'float32'; values: Float32Array } => {
    return { shape, dtype: 'float32', values: draws(shape, seed) };
  };
  const program = await compileProgram({
    inputs: { x: input('compile') },
    state: [running.mean, running.variance],
    compute: ({ x }) => {
      const [dx, dFilter, dGamma, dBeta] = tf.grads(network)([x!, filter, gamma, beta]);
      return { dx: dx!, dFilter: dFilter!, dGamma: dGamma!, dBeta: dBeta! };
    },
    eager,
  });
  const values: Float32Array[] = [];
  for (const seed of ['first', 'second']) {
    program.run({ x: input(seed) });
    for (const name of ['dx', 'dFilter', 'dGamma', 'dBeta']) values.push(await program.read(name));
  }
  values.push(await running.mean.data<'float32'>(), await running.variance.data<'float32'>());
  const { dispatches } = program.cost;
  program.dispose();
  tf.dispose([gamma, beta, filter, running.mean, running.variance]);
  return { values, dispatches };
}
