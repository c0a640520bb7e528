/**
 * The exponential moving average of weights: a slower, steadier copy (a teacher that follows its student, or weights to evaluate).
 */
import * as tf from '@tensorflow/tfjs-core';
import { moveAverages } from '../../../kernels/optimizer/moving-average.ts';
import type { NamedVariable } from '../../../models/parameters.ts';
import { readWeights, writeWeights, type Weights } from '../../weights.ts';

/**
 * average ← decay·average + (1 − decay)·weight after each step, from the weights as they are at construction. Polyak and Juditsky,
 * "Acceleration of stochastic approximation by averaging", 1992; the exponential form as in Tarvainen and Valpola 2017,
 * https://arxiv.org/abs/1703.01780, eq. 2.
 */
export class ExponentialMovingAverage {
  readonly #sources: readonly NamedVariable[];
  /** The averages, under the names of the weights. */
  readonly averages: readonly NamedVariable[];

  constructor(variables: readonly NamedVariable[]) {
    this.#sources = variables;
    this.averages = variables.map(({ name, variable, decay }) => {
      const copy = tf.add(variable, 0); // a clone would share its memory with the weight, which kernels write in place
      const average = tf.variable(copy, false);
      copy.dispose();
      return { name, variable: average, decay };
    });
  }

  /** @param decay in [0, 1]; may change from step to step. @throws RangeError when it is not. */
  update(decay: number): void {
    if (!(decay >= 0 && decay <= 1)) throw new RangeError(`update: decay must be in [0, 1], got ${decay}`);
    tf.tidy(() => this.apply(tf.scalar(decay)));
  }

  /** As `update`; may be part of a captured step. @param decay scalar in [0, 1]. */
  apply(decay: tf.Scalar): void {
    const followed = this.averages.map(({ variable: average }, i) => ({
      average,
      value: this.#sources[i]!.variable,
    }));
    moveAverages(followed, decay);
  }

  exportState(): Promise<Weights> {
    return readWeights(this.averages);
  }

  /** @throws RangeError when the averages belong to other weights. */
  importState(weights: Weights): void {
    writeWeights(this.averages, weights);
  }

  dispose(): void {
    for (const { variable } of this.averages) variable.dispose();
  }
}
