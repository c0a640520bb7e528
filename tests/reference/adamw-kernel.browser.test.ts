/** The fused AdamW step and the global norm against PyTorch's numbers (optim/optimizers.json, optim/clip_grad_norm.json). */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adamWScalars, fusedAdamW } from '../../src/kernels/adamw.ts';
import { clippedScalars, globalNorm } from '../../src/kernels/gradient-norm.ts';
import { startWebgpu } from '../../src/tensors/backend.ts';
import { hasWebgpu } from '../kernels/device.ts';
import { excess, numbers, readReference, type ReferenceArray, type ReferenceCase } from './reference.ts';

type Arrays = Readonly<Record<string, ReferenceArray>>;

interface Options {
  readonly lr: number;
  readonly betas?: readonly [number, number];
  readonly eps?: number;
  readonly weight_decay?: number;
  readonly amsgrad?: boolean;
}

interface Arguments {
  readonly optimizer: string;
  readonly options: Options;
  readonly group_overrides?: Readonly<Record<string, Partial<Options>>>;
  readonly clip_max_norm?: number;
}

const webgpu = await hasWebgpu();
const argumentsOf = (c: ReferenceCase): Arguments => c.args as unknown as Arguments;
const adamW = (await readReference('optim/optimizers.json')).cases.filter(
  (c) => argumentsOf(c).optimizer === 'AdamW' && !argumentsOf(c).options.amsgrad,
);
const clipping = (await readReference('optim/clip_grad_norm.json')).cases;

/** Scalars of step t for the parameter of a name; torch's defaults where the case says nothing. */
function scalarsOf(args: Arguments, name: string, t: number): tf.Tensor1D {
  const options = { betas: [0.9, 0.999] as const, eps: 1e-8, weight_decay: 0.01, ...args.options };
  const { lr, betas, eps, weight_decay } = { ...options, ...args.group_overrides?.[name] };
  return adamWScalars({
    learningRate: lr,
    weightDecay: weight_decay,
    beta1: betas[0],
    beta2: betas[1],
    epsilon: eps,
    biasCorrection1: 1 - betas[0] ** t,
    biasCorrection2: 1 - betas[1] ** t,
    clipFactor: 1,
  });
}

/** One slice [...shape] of an array [steps, ...shape]. */
function atStep(array: ReferenceArray, step: number): ReferenceArray {
  const shape = array.shape.slice(1);
  const size = shape.reduce((product, length) => product * length, 1);
  return { ...array, shape, data: array.data.slice(step * size, (step + 1) * size) };
}

const tensor = (array: ReferenceArray): tf.Tensor => tf.tensor(numbers(array), [...array.shape]);

describe.each(['cpu', 'webgpu'] as const)('on %s (webgpu is skipped without an adapter)', (backend) => {
  const usable = backend === 'cpu' || webgpu;

  beforeAll(async () => {
    if (usable && backend === 'webgpu') await startWebgpu();
  });
  beforeEach(async () => {
    if (usable) await tf.setBackend(backend);
  });

  // Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
  it.skipIf(!usable).each(adamW)('AdamW follows torch.optim: $name', async (c) => {
    const args = argumentsOf(c);
    const inputs = c.inputs as unknown as { params: Arrays; grads: Arrays };
    const expected = (c.expected as unknown as { params_after_step: Arrays }).params_after_step;
    const names = Object.keys(inputs.params);
    const state = names.map((name) => {
      const start = tensor(inputs.params[name]!);
      return [
        tf.variable(start),
        tf.variable(tf.zerosLike(start)),
        tf.variable(tf.zerosLike(start)),
      ] as const;
    });
    for (let step = 0; step < expected[names[0]!]!.shape[0]!; step++) {
      const gradients = names.map((name) => tensor(atStep(inputs.grads[name]!, step)));
      const norm = globalNorm(gradients);
      names.forEach((name, i) => {
        const scalars = scalarsOf(args, name, step + 1);
        const greatest = args.clip_max_norm;
        const used = greatest === undefined ? scalars : clippedScalars(scalars, norm, greatest);
        fusedAdamW(state[i]![0], gradients[i]!, state[i]![1], state[i]![2], used);
      });
      for (const [i, name] of names.entries()) {
        const got = await state[i]![0].data();
        const wanted = atStep(expected[name]!, step);
        expect(excess(got, wanted, c.tolerance!.atol, c.tolerance!.rtol)).toBeLessThanOrEqual(0);
      }
    }
  });

  // Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
  it.skipIf(!usable).each(clipping)(
    'the global norm and clip factor follow clip_grad_norm_: $name',
    async (c) => {
      const gradients = (c.inputs as unknown as { grads: Arrays }).grads;
      const expected = c.expected as unknown as { total_norm: ReferenceArray; clipped: Arrays };
      const names = Object.keys(gradients);
      const norm = globalNorm(names.map((name) => tensor(gradients[name]!)));
      const { atol, rtol } = c.tolerance!;
      expect(excess(await norm.data(), expected.total_norm, atol, rtol)).toBeLessThanOrEqual(0);
      const scalars = scalarsOf({ optimizer: 'AdamW', options: { lr: 1 } }, '', 1);
      const greatest = (c.args as unknown as { max_norm: number }).max_norm;
      const factor = (await clippedScalars(scalars, norm, greatest).data())[7]!;
      for (const name of names) {
        const got = numbers(gradients[name]!).map((value) => value * factor);
        expect(excess(got, expected.clipped[name]!, atol, rtol)).toBeLessThanOrEqual(0);
      }
    },
  );
});
