/**
 * AdamW: Adam whose weight decay is decoupled from the gradient, and spares biases and normalisation.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { NamedVariable } from '../../models/parameters.ts';
import { adamDefaults, adamNumbers, assertAdamSettings, type AdamSettings } from './adam-settings.ts';
import { updateAdamw, type AdamItem } from './adamw-update.ts';
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

  step(
    gradients: readonly (tf.Tensor | undefined)[],
    learningRate: number,
    clipping: Clipping | null = null,
  ): void {
    this.#step++;
    const items = this.#variables.flatMap(({ variable: parameter, decay }, i): AdamItem[] => {
      const gradient = gradients[i];
      if (!gradient) return [];
      const firstMoment = this.#slots.at('firstMoments', i);
      const secondMoment = this.#slots.at('secondMoments', i);
      return [{ parameter, gradient, firstMoment, secondMoment, decay }];
    });
    updateAdamw(items, adamNumbers(this.#settings, this.#step, learningRate), clipping);
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
