/** Optimizers, clipping and averages against the golden numbers (torch.optim in float64), on cpu and webgpu. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { NamedVariable } from '../../src/models/parameters.ts';
import { backends, useBackend } from '../backends.ts';
import { Adam } from '../../src/training/optimizers/reference/adam.ts';
import { AdamW } from '../../src/training/optimizers/adamw.ts';
import { ExponentialMovingAverage } from '../../src/training/optimizers/reference/ema.ts';
import type { Optimizer } from '../../src/training/optimizers/optimizer.ts';
import { Sgd } from '../../src/training/optimizers/reference/sgd.ts';
import { excess, numbers, readReference, type ReferenceArray, type ReferenceCase } from './reference.ts';

type Arrays = Readonly<Record<string, ReferenceArray>>;

/** Options in PyTorch's words. */
interface TorchOptions {
  readonly lr: number;
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly weight_decay?: number;
  readonly betas?: readonly [number, number];
  readonly eps?: number;
  readonly amsgrad?: boolean;
}

interface OptimizerArgs {
  readonly optimizer: string;
  readonly options: TorchOptions;
  readonly group_overrides?: Readonly<Record<string, { readonly weight_decay: number }>>;
  readonly clip_max_norm?: number;
}

describe.each(backends)('optimizers on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    expect(tf.getBackend()).toBe(backend);
  });

  test('optim/optimizers.json: weights after each step', async () => {
    for (const reference of await casesOf('optim/optimizers.json')) await checkOptimizer(reference);
  });

  test('optim/clip_grad_norm.json', async () => {
    for (const reference of await casesOf('optim/clip_grad_norm.json')) {
      const { max_norm } = reference.args as unknown as { max_norm: number };
      const gradients = Object.entries((reference.inputs as unknown as { grads: Arrays }).grads);
      // Descent from 0 with a learning rate of 1 leaves the clipped gradients in the weights, with the other sign.
      const variables = gradients.map(([name, { shape }]) =>
        named(name, new Array<number>(tf.util.sizeFromShape([...shape])).fill(0), shape, false),
      );
      const tensors = gradients.map(([, array]) => tf.tensor(numbers(array), [...array.shape]));
      const optimizer = new Sgd(variables);
      const norm = step(optimizer, tensors, 1, 1, max_norm);
      const { total_norm, clipped } = reference.expected as unknown as {
        total_norm: ReferenceArray;
        clipped: Arrays;
      };
      await expectAgreement(norm, total_norm, reference, 'total_norm');
      for (const { name, variable } of variables) {
        await expectAgreement(tf.neg(variable), clipped[name]!, reference, name);
      }
      optimizer.dispose();
      tf.dispose(variables.map(({ variable }) => variable));
    }
  });

  test('optim/ema.json', async () => {
    for (const reference of await casesOf('optim/ema.json')) {
      const { values } = reference.inputs as Arrays;
      const { ema_after_update } = reference.expected as Arrays;
      const rows = stepsOf(values!);
      const weight = named('values', rows[0]!, values!.shape.slice(1), true);
      const average = new ExponentialMovingAverage([weight]);
      const updates: tf.Tensor[] = [];
      for (const row of rows) {
        weight.variable.assign(tf.tensor(row, values!.shape.slice(1)));
        average.update((reference.args as unknown as { decay: number }).decay);
        updates.push(tf.add(average.averages[0]!.variable, 0));
      }
      await expectAgreement(tf.stack(updates), ema_after_update!, reference, 'ema_after_update');
      tf.dispose(weight.variable);
      average.dispose();
    }
  });
});

