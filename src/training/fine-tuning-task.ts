/**
 * A fine-tuning run as a Task: one or two branches, a head, a method's loss.
 *
 * All randomness is forked from the run's seed by name, so that every arm of a study starts from the same weights and sees the same
 * batches and augmentations at the same seed.
 */
import * as tf from '@tensorflow/tfjs-core';
import { auroc } from '../evaluation/metrics/auroc.ts';
import { logLoss } from '../evaluation/metrics/log-loss.ts';
import { buildLinearHead } from '../models/classifier.ts';
import { buildFusionHead } from '../models/fusion.ts';
import type { NamedVariable } from '../models/parameters.ts';
import { Random } from '../random/random.ts';
import { imageBranch, textBranch, type Branch, type BranchInput } from './branches.ts';
import { positiveWeight, priorCorrected, type FineTuningData } from './data.ts';
import { buildRegisteredEncoder, type BuildImageEncoder } from './encoder-source.ts';
import type { FineTuning } from './fine-tuning.ts';
import type { Method } from './methods/method.ts';
import { methods } from './methods/registry.ts';
import type { Task, Validation } from './task.ts';

/** One batch on the host. */
export interface FineTuningInput {
  readonly branches: readonly BranchInput[];
  readonly labels: Float32Array;
  readonly teacherLogits: Float32Array | null;
}

/** Rows to a prediction at a time: a head on features takes many, an encoder no more than a training batch. */
const predictionBatch = { linearProbe: 256, full: 32 } as const;

/** Hidden units of the fusion head. */
const fusionUnits = 64;

/** The task of one fine-tuning run. */
export class FineTuningTask implements Task<FineTuningInput> {
  readonly variables: readonly NamedVariable[];
  readonly buffers: readonly NamedVariable[];
  readonly rows: readonly number[];
  /** Weight of positive examples in the loss. */
  readonly positiveWeight: number;
  readonly #spec: FineTuning;
  readonly #data: FineTuningData;
  readonly #method: Method;
  readonly #branches: readonly Branch[];
  readonly #head: Head;
  /** [1], uploaded once and not at each step. */
  readonly #weightOnDevice: tf.Tensor1D;

  /**
   * Builds the model of a run and its task.
   * @throws RangeError when training lacks a class; InputError when an encoder does not exist or does not fit.
   */
  static async build(
    spec: FineTuning,
    data: FineTuningData,
    buildImageEncoder: BuildImageEncoder = buildRegisteredEncoder,
  ): Promise<FineTuningTask> {
    const weight = positiveWeight(data);
    const branches = await buildBranches(spec, data, buildImageEncoder);
    return new FineTuningTask(spec, data, branches, weight);
  }

