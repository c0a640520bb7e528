/**
 * What an optimizer is, and the state that it keeps beside the weights: slots of one variable a weight (moments, velocities).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NamedVariable } from '../../models/parameters.ts';
import type { Clipping } from './clip.ts';
import { readWeights, writeWeights, type Weights } from '../weights.ts';

/** Optimizer state as plain data, from which training goes on bit for bit. */
export interface OptimizerState {
  /** Steps taken so far. */
  readonly step: number;
  /** Values by slot name ('firstMoments' …) and weight name. */
  readonly slots: Readonly<Record<string, Weights>>;
}

/** Changes weights by their gradients. */
export interface Optimizer {
  /**
   * Takes one step. Nothing is read back from the device.
   * @param gradients one a variable, in the order of the variables; undefined where the loss does not depend on it (the weight then
   *   stays as it is, and is not decayed).
   * @param learningRate of this step, ≥ 0.
   * @param clipping the bound on the global norm of the gradients; null or left out = no clipping.
   */
  step(gradients: readonly (tf.Tensor | undefined)[], learningRate: number, clipping?: Clipping | null): void;
  exportState(): Promise<OptimizerState>;
  /** @throws RangeError when the state belongs to other variables. */
  importState(state: OptimizerState): void;
  /** Frees the optimizer's own tensors; the weights stay. */
  dispose(): void;
}

/** A kind of optimizer. */
export interface OptimizerEntry {
  readonly label: string;
  readonly paper: string;
  build(variables: readonly NamedVariable[], weightDecay: number): Optimizer;
}

/** The slots of an optimizer: named sets of variables, shaped like the weights and zero at first. */
export class Slots<Name extends string> {
  readonly #sets: Readonly<Record<Name, readonly NamedVariable[]>>;

  constructor(names: readonly Name[], variables: readonly NamedVariable[]) {
    const makeSet = (): NamedVariable[] =>
      variables.map(({ name, variable, decay }) => {
        const zeros = tf.zeros(variable.shape);
        const slot = tf.variable(zeros, false);
        zeros.dispose();
        return { name, variable: slot, decay };
      });
    this.#sets = Object.fromEntries(names.map((name) => [name, makeSet()])) as unknown as Record<
      Name,
      readonly NamedVariable[]
    >;
  }

  /** All slots. */
  get all(): readonly tf.Variable[] {
    const sets = Object.values<readonly NamedVariable[]>(this.#sets);
    return sets.flatMap((set) => set.map(({ variable }) => variable));
  }

  /** The slot of the weight at an index. */
  at(name: Name, index: number): tf.Variable {
    return this.#sets[name][index]!.variable;
  }

  async read(): Promise<Record<Name, Weights>> {
    const names = Object.keys(this.#sets) as Name[];
    const sets = await Promise.all(names.map((name) => readWeights(this.#sets[name])));
    return Object.fromEntries(names.map((name, i) => [name, sets[i]!])) as Record<Name, Weights>;
  }

  /** @throws RangeError when a slot is missing or has another size. */
  write(slots: Readonly<Record<string, Weights>>): void {
    for (const name of Object.keys(this.#sets) as Name[]) {
      const weights = slots[name];
      if (!weights) throw new RangeError(`importState: expected the slot "${name}", got none`);
      writeWeights(this.#sets[name], weights);
    }
  }

  dispose(): void {
    for (const set of Object.values<readonly NamedVariable[]>(this.#sets)) {
      for (const { variable } of set) variable.dispose();
    }
  }
}
