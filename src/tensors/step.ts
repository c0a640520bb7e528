/**
 * What a step and a compiled step are; `compileProgram` makes the one from the other.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { HostTensors } from './host-tensor.ts';

/** What a program is made of. */
export interface Step {
  /** Inputs with the shapes and types of every run; their values are those of no run. */
  readonly inputs: HostTensors;
  /** Every variable that the step writes in place. */
  readonly state: readonly tf.Variable[];
  /** Tensors by name from the inputs; called inside tf.tidy. No number in it may change from run to run but through inputs and state. */
  readonly compute: (inputs: Readonly<Record<string, tf.Tensor>>) => Record<string, tf.Tensor>;
  /** Names of scalar outputs of which each run's number is kept until `readScalars`. None when left out. */
  readonly scalars?: readonly string[];
  /** True runs the step through TensorFlow.js each time on WebGPU too. */
  readonly eager?: boolean;
  /** Bytes that the program may hold; more is refused with an OverBudgetError before memory is taken. No bound when left out. */
  readonly memoryBudget?: number;
}

/** What a program costs. */
export interface ProgramCost {
  /** Dispatches a run; 0 where the step runs eagerly and is not counted. */
  readonly dispatches: number;
  /** Bytes of device memory that the program holds beside variables. */
  readonly bytes: number;
  /** Bytes of the variables and other tensors from outside that it uses. */
  readonly externalBytes: number;
}

/** The cost of a step that is not planned. */
export const unknownCost: ProgramCost = { dispatches: 0, bytes: 0, externalBytes: 0 };

/** One dispatch of a profile. */
export interface DispatchTime {
  /** The kernel's key, or the name of a stock kernel. */
  readonly kernel: string;
  readonly seconds: number;
  /** Of all buffers that it binds. */
  readonly bytes: number;
}

/** A compiled step. */
export interface Program {
  readonly cost: ProgramCost;
  /**
   * Runs the step on these inputs and returns before the device has.
   * @throws RangeError when an input's shape or type is not the program's; Error when a variable got another buffer since (`isCurrent`).
   */
  run(inputs: HostTensors): void;
  /** Numbers of an output of the run made last, whatever runs follow. */
  read(name: string): Promise<Float32Array>;
  /**
   * The scalars of every run since the last call, oldest first, one number for each name of `Step.scalars`.
   * @throws RangeError when there were more runs than are kept (`keptRuns`).
   */
  readScalars(): Promise<readonly Float32Array[]>;
  /** Whether the tensors that the program uses still lie where they did. */
  isCurrent(): boolean;
  /**
   * What each dispatch of one more run on these inputs takes, in order; null where the device has no timestamps or the step runs eagerly.
   * Each runs alone, so that their sum is more than a run takes. For profiles, not for training.
   */
  profile(inputs: HostTensors): Promise<readonly DispatchTime[] | null>;
  dispose(): void;
}
