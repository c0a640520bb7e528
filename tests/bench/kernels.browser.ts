/**
 * TensorFlow.js's own kernels against ours, turn by turn in one page; run by `npm run bench`, no part of the tests.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { commands as testCommands } from 'vitest/browser';
import { adamWScalars, fusedAdamWStep } from '../../src/kernels/adamw.ts';
import { groupNorm } from '../../src/kernels/group-norm.ts';
import { globalNorm } from '../../src/kernels/gradient-norm.ts';
import { restoreStockKernels } from '../../src/kernels/override.ts';
import { registerKernels } from '../../src/kernels/registry.ts';
import { startWebgpu } from '../../src/tensors/backend.ts';
import { draws } from '../kernels/device.ts';
import type { BenchRecorder } from './record.ts';

const commands = testCommands as unknown as BenchRecorder;

let dispatches = 0;

beforeAll(async () => {
  const { info } = await startWebgpu();
  await commands.recordAdapter(info.description || `${info.vendor} ${info.architecture}`);
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its own `this` below
  const original = GPUComputePassEncoder.prototype.dispatchWorkgroups;
  GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...counts) {
    dispatches++;
    return original.apply(this, counts);
  };
});

interface Timing {
  readonly ms: number;
  readonly dispatches: number;
}

/** One run; `run` gives a tensor that is read back, so that its work is done. */
async function time(run: () => tf.Tensor): Promise<Timing> {
  dispatches = 0;
  const start = performance.now();
  const result = run();
  const count = dispatches;
  await result.data();
  const ms = performance.now() - start;
  result.dispose();
  return { ms, dispatches: count };
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/**
 * Stock and ours in turn, so that both meet the same machine; the first round warms up and is not counted. The ratio is the median of the
 * rounds' ratios, its spread the least and the most.
 */
async function compare(
  name: string,
  stockRun: () => tf.Tensor,
  ourRun = stockRun,
  rounds = 3,
): Promise<void> {
  const pairs: { stock: Timing; ours: Timing }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const stock = await time(stockRun);
    registerKernels();
    const ours = await time(ourRun);
    restoreStockKernels();
    if (round > 0) pairs.push({ stock, ours });
  }
  const ratios = pairs.map(({ stock, ours }) => stock.ms / ours.ms);
  await commands.recordBench({
    name,
    stockMs: median(pairs.map(({ stock }) => stock.ms)),
    oursMs: median(pairs.map(({ ours }) => ours.ms)),
    ratioToStock: median(ratios),
    ratioLow: Math.min(...ratios),
    ratioHigh: Math.max(...ratios),
    stockDispatches: pairs[0]!.stock.dispatches,
    dispatches: pairs[0]!.ours.dispatches,
    rounds,
  });
}

const make = (shape: number[], scale = 1): tf.Tensor =>
  tf.tidy(() => tf.mul(tf.tensor(draws(shape), shape), scale));

/** The last values of many tensors, one read for all. */
const one = (x: tf.Tensor): tf.Tensor => tf.tidy(() => tf.slice(tf.reshape(x, [-1]), x.size - 1, 1));

describe('convolution 3×3, batch 16', () => {
  it.each([
    [32, 16, 16, 1],
    [16, 32, 32, 1],
    [8, 64, 64, 1],
    [4, 128, 128, 1],
    [32, 16, 32, 2],
  ])('%i px, %i → %i, stride %i', async (px, channels, out, strides) => {
    const x = make([16, px, px, channels]) as tf.Tensor4D;
    const w = make([3, 3, channels, out]) as tf.Tensor4D;
    const dy = make([16, px / strides, px / strides, out]) as tf.Tensor4D;
    const attrs = { strides, pad: 'same', dataFormat: 'NHWC' };
    const run = (kernel: string, inputs: tf.NamedTensorMap, more: object) => (): tf.Tensor =>
      tf.tidy(() => one(tf.engine().runKernel(kernel, inputs, { ...attrs, ...more })));
    const name = `${px} px ${channels}→${out}${strides > 1 ? ` /${strides}` : ''}`;
    await compare(`conv forward ${name}`, () => tf.tidy(() => one(tf.conv2d(x, w, strides, 'same'))));
    await compare(
      `conv dInput ${name}`,
      run('Conv2DBackpropInput', { dy, filter: w }, { inputShape: x.shape }),
    );
    await compare(`conv dFilter ${name}`, run('Conv2DBackpropFilter', { x, dy }, { filterShape: w.shape }));
    tf.dispose([x, w, dy]);
  });
});

