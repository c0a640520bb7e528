/**
 * Stochastic gradient descent, with momentum, Nesterov's look ahead and L2 regularization.
 */
import { sgdNumbers, sgdRule } from '../../../kernels/reference/sgd-rule.ts';
import type { NamedVariable } from '../../../models/parameters.ts';
import { FlatOptimizer } from '../optimizer.ts';

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
export class Sgd extends FlatOptimizer {
  /** @throws RangeError when a setting is out of its range. */
  constructor(variables: readonly NamedVariable[], settings: Partial<SgdSettings> = {}) {
    const { momentum = 0, nesterov = false, weightDecay = 0 } = settings;
    if (!(momentum >= 0 && momentum < 1))
      throw new RangeError(`Sgd: momentum must be in [0, 1), got ${momentum}`);
    if (!(weightDecay >= 0)) throw new RangeError(`Sgd: weightDecay must be ≥ 0, got ${weightDecay}`);
    super(variables, {
      rule: sgdRule(momentum > 0, nesterov),
      slotNames: momentum > 0 ? ['velocities'] : [],
      scalars: (_step, learningRate) => sgdNumbers(learningRate, weightDecay, momentum),
    });
  }
}
