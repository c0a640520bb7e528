/**
 * AdamW: Adam whose weight decay is decoupled from the gradient, and spares biases and normalisation.
 */
import * as tf from '@tensorflow/tfjs-core';
import { adamWNumbers, fusedAdamWStep } from '../../kernels/adamw.ts';
import { clippedScalars } from '../../kernels/gradient-norm.ts';
import type { NamedVariable } from '../../models/parameters.ts';
import type { HostTensor } from '../../tensors/host-tensor.ts';
import { adamDefaults, adamNumbers, assertAdamSettings, type AdamSettings } from './adam-settings.ts';
import type { AdamItem } from './adamw-update.ts';
import type { Clipping } from './clip.ts';
import { Slots, type Optimizer, type OptimizerEntry, type OptimizerState } from './optimizer.ts';

/**
 * Loshchilov and Hutter, "Decoupled weight decay regularization", 2019, https://arxiv.org/abs/1711.05101, algorithm 2. Each step
 * multiplies weights with `decay` by 1 − learningRate · weightDecay before Adam's change.
 */
export class AdamW implements Optimizer {
  readonly #variables: readonly NamedVariable[];
  readonly #settings: AdamSettings;
  readonly #slots: Slots<'firstMoments' | 'secondMoments'>;
  #step = 0;

  /** @throws RangeError when a setting is out of its range. */
  constructor(variables: readonly NamedVariable[], settings: Partial<AdamSettings> = {}) {
    this.#variables = variables;
    this.#settings = { ...adamDefaults, ...settings };
    assertAdamSettings(this.#settings);
    this.#slots = new Slots(['firstMoments', 'secondMoments'], variables);
  }

  /** Every variable that `apply` writes beside the weights. */
  get state(): readonly tf.Variable[] {
    return this.#slots.all;
  }

  /** The numbers of a step, for `apply`. @param step counted from 1. @param learningRate of that step, ≥ 0. */
  scalarsOfStep(step: number, learningRate: number): HostTensor {
    const numbers = { ...adamNumbers(this.#settings, step, learningRate), clipFactor: 1 };
    return { shape: [8], dtype: 'float32', values: adamWNumbers(numbers) };
  }

  /**
   * Takes one step; part of a captured one.
   * @param gradients one a variable, in the order of the variables; undefined where the loss does not depend on it (the weight then
   *   stays as it is, and is not decayed).
   * @param scalars those of `scalarsOfStep`, on the device.
   */
  apply(
    gradients: readonly (tf.Tensor | undefined)[],
    scalars: tf.Tensor1D,
    clipping: Clipping | null = null,
  ): void {
    const items = this.#variables.flatMap(({ variable: parameter, decay }, i): AdamItem[] => {
      const gradient = gradients[i];
      if (!gradient) return [];
      const firstMoment = this.#slots.at('firstMoments', i);
      const secondMoment = this.#slots.at('secondMoments', i);
      return [{ parameter, gradient, firstMoment, secondMoment, decay }];
    });
    tf.tidy(() => {
      fusedAdamWStep(items, clipping ? clippedScalars(scalars, clipping.norm, clipping.maxNorm) : scalars);
    });
  }

  step(
    gradients: readonly (tf.Tensor | undefined)[],
    learningRate: number,
    clipping: Clipping | null = null,
  ): void {
    const { values } = this.scalarsOfStep(++this.#step, learningRate);
    tf.tidy(() => this.apply(gradients, tf.tensor1d(values), clipping));
  }

  async exportState(): Promise<OptimizerState> {
    const step = this.#step;
    return { step, slots: await this.#slots.read() };
  }

  importState(state: OptimizerState): void {
    this.#slots.write(state.slots);
    this.#step = state.step;
  }

  dispose(): void {
    this.#slots.dispose();
  }
}

/** The lab's default. */
export const adamw: OptimizerEntry = {
  label: 'AdamW',
  paper: 'https://arxiv.org/abs/1711.05101',
  build: (variables, weightDecay) => new AdamW(variables, { weightDecay }),
};