describe('matmul', () => {
  it('1024 × 128 × 512', async () => {
    const [a, b, dy] = [make([1024, 128]), make([128, 512]), make([1024, 512])];
    await compare('matmul 1024×128×512', () => tf.tidy(() => one(tf.matMul(a, b))));
    await compare('matmul dA (NT)', () => tf.tidy(() => one(tf.matMul(dy, b, false, true))));
    await compare('matmul dB (TN)', () => tf.tidy(() => one(tf.matMul(a, dy, true, false))));
    await compare('column sum 1024×512', () => tf.tidy(() => one(tf.sum(dy, 0))));
  });
});

interface Trained {
  parameters: tf.Variable[];
  firstMoments: tf.Variable[];
  secondMoments: tf.Variable[];
}

function trained(values: tf.Tensor[]): Trained {
  const zeros = (): tf.Variable[] => values.map((value) => tf.variable(tf.zeros(value.shape)));
  return {
    parameters: values.map((value) => tf.variable(value)),
    firstMoments: zeros(),
    secondMoments: zeros(),
  };
}

/** Loss and gradients, then tf.train.adam, as one would write it with TensorFlow.js alone. */
function stockStep(
  loss: () => tf.Scalar,
  parameters: tf.Variable[],
  optimizer: tf.Optimizer,
): () => tf.Tensor {
  return () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, parameters);
      optimizer.applyGradients(grads);
      return one(tf.add(value, tf.mul(0, one(parameters.at(-1)!))));
    });
}

/** Loss and gradients, the global norm, then our AdamW. */
function ourStep(loss: () => tf.Scalar, t: Trained): () => tf.Tensor {
  return () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, t.parameters);
      const gradients = t.parameters.map((parameter) => grads[parameter.name]!);
      globalNorm(gradients);
      const scalars = adamWScalars({
        ...{ learningRate: 1e-3, weightDecay: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
        ...{ biasCorrection1: 0.1, biasCorrection2: 0.001, clipFactor: 1 },
      });
      fusedAdamWStep(
        t.parameters.map((parameter, i) => ({
          ...{ parameter, gradient: gradients[i]!, decay: true },
          ...{ firstMoment: t.firstMoments[i]!, secondMoment: t.secondMoments[i]! },
        })),
        scalars,
      );
      return one(tf.add(value, tf.mul(0, one(t.parameters.at(-1)!))));
    });
}

type Norm = (
  x: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  relu: boolean,
  residual?: tf.Tensor4D,
) => tf.Tensor4D;

/** Group normalisation as one writes it on TensorFlow.js operations. */
const composedNorm: Norm = (x, gamma, beta, relu, residual) => {
  const [batch, height, width, channels] = x.shape;
  const grouped = tf.reshape(x, [batch, height * width, 8, channels / 8]);
  const centred = tf.sub(grouped, tf.mean(grouped, [1, 3], true));
  const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), [1, 3], true), 1e-5));
  const y = tf.add(tf.mul(tf.reshape(tf.mul(centred, scale), x.shape), gamma), beta);
  const sum = residual ? tf.add(y, residual) : y;
  return (relu ? tf.relu(sum) : sum) as tf.Tensor4D;
};

const fusedNorm: Norm = (x, gamma, beta, relu, residual) =>
  groupNorm(x, gamma, beta, { groups: 8, relu }, residual);

