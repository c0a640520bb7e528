/**
 * AdamW: Adam whose weight decay is decoupled from the gradient, and spares biases and normalisation.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NamedVariable } from '../../models/parameters.ts';
import {
  adamDefaults,
  makeAdamConstants,
  makeAdamStep,
  type AdamConstants,
  type AdamSettings,
} from './adam-scalars.ts';
import { updateAdamw } from './adamw-update.ts';
import { Slots, type Optimizer, type OptimizerEntry, type OptimizerState } from './optimizer.ts';

/**
 * Loshchilov and Hutter, "Decoupled weight decay regularization", 2019, https://arxiv.org/abs/1711.05101, algorithm 2. Each step
 * multiplies weights with `decay` by 1 − learningRate · weightDecay before Adam's change.
 */
export class AdamW implements Optimizer {
  readonly #variables: readonly NamedVariable[];
  readonly #settings: AdamSettings;
  readonly #slots: Slots<'firstMoments' | 'secondMoments'>;
  readonly #constants: AdamConstants;
  #step = 0;

  /** @throws RangeError when a setting is out of its range. */
  constructor(variables: readonly NamedVariable[], settings: Partial<AdamSettings> = {}) {
    this.#variables = variables;
    this.#settings = { ...adamDefaults, ...settings };
    this.#constants = makeAdamConstants(this.#settings);
    this.#slots = new Slots(['firstMoments', 'secondMoments'], variables);
  }

  step(
    gradients: readonly (tf.Tensor | undefined)[],
    learningRate: number,
    gradientScale: tf.Scalar | null = null,
  ): void {
    this.#step++;
    tf.tidy(() => {
      const step = makeAdamStep(this.#constants, this.#settings, this.#step, learningRate, gradientScale);
      const { weightDecay } = this.#settings;
      const keep = weightDecay > 0 ? tf.scalar(1 - learningRate * weightDecay) : null;
      this.#variables.forEach(({ variable, decay }, i) => {
        const [first, second] = [this.#slots.at('firstMoments', i), this.#slots.at('secondMoments', i)];
        const gradient = gradients[i];
        if (gradient) updateAdamw(variable, gradient, first, second, step, decay ? keep : null);
      });
    });
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
    tf.dispose({ ...this.#constants });
  }
}

/** The lab's default. */
export const adamw: OptimizerEntry = {
  label: 'AdamW',
  paper: 'https://arxiv.org/abs/1711.05101',
  build: (variables, weightDecay) => new AdamW(variables, { weightDecay }),
};
