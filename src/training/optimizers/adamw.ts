/**
 * AdamW: Adam whose weight decay is decoupled from the gradient, and spares biases and normalisation.
 */
import { adamRule } from '../../kernels/optimizer/adam-rule.ts';
import type { NamedVariable } from '../../models/parameters.ts';
import { adamScalars, completeAdamSettings, type AdamSettings } from './adam-settings.ts';
import { FlatOptimizer } from './optimizer.ts';

/**
 * Loshchilov and Hutter, "Decoupled weight decay regularization", 2019, https://arxiv.org/abs/1711.05101, algorithm 2. Each step
 * multiplies weights with `decay` by 1 − learningRate · weightDecay before Adam's change.
 */
export class AdamW extends FlatOptimizer {
  /** @throws RangeError when a setting is out of its range. */
  constructor(variables: readonly NamedVariable[], settings: Partial<AdamSettings> = {}) {
    const complete = completeAdamSettings(settings);
    super(variables, {
      rule: adamRule('adamW'),
      slotNames: ['firstMoments', 'secondMoments'],
      scalars: (step, learningRate) => adamScalars(complete, step, learningRate),
    });
  }
}
