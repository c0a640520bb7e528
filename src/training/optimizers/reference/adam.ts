/**
 * Adam with L2 regularization: weight decay enters through the gradient, and so through the moments too. AMSGrad on request.
 */
import { adamRule } from '../../../kernels/optimizer/adam-rule.ts';
import type { NamedVariable } from '../../../models/parameters.ts';
import { adamScalars, completeAdamSettings, type AdamSettings } from '../adam-settings.ts';
import { FlatOptimizer } from '../optimizer.ts';

/** Adam's settings, and whether the second moment may shrink. */
export interface AdamL2Settings extends AdamSettings {
  /** Divide by the largest second moment so far: Reddi, Kale, Kumar 2018, https://arxiv.org/abs/1904.09237, algorithm 2. */
  readonly amsgrad: boolean;
}

/**
 * Kingma and Ba, "Adam: a method for stochastic optimization", 2015, https://arxiv.org/abs/1412.6980, algorithm 1, on the gradient
 * g + weightDecay·w (for variables with `decay`).
 */
export class Adam extends FlatOptimizer {
  /** @throws RangeError when a setting is out of its range. */
  constructor(variables: readonly NamedVariable[], settings: Partial<AdamL2Settings> = {}) {
    const { amsgrad = false, ...others } = settings;
    const complete = completeAdamSettings(others);
    super(variables, {
      rule: adamRule('adam', amsgrad),
      slotNames: ['firstMoments', 'secondMoments', ...(amsgrad ? ['largestSecondMoments'] : [])],
      scalars: (step, learningRate) => adamScalars(complete, step, learningRate),
    });
  }
}