/** The weights of ResNet-18's plan at a base width, on one-channel films, with one logit. */
function resnetWeights(width: number): tf.Tensor[] {
  const weights: tf.Tensor[] = [];
  const add = (size: number, from: number, to: number): void => {
    weights.push(
      make([size, size, from, to], Math.sqrt(2 / (size * size * from))),
      tf.ones([to]),
      tf.zeros([to]),
    );
  };
  add(3, 1, width);
  let channels = width;
  for (const [stage, out] of [1, 2, 4, 8].map((factor) => width * factor).entries()) {
    for (const block of [0, 1]) {
      add(3, channels, out);
      add(3, out, out);
      if (stage > 0 && block === 0) add(1, channels, out);
      channels = out;
    }
  }
  return [...weights, make([channels, 1], 0.1), tf.zeros([1])];
}

function resnetLoss(x: tf.Tensor4D, y: tf.Tensor, norm: Norm, { parameters }: Trained): () => tf.Scalar {
  return () => {
    let next = 0;
    const take = <T extends tf.Tensor>(): T => parameters[next++]! as tf.Tensor as T;
    const layer = (
      films: tf.Tensor4D,
      stride: number,
      relu: boolean,
      residual?: tf.Tensor4D,
    ): tf.Tensor4D => {
      const z = tf.conv2d(films, take<tf.Tensor4D>(), stride, 'same');
      return norm(z, take<tf.Tensor1D>(), take<tf.Tensor1D>(), relu, residual);
    };
    let h = layer(x, 2, true);
    for (const stage of [0, 1, 2, 3]) {
      for (const block of [0, 1]) {
        const down = stage > 0 && block === 0;
        const inner = layer(h, down ? 2 : 1, true);
        const filter = take<tf.Tensor4D>();
        const [gamma, beta] = [take<tf.Tensor1D>(), take<tf.Tensor1D>()];
        const shortcut = down ? layer(h, 2, false) : h;
        h = norm(tf.conv2d(inner, filter, 1, 'same'), gamma, beta, true, shortcut);
      }
    }
    const z = tf.add(tf.matMul(tf.mean<tf.Tensor2D>(h, [1, 2]), take<tf.Tensor2D>()), take());
    return tf.mean(tf.add(tf.sub(tf.relu(z), tf.mul(z, y)), tf.log1p(tf.exp(tf.neg(tf.abs(z))))));
  };
}

describe('steps', () => {
  it('ResNet-18 plan, width 8, 64 px, batch 16', async () => {
    const x = make([16, 64, 64, 1]) as tf.Tensor4D;
    const y = tf.tidy(() => tf.cast(tf.greater(make([16, 1]), 0), 'float32'));
    const [stock, ours, plain] = [0, 1, 2].map(() => trained(resnetWeights(8))) as [
      Trained,
      Trained,
      Trained,
    ];
    const stockRun = stockStep(resnetLoss(x, y, composedNorm, stock), stock.parameters, tf.train.adam(1e-3));
    await compare('ResNet step', stockRun, ourStep(resnetLoss(x, y, fusedNorm, ours), ours), 3);
    await compare(
      'ResNet step, composed GroupNorm',
      stockRun,
      ourStep(resnetLoss(x, y, composedNorm, plain), plain),
      2,
    );
  });

  it('linear probe [64, 128]', async () => {
    const [x, y] = [make([64, 128]), tf.tidy(() => tf.cast(tf.greater(make([64, 1]), 0), 'float32'))];
    const build = (): Trained => trained([make([128, 1], 0.1), tf.zeros([1])]);
    const loss =
      ({ parameters: [w, b] }: Trained) =>
      (): tf.Scalar => {
        const z = tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), b!);
        return tf.mean(tf.add(tf.sub(tf.relu(z), tf.mul(z, y)), tf.log1p(tf.exp(tf.neg(tf.abs(z))))));
      };
    const [stock, ours] = [build(), build()];
    await compare(
      'linear probe step',
      stockStep(loss(stock), stock.parameters, tf.train.adam(1e-3)),
      ourStep(loss(ours), ours),
      10,
    );
  });
});
