/**
 * What the training loop knows of a model to train. Fine-tuning methods and pre-training recipes make Tasks.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { NamedVariable } from '../models/parameters.ts';
import type { Random } from '../random/random.ts';
import type { HostTensors } from '../tensors/host-tensor.ts';

/** What a task found on the validation patients. */
export interface Validation {
  /** Mean loss over validation examples with a label, in nats. */
  readonly loss: number;
  /** AUROC in [0, 1]; undefined when validation has one class only. */
  readonly auroc: number | undefined;
  /** What else was measured, by name; shown beside the curve and never used to choose weights. */
  readonly signals?: Signals;
}

/** Measurements by name. */
export type Signals = Readonly<Record<string, number>>;

/**
 * Something with weights and a loss. Batches are loaded on the host before their steps, so that the next ones are fetched while the device
 * works.
 */
export interface Task {
  /** All trainable variables, in an order that depends on the configuration only. */
  readonly variables: readonly NamedVariable[];
  /**
   * What the model keeps beside its weights and changes in place while `loss` runs (running statistics of batch normalisation): it is
   * never trained, but belongs to checkpoints and to the best weights. None when left out.
   */
  readonly buffers?: readonly NamedVariable[];
  /** Rows of the cohort that are trained on, each once an epoch. Training patients only. */
  readonly rows: readonly number[];
  /**
   * Names of inputs that all examples of a batch share. The first axis of every other input is the batch: a batch that does not fit the
   * device is cut along it. None when left out.
   */
  readonly sharedInputs?: readonly string[];
  /**
   * True when the loss of an example depends on the others of its batch, as contrastive losses do. Such a batch is not cut; where it does
   * not fit the device, `loss` is told in how many parts its examples must go through the encoders. False when left out.
   */
  readonly couplesExamples?: boolean;
  /** Which weights a run ends with: the best on the validation patients, or the last. 'best' when left out. */
  readonly keeps?: 'best' | 'last';
  /**
   * Loads one batch; `random` decides augmentation and dropout and is the same for every arm at the same seed and step.
   * @param step counted from 1, for what follows a schedule.
   */
  load(rows: readonly number[], random: Random, step: number): Promise<HostTensors>;
  /**
   * Mean loss of the batch, a scalar in nats; called inside `tf.tidy` while gradients are recorded.
   *
   * It is called once for many steps, which then run with new numbers in `inputs`: whatever changes from step to step must be among them.
   * @param inputs what `load` gave, on the device, under the same names.
   * @param parts in which examples go through the encoders, each part computed again for its gradients; 1 unless `couplesExamples`.
   */
  loss(inputs: Readonly<Record<string, tf.Tensor>>, parts: number): tf.Scalar;
  /** What follows the change of the weights within the same step, in place: averages that follow them, bounds on them. */
  afterUpdate?(inputs: Readonly<Record<string, tf.Tensor>>): void;
  /** Loss and AUROC on the validation patients with the present weights. */
  validate(): Promise<Validation>;
  /** Frees the task's tensors, its variables included. */
  dispose(): void;
}

/** Settings of the loop; every number a person may change carries its unit in its name. */
export interface TrainingSettings {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly batchSize: number;
  /** Optimizer steps at most; early stopping may end sooner. */
  readonly maxSteps: number;
  /** Steps over which the learning rate rises linearly from 0. */
  readonly warmupSteps: number;
  /** Steps between two validations. */
  readonly validateEverySteps: number;
  /** Validations without a better AUROC after which training ends; 0 = never. */
  readonly patience: number;
  /** Global norm to which gradients are clipped; 0 = no clipping. */
  readonly clipNorm: number;
}

/** Optimizer and loop state from which training goes on, bit for bit. Plain data for the database. */
export interface Checkpoint {
  readonly step: number;
  /** Weights and buffers, by name. */
  readonly weights: Readonly<Record<string, Float32Array>>;
  readonly firstMoments: Readonly<Record<string, Float32Array>>;
  readonly secondMoments: Readonly<Record<string, Float32Array>>;
  readonly bestStep: number;
  /** AUROC at bestStep, or minus the loss where AUROC is undefined. */
  readonly bestScore: number;
  readonly bestWeights: Readonly<Record<string, Float32Array>>;
  readonly validationsWithoutImprovement: number;
  readonly history: readonly TrainingPoint[];
}

/** A point of the live curves. */
export interface TrainingPoint {
  readonly step: number;
  readonly trainingLoss: number;
  readonly learningRate: number;
  readonly gradientNorm: number;
  readonly validationLoss?: number;
  readonly validationAuroc?: number;
  readonly signals?: Signals;
}

/** What the loop yields while it runs. */
export type TrainingEvent =
  | { readonly kind: 'point'; readonly point: TrainingPoint }
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint }
  | {
      readonly kind: 'end';
      readonly reason: 'allSteps' | 'earlyStopping';
      readonly steps: number;
      readonly bestStep: number;
      readonly bestScore: number;
      readonly history: readonly TrainingPoint[];
    };
