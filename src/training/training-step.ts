/**
 * One step of training as a program: loss, gradients, their norm, and the optimizer's change of the weights. A batch whose activations do
 * not fit the device goes through in equal parts, whose gradients are averaged. Batch normalisation then sees, and counts into its running
 * statistics, the parts one by one. Where examples are coupled, the task itself takes the parts through its encoders, so that the loss is
 * that of the whole batch.
 */
import * as tf from '@tensorflow/tfjs-core';
import { accumulate } from '../kernels/accumulate.ts';
import { sliceRows } from '../kernels/slice-rows.ts';
import { CapturedStep } from '../tensors/captured-step.ts';
import type { HostTensors } from '../tensors/host-tensor.ts';
import type { Program } from '../tensors/step.ts';
import { OverBudgetError } from '../tensors/program.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { loggedScalars } from './step-log.ts';
import type { Task } from './task.ts';

/** Name of the optimizer's scalars among a step's inputs. */
const optimizerInput = 'optimizer scalars';

/** Device memory that the activations of one step may take, in bytes; fixed, so that a run repeats in the same parts on its adapter. */
const memoryBudget = 4 * 2 ** 30;

/** What a training step is made of. */
export interface TrainingStepOptions {
  /** Examples of a batch. */
  readonly batchSize: number;
  /** Greatest norm of the gradients; 0 = no clipping. */
  readonly clipNorm: number;
  /** True runs every step through TensorFlow.js. */
  readonly eager: boolean;
  /** In bytes; 4 GiB when left out. */
  readonly memoryBudget?: number;
}

/** The step of a task, compiled when first run. */
export class TrainingStep {
  readonly #task: Task;
  readonly #optimizer: Optimizer;
  readonly #options: TrainingStepOptions;
  #parts = 1;
  #captured: CapturedStep;

  constructor(task: Task, optimizer: Optimizer, options: TrainingStepOptions) {
    this.#task = task;
    this.#optimizer = optimizer;
    this.#options = options;
    this.#captured = this.#capture(1);
  }

  /** Parts in which a batch goes through; known after the first run. */
  get parts(): number {
    return this.#parts;
  }

  /**
   * Takes a step and returns before the device has.
   * @param step counted from 1. @param batch what the task loaded for it.
   * @returns the program that keeps the step's `loggedScalars`.
   * @throws RangeError when even single examples need more memory than there may be.
   */
  async run(step: number, learningRate: number, batch: HostTensors): Promise<Program> {
    const inputs = { ...batch, [optimizerInput]: this.#optimizer.scalarsOfStep(step, learningRate) };
    const program = await this.#fitting(inputs);
    program.run(inputs);
    return program;
  }

  dispose(): void {
    this.#captured.dispose();
  }

  async #fitting(inputs: HostTensors): Promise<Program> {
    for (;;) {
      try {
        return await this.#captured.programFor(inputs);
      } catch (error) {
        const more = this.#nextParts();
        if (!(error instanceof OverBudgetError) || more === null) throw error;
        this.#captured.dispose();
        this.#parts = more;
        this.#captured = this.#capture(more);
      }
    }
  }

  /** The next larger number that cuts a batch in equal parts. */
  #nextParts(): number | null {
    const { batchSize } = this.#options;
    for (let parts = this.#parts + 1; parts <= batchSize; parts++) if (batchSize % parts === 0) return parts;
    return null;
  }

  #capture(parts: number): CapturedStep {
    const { eager, memoryBudget: budget = memoryBudget } = this.#options;
    const { variables, buffers = [] } = this.#task;
    return new CapturedStep({
      state: [...[...variables, ...buffers].map(({ variable }) => variable), ...this.#optimizer.state],
      scalars: loggedScalars,
      eager,
      memoryBudget: budget,
      compute: (inputs) => this.#take(inputs, parts),
    });
  }

  #take(
    { [optimizerInput]: scalars, ...inputs }: Readonly<Record<string, tf.Tensor>>,
    parts: number,
  ): Record<(typeof loggedScalars)[number], tf.Scalar> {
    const variables = this.#task.variables.map(({ variable }) => variable);
    const slices = this.#task.couplesExamples ? 1 : parts;
    const { loss, gradients } = meanOverParts(slices, (part) => {
      const some = slices === 1 ? inputs : this.#partOf(inputs, part, slices);
      const { value, grads } = tf.variableGrads(() => this.#task.loss(some, parts / slices), variables);
      return { loss: value, gradients: variables.map(({ name }) => grads[name]) };
    });
    const { clipNorm } = this.#options;
    const norm = this.#optimizer.apply(gradients, scalars as tf.Tensor1D, clipNorm > 0 ? clipNorm : null);
    this.#task.afterUpdate?.(inputs);
    return { loss, gradientNorm: norm };
  }

  /** The examples of a part, with what all examples share. */
  #partOf(
    inputs: Readonly<Record<string, tf.Tensor>>,
    part: number,
    parts: number,
  ): Record<string, tf.Tensor> {
    const { batchSize } = this.#options;
    const size = batchSize / parts;
    const entries = Object.entries(inputs).map(([name, input]) => {
      if (this.#task.sharedInputs?.includes(name)) return [name, input];
      if (input.shape[0] !== batchSize) {
        throw new RangeError(
          `train: input "${name}" has ${input.shape[0] ?? 'no'} rows, not one for each of the ${batchSize} examples, and is not among the shared inputs`,
        );
      }
      return [name, sliceRows(input, part * size, size)];
    });
    return Object.fromEntries(entries) as Record<string, tf.Tensor>;
  }
}

interface LossAndGradients {
  readonly loss: tf.Scalar;
  readonly gradients: readonly (tf.Tensor | undefined)[];
}

/** Equal parts have equal weight in the mean of the batch. */
function meanOverParts(parts: number, of: (part: number) => LossAndGradients): LossAndGradients {
  if (parts === 1) return of(0);
  let sums: readonly (tf.Tensor | undefined)[] | null = null;
  for (let part = 0; part < parts; part++) {
    const { loss, gradients } = of(part);
    sums = accumulate(sums, [loss, ...gradients], 1 / parts);
  }
  const [loss, ...gradients] = sums!;
  return { loss: loss as tf.Scalar, gradients };
}
