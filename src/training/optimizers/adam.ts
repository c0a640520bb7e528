/**
 * Adam with L2 regularization: weight decay enters through the gradient, and so through the moments too. AMSGrad on request.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NamedVariable } from '../../models/parameters.ts';
import { adamDefaults, adamNumbers, assertAdamSettings, type AdamSettings } from './adam-settings.ts';
import { updateAdamw, type AdamItem } from './adamw-update.ts';
import { clipFactor, type Clipping } from './clip.ts';
import { Slots, type Optimizer, type OptimizerEntry, type OptimizerState } from './optimizer.ts';

/** Adam's settings, and whether the second moment may shrink. */
export interface AdamL2Settings extends AdamSettings {
  /** Divide by the largest second moment so far: Reddi, Kale, Kumar 2018, https://arxiv.org/abs/1904.09237, algorithm 2. */
  readonly amsgrad: boolean;
}

/**
 * Kingma and Ba, "Adam: a method for stochastic optimization", 2015, https://arxiv.org/abs/1412.6980, algorithm 1, on the gradient
 * g + weightDecay·w (for variables with `decay`).
 */
export class Adam implements Optimizer {
  readonly #variables: readonly NamedVariable[];
  readonly #settings: AdamL2Settings;
  readonly #slots: Slots<string>;
  readonly #weightDecay: tf.Scalar;
  #step = 0;

  /** @throws RangeError when a setting is out of its range. */
  constructor(variables: readonly NamedVariable[], settings: Partial<AdamL2Settings> = {}) {
    this.#variables = variables;
    this.#settings = { ...adamDefaults, amsgrad: false, ...settings };
    assertAdamSettings(this.#settings);
    this.#weightDecay = tf.scalar(this.#settings.weightDecay);
    const largest = this.#settings.amsgrad ? ['largestSecondMoments'] : [];
    this.#slots = new Slots(['firstMoments', 'secondMoments', ...largest], variables);
  }

  step(
    gradients: readonly (tf.Tensor | undefined)[],
    learningRate: number,
    clipping: Clipping | null = null,
  ): void {
    this.#step++;
    tf.tidy(() => {
      const clip = clipping && clipFactor(clipping.norm, clipping.maxNorm);
      const items = this.#variables.flatMap(({ variable, decay }, i): AdamItem[] => {
        const gradient = gradients[i];
        return gradient ? [this.#itemAt(i, variable, this.#regularize(variable, decay, gradient, clip))] : [];
      });
      const numbers = adamNumbers({ ...this.#settings, weightDecay: 0 }, this.#step, learningRate);
      updateAdamw(items, numbers, null);
    });
  }

  #itemAt(index: number, parameter: tf.Variable, gradient: tf.Tensor): AdamItem {
    const firstMoment = this.#slots.at('firstMoments', index);
    const secondMoment = this.#slots.at('secondMoments', index);
    const largest = this.#settings.amsgrad
      ? { largestSecondMoment: this.#slots.at('largestSecondMoments', index) }
      : {};
    return { parameter, gradient, firstMoment, secondMoment, ...largest, decay: false };
  }

  /** The clipped gradient of the loss plus that of the penalty, which is not clipped. */
  #regularize(weight: tf.Variable, decay: boolean, gradient: tf.Tensor, clip: tf.Scalar | null): tf.Tensor {
    const clipped = clip ? tf.mul(gradient, clip) : gradient;
    const penalized = decay && this.#settings.weightDecay > 0;
    return penalized ? tf.add(clipped, tf.mul(weight, this.#weightDecay)) : clipped;
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
    this.#weightDecay.dispose();
  }
}

/** Adam without AMSGrad. */
export const adam: OptimizerEntry = {
  label: 'Adam',
  paper: 'https://arxiv.org/abs/1412.6980',
  build: (variables, weightDecay) => new Adam(variables, { weightDecay }),
};
