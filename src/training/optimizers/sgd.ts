/**
 * Stochastic gradient descent, with momentum, Nesterov's look ahead and L2 regularization.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NamedVariable } from '../../models/parameters.ts';
import { clipFactor, type Clipping } from './clip.ts';
import { Slots, type Optimizer, type OptimizerEntry, type OptimizerState } from './optimizer.ts';

/** Settings of gradient descent. */
export interface SgdSettings {
  /** Share of the velocity that is kept, in [0, 1); 0 = none. */
  readonly momentum: number;
  /** Step from where the velocity will have led to. */
  readonly nesterov: boolean;
  /** ≥ 0; applied to variables with `decay` only. */
  readonly weightDecay: number;
}

/**
 * velocity ← momentum·velocity + g, w ← w − learningRate·velocity, with g = gradient + weightDecay·w; Nesterov steps along
 * g + momentum·velocity. Sutskever, Martens, Dahl, Hinton, "On the importance of initialization and momentum in deep learning", 2013,
 * section 2, with the learning rate outside the velocity.
 */
export class Sgd implements Optimizer {
  readonly #variables: readonly NamedVariable[];
  readonly #settings: SgdSettings;
  readonly #slots: Slots<string>;
  readonly #momentum: tf.Scalar;
  readonly #weightDecay: tf.Scalar;
  #step = 0;

  /** @throws RangeError when a setting is out of its range. */
  constructor(variables: readonly NamedVariable[], settings: Partial<SgdSettings> = {}) {
    this.#settings = { momentum: 0, nesterov: false, weightDecay: 0, ...settings };
    const { momentum, weightDecay } = this.#settings;
    if (!(momentum >= 0 && momentum < 1))
      throw new RangeError(`Sgd: momentum must be in [0, 1), got ${momentum}`);
    if (!(weightDecay >= 0)) throw new RangeError(`Sgd: weightDecay must be ≥ 0, got ${weightDecay}`);
    this.#variables = variables;
    this.#slots = new Slots(momentum > 0 ? ['velocities'] : [], variables);
    this.#momentum = tf.scalar(momentum);
    this.#weightDecay = tf.scalar(weightDecay);
  }

  step(
    gradients: readonly (tf.Tensor | undefined)[],
    learningRate: number,
    clipping: Clipping | null = null,
  ): void {
    this.#step++;
    tf.tidy(() => {
      const rate = tf.scalar(learningRate);
      const clip = clipping && clipFactor(clipping.norm, clipping.maxNorm);
      this.#variables.forEach(({ variable, decay }, i) => {
        const gradient = gradients[i];
        if (!gradient) return;
        const clipped = clip ? tf.mul(gradient, clip) : gradient;
        const penalized = decay && this.#settings.weightDecay > 0;
        const g = penalized ? tf.add(clipped, tf.mul(variable, this.#weightDecay)) : clipped;
        variable.assign(tf.sub(variable, tf.mul(this.#direction(g, i), rate)));
      });
    });
  }

  #direction(gradient: tf.Tensor, index: number): tf.Tensor {
    if (this.#settings.momentum === 0) return gradient;
    const velocity = this.#slots.at('velocities', index);
    velocity.assign(tf.add(tf.mul(velocity, this.#momentum), gradient));
    return this.#settings.nesterov ? tf.add(gradient, tf.mul(velocity, this.#momentum)) : velocity;
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
    tf.dispose([this.#momentum, this.#weightDecay]);
  }
}

/** Gradient descent with momentum 0.9. */
export const sgd: OptimizerEntry = {
  label: 'SGD with momentum',
  paper: 'https://proceedings.mlr.press/v28/sutskever13.html',
  build: (variables, weightDecay) => new Sgd(variables, { momentum: 0.9, weightDecay }),
};
