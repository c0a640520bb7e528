/** Linear layers, perceptrons and GELU on WebGPU against their definitions and the cpu backend's composition, values and gradients. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { gelu, geluReference } from '../../../src/kernels/gelu.ts';
import { linear, linearReference, perceptron } from '../../../src/kernels/matmul/linear.ts';
import { registerKernels } from '../../../src/kernels/registry.ts';
import { startWebgpu } from '../../../src/tensors/backend.ts';
import { compileProgram } from '../../../src/tensors/program.ts';
import { difference, draws, hasWebgpu, on, valueAndGradients } from '../device.ts';

const webgpu = await hasWebgpu();
/** float32 sums of up to 300 products of normal draws in another order, and Φ to 1e-7. */
const TOLERANCE = 3e-6;

// Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)('linear on WebGPU (skipped where the browser has no WebGPU adapter)', () => {
  beforeAll(async () => {
    await startWebgpu();
    registerKernels();
  });

  it.each([
    [[1, 1], 1],
    [[3, 5], 7],
    [[2, 7, 20], 36],
    [[33, 300], 12],
    [[2, 70, 9], 64],
    [[4, 1], 8],
    [[130, 64], 1],
    [[2, 3, 5, 8], 4],
    [[1040, 8], 12], // a weight gradient over a long axis
  ])('maps %j to %i, with and without GELU and residual', async (shape, outputs) => {
    const inputs = shape.at(-1)!;
    const [x, weight, bias] = [draws(shape, 'x'), draws([inputs, outputs], 'w'), draws([outputs], 'b')];
    const to = [...shape.slice(0, -1), outputs];
    const residual = draws(to, 'residual');
    for (const activation of ['linear', 'gelu'] as const) {
      for (const added of [false, true]) {
        const compute = valueAndGradients(
          (input, w, b, more) => linear(input, { weight: w, bias: b }, { activation, residual: more }),
          [
            [x, shape],
            [weight, [inputs, outputs]],
            [bias, [outputs]],
            ...(added ? ([[residual, to]] as const) : []),
          ],
        );
        const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
        ours.forEach((values, i) => expect(difference(values, cpu[i]!)).toBeLessThan(TOLERANCE));
        const defined = linearReference(x, weight, bias, activation, added ? residual : undefined);
        expect(difference(ours[0]!, defined)).toBeLessThan(TOLERANCE);
      }
    }
  });

  it.each([
    [[2, 5, 8], 32, 8],
    [[3, 7], 5, 7],
    [[64, 16], 64, 12],
  ])('perceptron of %j over %i to %i', async (shape, hidden, outputs) => {
    const inputs = shape.at(-1)!;
    const to = [...shape.slice(0, -1), outputs];
    for (const added of [false, true]) {
      const compute = valueAndGradients(
        (x, w1, b1, w2, b2, residual) =>
          perceptron(x, { weight: w1, bias: b1 }, { weight: w2, bias: b2 }, residual),
        [
          [draws(shape, 'x'), shape],
          [draws([inputs, hidden], 'w1'), [inputs, hidden]],
          [draws([hidden], 'b1'), [hidden]],
          [draws([hidden, outputs], 'w2'), [hidden, outputs]],
          [draws([outputs], 'b2'), [outputs]],
          ...(added ? ([[draws(to, 'residual'), to]] as const) : []),
        ],
      );
      const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
      ours.forEach((values, i) => expect(difference(values, cpu[i]!)).toBeLessThan(TOLERANCE));
    }
  });

  it('computes GELU and its gradient to 1e-7 of the definition, however far out', async () => {
    const x = Float32Array.from({ length: 1603 }, (_, i) => (i - 801) / 100);
    const [value, gradient] = await on('webgpu', () => {
      const input = tf.tensor1d(x);
      return [gelu(input), tf.grad((z) => gelu(z))(input)];
    });
    x.forEach((z, i) => {
      const wanted = geluReference(z);
      // Φ to 1e-7, and the rounding of a float of that size.
      const allowed = 1e-7 * Math.max(1, Math.abs(z)) + 2 ** -23 * Math.abs(wanted.value);
      expect(Math.abs(value![i]! - wanted.value), `GELU(${z})`).toBeLessThan(allowed);
      expect(Math.abs(gradient![i]! - wanted.gradient), `GELU′(${z})`).toBeLessThan(3e-7);
    });
  });

  it('lets NaN and overflow through, in their rows only', async () => {
    const x = draws([20, 16], 'a');
    x[3] = NaN; // row 0
    x.fill(3e38, 16 * 18, 16 * 19); // row 18 overflows
    const compute = (): tf.Tensor[] => {
      const affine = { weight: tf.tensor(draws([16, 8], 'w'), [16, 8]), bias: tf.tensor1d(draws([8], 'b')) };
      return [linear(tf.tensor(x, [20, 16]), affine, { activation: 'gelu' })];
    };
    const [[ours], [cpu]] = [await on('webgpu', compute), await on('cpu', compute)];
    expect(difference(ours!.subarray(8, 18 * 8), cpu!.subarray(8, 18 * 8))).toBeLessThan(TOLERANCE);
    expect(ours!.subarray(0, 8).every(Number.isNaN)).toBe(true);
    expect(ours!.subarray(152).every(Number.isFinite)).toBe(true);
    expect(ours!.subarray(18 * 8, 19 * 8).every((value) => value === 0 || !Number.isFinite(value))).toBe(
      true,
    );
  });

  it('takes two dispatches forward and four back for a perceptron, and gives the same numbers when replayed', async () => {
    await tf.setBackend('webgpu');
    const make = (shape: number[], seed: string): tf.Variable =>
      tf.variable(tf.tensor(draws(shape, seed), shape));
    const variables = [make([8, 32], 'w1'), make([32], 'b1'), make([32, 8], 'w2'), make([8], 'b2')];
    const [w1, b1, w2, b2] = variables as [tf.Variable, tf.Variable, tf.Variable, tf.Variable];
    const inputs = { x: { shape: [2, 10, 8], dtype: 'float32' as const, values: draws([2, 10, 8], 'x') } };
    const step = (eager: boolean) => ({
      inputs,
      state: [],
      eager,
      compute: ({ x }: Readonly<Record<string, tf.Tensor>>) => {
        const f = (input: tf.Tensor, ...w: tf.Tensor[]): tf.Tensor =>
          perceptron(input, { weight: w[0]!, bias: w[1]! }, { weight: w[2]!, bias: w[3]! }, input);
        const y = f(x!, w1, b1, w2, b2);
        const [, d1, d2, d3, d4] = tf.grads(f)([x!, w1, b1, w2, b2], x);
        return { y, d1: d1!, d2: d2!, d3: d3!, d4: d4! };
      },
    });
    const [replayed, eager] = [await compileProgram(step(false)), await compileProgram(step(true))];
    replayed.run(inputs);
    eager.run(inputs);
    for (const name of ['y', 'd1', 'd2', 'd3', 'd4']) {
      expect([...(await replayed.read(name))]).toEqual([...(await eager.read(name))]);
    }
    // Forward twice (for y, and for the gradients) and back; the gradient of x, which is not asked for, costs nothing.
    expect(replayed.cost.dispatches).toBeLessThanOrEqual(2 + 2 + 3);
    replayed.dispose();
    eager.dispose();
    tf.dispose(variables);
  });
});
