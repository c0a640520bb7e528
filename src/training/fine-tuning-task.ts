/**
 * A fine-tuning run as a Task: one or two branches, a head, a method's loss.
 *
 * All randomness is forked from the run's seed by name, so that every arm of a study starts from the same weights and sees the same
 * batches and augmentations at the same seed.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { auroc } from '../evaluation/metrics/auroc.ts';
import { logLoss } from '../evaluation/metrics/log-loss.ts';
import { buildLinearHead } from '../models/classifier.ts';
import { buildFusionHead } from '../models/fusion.ts';
import type { NamedVariable } from '../models/parameters.ts';
import { Random } from '../random/random.ts';
import { CapturedStep } from '../tensors/captured-step.ts';
import type { HostTensor, HostTensors } from '../tensors/host-tensor.ts';
import { imageBranch, textBranch, type Branch } from './branches.ts';
import { positiveWeight, priorCorrected, type FineTuningData } from './data.ts';
import { buildRegisteredEncoder, type BuildImageEncoder } from './encoder-source.ts';
import type { FineTuning } from './fine-tuning.ts';
import type { Method } from './methods/method.ts';
import { methods } from './methods/registry.ts';
import { runBatches } from './run-batches.ts';
import type { Task, Validation } from './task.ts';
import { fewestReportsShown, weighWords, type WordWeight } from './word-weights.ts';

/**
 * Rows to a prediction at a time: a head on features takes many; an encoder takes a training batch, whose shaders are compiled already, and no
 * more than 32 films.
 */
function predictionBatch({ tuning, training }: FineTuning): number {
  return tuning === 'linearProbe' ? 256 : Math.min(32, training.batchSize);
}

/** Hidden units of the fusion head. */
const fusionUnits = 64;

/** The task of one fine-tuning run. */
export class FineTuningTask implements Task {
  readonly variables: readonly NamedVariable[];
  readonly buffers: readonly NamedVariable[];
  readonly rows: readonly number[];
  readonly sharedInputs = ['positiveWeight'];
  /** Weight of positive examples in the loss. */
  readonly positiveWeight: number;
  readonly #spec: FineTuning;
  readonly #data: FineTuningData;
  readonly #method: Method;
  readonly #branches: readonly Branch[];
  readonly #head: Head;
  readonly #prediction: CapturedStep;

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
    this.buffers = this.#branches.flatMap((branch) => branch.buffers);
    this.variables = [...this.#branches.flatMap((branch) => branch.variables), ...this.#head.variables];
    this.#prediction = new CapturedStep({
      state: [],
      compute: (inputs) => ({ logits: this.#logits(inputs, false) }),
    });
  }

  async load(rows: readonly number[], random: Random): Promise<HostTensors> {
    const labels = Float32Array.from(rows, (row) => this.#data.labels.get(row) ?? NaN);
    const teacherLogits = this.#teacherLogits(rows);
    return {
      ...(await this.#loadBranches(rows, random)),
      labels: column(labels),
      positiveWeight: { shape: [1], dtype: 'float32', values: Float32Array.of(this.positiveWeight) },
      ...(teacherLogits && { teacherLogits: column(teacherLogits) }),
    };
  }

  loss(inputs: Tensors): tf.Scalar {
    return this.#method.loss({
      logits: this.#logits(inputs, true),
      labels: inputs['labels'] as tf.Tensor2D,
      teacherLogits: (inputs['teacherLogits'] as tf.Tensor2D | undefined) ?? null,
      positiveWeight: inputs['positiveWeight'] as tf.Tensor1D,
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
    const size = predictionBatch(this.#spec);
    const load = (batch: number): Promise<HostTensors> => {
      const part = rows.slice(batch * size, (batch + 1) * size);
      return this.#loadBranches(padded(part, size), null);
    };
    const logits: number[] = [];
    const batches = Math.ceil(rows.length / size);
    for await (const part of runBatches(this.#prediction, 'logits', batches, load)) logits.push(...part);
    return priorCorrected(logits.slice(0, rows.length), this.positiveWeight);
  }

  /** What single words weigh, heaviest first; null where a model sees more than words with names. */
  async words(): Promise<readonly WordWeight[] | null> {
    const [branch, ...others] = this.#branches;
    if (!branch?.named || others.length > 0) return null;
    const { named } = branch;
    return weighWords({
      words: named.names,
      rows: this.rows,
      labels: this.#data.labels,
      batchSize: predictionBatch(this.#spec),
      fewestReports: fewestReportsShown,
      read: (row) => named.read(this.#data.reports[row] ?? ''),
      logits: (reports) => this.#logits({ reports }, false),
    });
  }

  dispose(): void {
    for (const part of [...this.#branches, this.#head, this.#prediction]) part.dispose();
  }

  async #loadBranches(rows: readonly number[], random: Random | null): Promise<HostTensors> {
    const loaded = await Promise.all(this.#branches.map((branch) => branch.load(rows, random)));
    return Object.assign({}, ...loaded) as HostTensors;
  }

  #logits(inputs: Tensors, training: boolean): tf.Tensor2D {
    return this.#head.forward(this.#branches.map((branch) => branch.embed(inputs, training)));
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

/** Tensors on the device by name. */
type Tensors = Readonly<Record<string, tf.Tensor>>;

function column(values: Float32Array): HostTensor {
  return { shape: [values.length, 1], dtype: 'float32', values };
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