  /** Use `build`. @param branches those that the method sees, the film's first. */
  constructor(spec: FineTuning, data: FineTuningData, branches: readonly Branch[], weight: number) {
    this.#spec = spec;
    this.#data = data;
    this.#method = methods[spec.method];
    this.rows = data.trainingRows;
    this.positiveWeight = weight;
    this.#branches = branches;
    this.#head = buildHead(branches, new Random(spec.seed));
    this.#weightOnDevice = tf.tensor1d([this.positiveWeight]);
    this.buffers = this.#branches.flatMap((branch) => branch.buffers);
    this.variables = [...this.#branches.flatMap((branch) => branch.variables), ...this.#head.variables];
  }

  async load(rows: readonly number[], random: Random): Promise<FineTuningInput> {
    return {
      branches: await Promise.all(this.#branches.map((branch) => branch.load(rows, random))),
      labels: Float32Array.from(rows, (row) => this.#data.labels.get(row) ?? NaN),
      teacherLogits: this.#teacherLogits(rows),
    };
  }

  loss(input: FineTuningInput): tf.Scalar {
    const shape: [number, number] = [input.labels.length, 1];
    return this.#method.loss({
      logits: this.#logits(input.branches, true),
      labels: tf.tensor2d(input.labels, shape),
      teacherLogits: input.teacherLogits && tf.tensor2d(input.teacherLogits, shape),
      positiveWeight: this.#weightOnDevice,
      lambda: this.#spec.lambda,
      temperature: this.#spec.temperature,
    });
  }

  async validate(): Promise<Validation> {
    const { validationRows, labels } = this.#data;
    const truth = validationRows.map((row) => labels.get(row)!);
    const corrected = await this.predict(validationRows);
    const probabilities = corrected.map((logit) => 1 / (1 + Math.exp(-logit)));
    return { loss: logLoss.compute(truth, probabilities) ?? NaN, auroc: auroc.compute(truth, corrected) };
  }

  /** Logits at the cohort's prevalence for any rows, one each, from films as they are. */
  async predict(rows: readonly number[]): Promise<number[]> {
    const logits: number[] = [];
    const size = predictionBatch[this.#spec.tuning];
    for (let start = 0; start < rows.length; start += size) {
      const part = rows.slice(start, start + size);
      logits.push(...(await this.#predictBatch(padded(part, size))).slice(0, part.length));
    }
    return priorCorrected(logits, this.positiveWeight);
  }

  dispose(): void {
    for (const part of [...this.#branches, this.#head, this.#weightOnDevice]) part.dispose();
  }

  async #predictBatch(rows: readonly number[]): Promise<number[]> {
    const inputs = await Promise.all(this.#branches.map((branch) => branch.load(rows, null)));
    const tensor = tf.tidy(() => this.#logits(inputs, false));
    try {
      return Array.from(await tensor.data());
    } finally {
      tensor.dispose();
    }
  }

  #logits(inputs: readonly BranchInput[], training: boolean): tf.Tensor2D {
    return this.#head.forward(this.#branches.map((branch, i) => branch.embed(inputs[i]!, training)));
  }

  #teacherLogits(rows: readonly number[]): Float32Array | null {
    const logits = this.#data.teacherLogits;
    if (!this.#method.distils) return null;
    return Float32Array.from(rows, (row) => {
      const logit = logits?.get(row);
      if (logit === undefined) throw new RangeError(`distillation: the teacher has no logit for row ${row}`);
      return logit;
    });
  }
}

/** The rows, filled up with the last one: equal shapes mean that no shader is compiled anew for a short last batch. */
function padded(rows: readonly number[], size: number): number[] {
  return Array.from({ length: size }, (_, i) => rows[Math.min(i, rows.length - 1)]!);
}

interface Head {
  readonly variables: readonly NamedVariable[];
  forward(embeddings: readonly tf.Tensor2D[]): tf.Tensor2D;
  dispose(): void;
}

async function buildBranches(
  spec: FineTuning,
  data: FineTuningData,
  buildImageEncoder: BuildImageEncoder,
): Promise<readonly Branch[]> {
  const random = new Random(spec.seed);
  const { sees } = methods[spec.method];
  const branches: Branch[] = [];
  try {
    if (sees !== 'report') branches.push(await imageBranch(spec, data, random, buildImageEncoder));
    if (sees !== 'image') branches.push(textBranch(spec, data, random));
    return branches;
  } catch (error) {
    for (const branch of branches) branch.dispose();
    throw error;
  }
}

function buildHead(branches: readonly Branch[], random: Random): Head {
  const [first, second] = branches;
  if (first && second) {
    const head = buildFusionHead(
      first.dimensions,
      second.dimensions,
      fusionUnits,
      1,
      random.fork('fusionHead'),
    );
    return {
      variables: head.variables,
      forward: ([a, b]) => head.forward(a!, b!),
      dispose: () => head.dispose(),
    };
  }
  const head = buildLinearHead(first!.dimensions, 1, random.fork('head'));
  return {
    variables: head.variables,
    forward: ([embedding]) => head.forward(embedding!),
    dispose: () => head.dispose(),
  };
}
