/** Small tasks for the loop's tests: logistic regression and a two-layer net on seeded data, small enough to be solved by hand. */
import * as tf from '@tensorflow/tfjs-core';
import { assignInPlace } from '../../src/kernels/assign.ts';
import { binaryCrossEntropyWithLogits } from '../../src/losses/binary-cross-entropy.ts';
import type { NamedVariable } from '../../src/models/parameters.ts';
import { Random } from '../../src/random/random.ts';
import type { HostTensors } from '../../src/tensors/host-tensor.ts';
import type { Task, TrainingEvent, TrainingSettings, Validation } from '../../src/training/task.ts';

/** Settings of a short run; tests change what they are about. */
export const shortRun: TrainingSettings = {
  learningRate: 0.05,
  weightDecay: 0.01,
  batchSize: 8,
  maxSteps: 40,
  warmupSteps: 5,
  validateEverySteps: 15,
  patience: 0,
  clipNorm: 1,
};

/** Two overlapping clouds: features [rows, width] and labels that no plane can part. */
export interface ToyData {
  readonly features: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

export function makeToyData(rows: number, width: number): ToyData {
  const random = new Random('toy data');
  const labels = Array.from({ length: rows }, (_, i) => i % 2);
  const features = labels.map((label) =>
    Array.from({ length: width }, (_, j) => random.normal((label - 0.5) * (j + 1) * 0.4)),
  );
  return { features, labels };
}

/** One batch on the host. */
export interface ToyInput {
  readonly features: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

/** A task that the tests may watch. */
export interface ToyTask extends Task {
  /** Rows and one draw of each load, in order. */
  readonly loads: { rows: readonly number[]; draw: number }[];
}

/** What a test may change. */
export interface ToyOptions {
  /** Hidden units; 0 = logistic regression that starts at zero. */
  readonly hidden?: number;
  readonly seed?: number;
  /** Replaces validation on the training rows. @param count of validations, from 1. */
  readonly validation?: (count: number, task: ToyTask) => Validation | Promise<Validation>;
  /** Keeps a running mean of the features' first column, as batch normalisation would. */
  readonly runningMean?: boolean;
  /** Changes the batch of a step. */
  readonly corrupt?: (input: ToyInput, step: number) => ToyInput;
  /** Changes the loss. */
  readonly loss?: (loss: tf.Scalar, variables: readonly NamedVariable[]) => tf.Scalar;
}

export function makeToyTask(data: ToyData, options: ToyOptions = {}): ToyTask {
  const { hidden = 0, seed = 0, corrupt = (input) => input, loss: changed = (loss) => loss } = options;
  const width = data.features[0]!.length;
  const buffers = options.runningMean ? [named('running_mean', tf.zeros([1]), false)] : [];
  const variables = hidden === 0 ? linear(width) : twoLayers(width, hidden, new Random(seed));
  const forward = (x: tf.Tensor2D): tf.Tensor2D => {
    const [kernel, bias, ...top] = variables.map(({ variable }) => variable as tf.Tensor as tf.Tensor2D);
    const first = tf.add<tf.Tensor2D>(tf.matMul(x, kernel!), bias!);
    return top.length === 0 ? first : tf.add<tf.Tensor2D>(tf.matMul(tf.tanh(first), top[0]!), top[1]!);
  };
  const lossOf = ({ features, labels }: Readonly<Record<string, tf.Tensor>>): tf.Scalar => {
    const y = labels as tf.Tensor2D;
    return binaryCrossEntropyWithLogits(forward(features as tf.Tensor2D), y, tf.onesLike(y));
  };
  let [step, count] = [0, 0];
  const task: ToyTask = {
    variables,
    ...(options.runningMean && { buffers }),
    rows: data.labels.map((_, i) => i),
    loads: [],
    load: (rows, random) => {
      task.loads.push({ rows, draw: random.uniform() });
      const features = rows.map((row) => data.features[row]!);
      return Promise.resolve(
        hostTensors(corrupt({ features, labels: rows.map((row) => data.labels[row]!) }, ++step)),
      );
    },
    loss: (inputs) => {
      for (const { variable } of buffers) {
        const mean = tf.reshape(tf.mean(inputs['features']!), [1]);
        assignInPlace(variable, tf.add(tf.mul(variable, 0.9), tf.mul(mean, 0.1)));
      }
      return changed(lossOf(inputs), variables);
    },
    validate: async () => {
      count++;
      if (options.validation) return options.validation(count, task);
      const loss = tf.tidy(() => {
        const tensors = Object.entries(hostTensors(data)).map(([name, { values, shape }]) => [
          name,
          tf.tensor(values, [...shape]),
        ]);
        return lossOf(Object.fromEntries(tensors) as Record<string, tf.Tensor>);
      });
      const [value] = await loss.data();
      loss.dispose();
      return { loss: value!, auroc: undefined };
    },
    dispose: () => tf.dispose([...variables, ...buffers].map(({ variable }) => variable)),
  };
  return task;
}

/** Runs a generator to its end. */
export async function collect(events: AsyncGenerator<TrainingEvent, void, void>): Promise<TrainingEvent[]> {
  const all: TrainingEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** The run's last event. */
export function endOf(events: readonly TrainingEvent[]): Extract<TrainingEvent, { kind: 'end' }> {
  const last = events.at(-1);
  if (last?.kind !== 'end') throw new Error(`expected an end, got ${last?.kind}`);
  return last;
}

/** The maximum-likelihood coefficients of logistic regression (intercept last), by Newton's method in double precision. */
export function newtonLogistic({ features, labels }: ToyData): number[] {
  const rows = features.map((row) => [...row, 1]);
  const width = rows[0]!.length;
  let coefficients = new Array<number>(width).fill(0);
  for (let iteration = 0; iteration < 50; iteration++) {
    const gradient = new Array<number>(width).fill(0);
    const hessian = gradient.map(() => new Array<number>(width).fill(0));
    rows.forEach((row, i) => {
      const z = row.reduce((sum, value, j) => sum + value * coefficients[j]!, 0);
      const p = 1 / (1 + Math.exp(-z));
      row.forEach((value, j) => {
        gradient[j]! += (p - labels[i]!) * value;
        row.forEach((other, k) => (hessian[j]![k]! += p * (1 - p) * value * other));
      });
    });
    const change = solve(hessian, gradient);
    coefficients = coefficients.map((value, j) => value - change[j]!);
  }
  return coefficients;
}

/** Gaussian elimination with partial pivoting. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const size = right.length;
  const a = matrix.map((row, i) => [...row, right[i]!]);
  for (let column = 0; column < size; column++) {
    const pivot = a
      .slice(column)
      .reduce((best, row) => (Math.abs(row[column]!) > Math.abs(best[column]!) ? row : best));
    a.splice(a.indexOf(pivot), 1);
    a.splice(column, 0, pivot);
    for (const row of a) {
      if (row === pivot) continue;
      const factor = row[column]! / pivot[column]!;
      for (let k = column; k <= size; k++) row[k]! -= factor * pivot[k]!;
    }
  }
  return a.map((row, i) => row[size]! / row[i]!);
}

function linear(width: number): NamedVariable[] {
  return [named('head.weight', tf.zeros([width, 1]), true), named('head.bias', tf.zeros([1]), false)];
}

function twoLayers(width: number, hidden: number, random: Random): NamedVariable[] {
  const draw = (rows: number, columns: number): tf.Tensor2D =>
    tf.tensor2d(
      Array.from({ length: rows * columns }, () => random.normal(0, 0.5)),
      [rows, columns],
    );
  return [
    named('fc1.weight', draw(width, hidden), true),
    named('fc1.bias', tf.zeros([hidden]), false),
    named('fc2.weight', draw(hidden, 1), true),
    named('fc2.bias', tf.zeros([1]), false),
  ];
}

function named(name: string, initial: tf.Tensor, decay: boolean): NamedVariable {
  const variable = tf.variable(initial);
  initial.dispose();
  return { name, variable, decay };
}

function hostTensors({ features, labels }: ToyInput): HostTensors {
  const shape = [features.length, features[0]!.length];
  return {
    features: { shape, dtype: 'float32', values: Float32Array.from(features.flat()) },
    labels: { shape: [labels.length, 1], dtype: 'float32', values: Float32Array.from(labels) },
  };
}
