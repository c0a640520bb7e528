/**
 * What an optimizer is, and the one way in which all of ours work: a rule, slots beside the weights, scalars that change from step to step.
 */
import * as tf from '@tensorflow/tfjs-core';
import { assignInPlace } from '../../kernels/assign.ts';
import { gatherGradients } from '../../kernels/optimizer/flat-gradients.ts';
import { cutFlat, flatLayout, joinFlat, type FlatLayout } from '../../kernels/optimizer/flat-layout.ts';
import { flatUpdate, type UpdateRule } from '../../kernels/optimizer/flat-update.ts';
import type { NamedVariable } from '../../models/parameters.ts';
import type { HostTensor } from '../../tensors/host-tensor.ts';
import { assertWeightsFit, type Weights } from '../weights.ts';

/** What an optimizer keeps beside the weights, as plain data: values by slot name ('firstMoments' …) and weight name. */
export type OptimizerState = Readonly<Record<string, Weights>>;

/** Changes weights by their gradients. */
export interface Optimizer {
  /** All that `apply` writes beside the weights. */
  readonly state: readonly tf.Variable[];
  /** The numbers of a step, for `apply`. @param step counted from 1. @param learningRate of that step, ≥ 0. */
  scalarsOfStep(step: number, learningRate: number): HostTensor;
  /**
   * Takes one step, in place; may be part of a captured one.
   * @param gradients one per variable, in the order of the variables; undefined where the loss does not depend on it (the weight then
   *   stays as it is, and is not decayed).
   * @param scalars those of `scalarsOfStep`, on the device.
   * @param maxNorm bound on the global norm of the gradients; null = no clipping.
   * @returns the global norm before clipping.
   */
  apply(
    gradients: readonly (tf.Tensor | undefined)[],
    scalars: tf.Tensor1D,
    maxNorm: number | null,
  ): tf.Scalar;
  exportState(): Promise<OptimizerState>;
  /** @throws RangeError when the state belongs to other variables. */
  importState(state: OptimizerState): void;
  /** Frees the optimizer's own tensors; the weights stay. */
  dispose(): void;
}

/** How an optimizer works. */
export interface OptimizerRule {
  readonly rule: UpdateRule;
  /** One a slot of the rule. */
  readonly slotNames: readonly string[];
  /** The rule's scalars at a step. */
  scalars(step: number, learningRate: number): Float32Array;
}

/** An optimizer whose slots lie flat, zero at first. */
export class FlatOptimizer implements Optimizer {
  readonly state: readonly tf.Variable[];
  readonly #variables: readonly NamedVariable[];
  readonly #layout: FlatLayout;
  readonly #rule: OptimizerRule;

  constructor(variables: readonly NamedVariable[], rule: OptimizerRule) {
    this.#variables = variables;
    this.#rule = rule;
    this.#layout = flatLayout(variables.map(({ variable }) => variable.size));
    this.state = rule.slotNames.map(() => {
      const zeros = tf.zeros([4 * this.#layout.vectors]);
      const slot = tf.variable(zeros, false);
      zeros.dispose();
      return slot;
    });
  }

  scalarsOfStep(step: number, learningRate: number): HostTensor {
    const values = this.#rule.scalars(step, learningRate);
    return { shape: [values.length], dtype: 'float32', values };
  }

  apply(
    gradients: readonly (tf.Tensor | undefined)[],
    scalars: tf.Tensor1D,
    maxNorm: number | null,
  ): tf.Scalar {
    this.#assertShapes(gradients);
    if (maxNorm !== null && !(maxNorm > 0))
      throw new RangeError(`apply: maxNorm must be > 0, got ${maxNorm}`);
    const items = this.#variables.map(({ variable: parameter, decay }, i) => ({
      parameter,
      decay,
      present: gradients[i] !== undefined,
    }));
    return tf.tidy(() => {
      const { values, norm } = gatherGradients(this.#layout, gradients);
      flatUpdate({
        rule: this.#rule.rule,
        layout: this.#layout,
        items,
        slots: this.state,
        gradients: values,
        scalars,
        maxNorm,
      });
      return norm;
    });
  }

  async exportState(): Promise<OptimizerState> {
    const slots = await Promise.all(this.state.map((slot) => slot.data<'float32'>()));
    const named = (flat: Float32Array): Weights =>
      Object.fromEntries(cutFlat(this.#layout, flat).map((part, i) => [this.#variables[i]!.name, part]));
    return Object.fromEntries(this.#rule.slotNames.map((name, i) => [name, named(slots[i]!)]));
  }

  importState(state: OptimizerState): void {
    const flat = this.#rule.slotNames.map((name) => {
      const weights = state[name];
      if (!weights) throw new RangeError(`importState: expected the slot "${name}", got none`);
      assertWeightsFit(this.#variables, weights);
      const parts = this.#variables.map((variable) => weights[variable.name]!);
      return joinFlat(this.#layout, parts);
    });
    tf.tidy(() => flat.forEach((values, i) => assignInPlace(this.state[i]!, tf.tensor1d(values))));
  }

  dispose(): void {
    tf.dispose([...this.state]);
  }

  #assertShapes(gradients: readonly (tf.Tensor | undefined)[]): void {
    this.#variables.forEach(({ name, variable }, i) => {
      const gradient = gradients[i];
      if (gradient && !tf.util.arraysEqual(gradient.shape, variable.shape)) {
        throw new RangeError(
          `apply: "${name}" has shape [${variable.shape.join()}], its gradient [${gradient.shape.join()}]`,
        );
      }
    });
  }
}