async function checkOptimizer(reference: ReferenceCase): Promise<void> {
  const args = reference.args as unknown as OptimizerArgs;
  const { params, grads } = reference.inputs as unknown as { params: Arrays; grads: Arrays };
  const expected = reference.expected as unknown as {
    params_after_step: Arrays;
    total_norm_before_clipping?: ReferenceArray;
  };
  const variables = Object.entries(params).map(([name, array]) =>
    named(name, numbers(array), array.shape, args.group_overrides?.[name]?.weight_decay !== 0),
  );
  const optimizer = makeOptimizer(args, variables);
  const gradientSteps = variables.map(({ name }) => stepsOf(grads[name]!));
  const trajectories = variables.map((): tf.Tensor[] => []);
  const norms: tf.Scalar[] = [];
  for (let t = 0; t < gradientSteps[0]!.length; t++) {
    const gradients = variables.map(({ variable }, i) => tf.tensor(gradientSteps[i]![t]!, variable.shape));
    norms.push(step(optimizer, gradients, t + 1, args.options.lr, args.clip_max_norm ?? null));
    variables.forEach(({ variable }, i) => trajectories[i]!.push(tf.add(variable, 0)));
  }
  for (const [i, { name }] of variables.entries()) {
    await expectAgreement(
      tf.stack(trajectories[i]!),
      expected.params_after_step[name]!,
      reference,
      `${name} after each step`,
    );
  }
  if (expected.total_norm_before_clipping) {
    await expectAgreement(tf.stack(norms), expected.total_norm_before_clipping, reference, 'norm');
  }
  optimizer.dispose();
  tf.dispose(variables.map(({ variable }) => variable));
}

/** Takes one step. @returns the global norm of the gradients. */
function step(
  optimizer: Optimizer,
  gradients: readonly tf.Tensor[],
  count: number,
  learningRate: number,
  maxNorm: number | null,
): tf.Scalar {
  const { values } = optimizer.scalarsOfStep(count, learningRate);
  return tf.tidy(() => optimizer.apply(gradients, tf.tensor1d(values), maxNorm));
}

/** The optimizer of a case. Groups differ in being decayed or not, which is what `decay` says. */
function makeOptimizer(
  { optimizer, options, group_overrides = {} }: OptimizerArgs,
  variables: NamedVariable[],
): Optimizer {
  const { weight_decay, betas, eps, momentum, nesterov, amsgrad } = options;
  for (const override of Object.values(group_overrides)) {
    expect(override, 'a group of its own').toEqual({ weight_decay: 0 });
  }
  const adamOptions = {
    ...(weight_decay !== undefined && { weightDecay: weight_decay }),
    ...(betas && { beta1: betas[0], beta2: betas[1] }),
    ...(eps !== undefined && { epsilon: eps }),
  };
  switch (optimizer) {
    case 'SGD':
      return new Sgd(variables, {
        ...(weight_decay !== undefined && { weightDecay: weight_decay }),
        ...(momentum !== undefined && { momentum }),
        ...(nesterov !== undefined && { nesterov }),
      });
    case 'Adam':
      return new Adam(variables, { ...adamOptions, ...(amsgrad !== undefined && { amsgrad }) });
    case 'AdamW':
      return new AdamW(variables, { weightDecay: 0.01, ...adamOptions }); // 0.01 is PyTorch's default
    default:
      throw new Error(`no optimizer for ${optimizer}`);
  }
}

async function casesOf(path: string): Promise<readonly ReferenceCase[]> {
  const { cases } = await readReference(path);
  expect(cases.length).toBeGreaterThan(0);
  return cases;
}

async function expectAgreement(
  got: tf.Tensor,
  expected: ReferenceArray,
  { name, tolerance }: ReferenceCase,
  what: string,
): Promise<void> {
  const difference = excess(await got.data(), expected, tolerance!.atol, tolerance!.rtol);
  expect(difference, `${name}: ${what}`).toBeLessThanOrEqual(0);
}

function named(name: string, values: number[], shape: readonly number[], decay: boolean): NamedVariable {
  return { name, variable: tf.variable(tf.tensor(values, [...shape])), decay };
}

/** The arrays that are stacked along the first axis. */
function stepsOf(array: ReferenceArray): number[][] {
  const values = numbers(array);
  const size = values.length / array.shape[0]!;
  return Array.from({ length: array.shape[0]! }, (_, step) => values.slice(step * size, (step + 1) * size));
}
