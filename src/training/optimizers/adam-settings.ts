/**
 * The settings that Adam and AdamW share, and the numbers of one of their steps.
 */
import { adamNumbers } from '../../kernels/optimizer/adam-rule.ts';

/** Settings of Adam and AdamW; defaults are those of the paper. */
export interface AdamSettings {
  /** Decay of the first moment, in [0, 1). */
  readonly beta1: number;
  /** Decay of the second moment, in [0, 1). */
  readonly beta2: number;
  /** Added to the root of the second moment, > 0. */
  readonly epsilon: number;
  /** ≥ 0; applied to variables with `decay` only. */
  readonly weightDecay: number;
}

/** β1 = 0.9, β2 = 0.999, ε = 1e-8 (Kingma and Ba 2015, algorithm 1), no weight decay. */
export const adamDefaults: AdamSettings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };

/** The scalars of a step, as the rule reads them. @param step t, counted from 1. */
export function adamScalars(settings: AdamSettings, step: number, learningRate: number): Float32Array {
  const { beta1, beta2 } = settings;
  const corrections = { biasCorrection1: 1 - beta1 ** step, biasCorrection2: 1 - beta2 ** step };
  return adamNumbers({ ...settings, learningRate, ...corrections });
}

/** The settings with defaults where none are given. @throws RangeError naming the first setting out of its range. */
export function completeAdamSettings(settings: Partial<AdamSettings>): AdamSettings {
  const complete = { ...adamDefaults, ...settings };
  assertAdamSettings(complete);
  return complete;
}

function assertAdamSettings({ beta1, beta2, epsilon, weightDecay }: AdamSettings): void {
  const refuse = (name: string, range: string, value: number): never => {
    throw new RangeError(`Adam: ${name} must be ${range}, got ${value}`);
  };
  if (!(beta1 >= 0 && beta1 < 1)) refuse('beta1', 'in [0, 1)', beta1);
  if (!(beta2 >= 0 && beta2 < 1)) refuse('beta2', 'in [0, 1)', beta2);
  if (!(epsilon > 0)) refuse('epsilon', '> 0', epsilon);
  if (!(weightDecay >= 0)) refuse('weightDecay', '≥ 0', weightDecay);
}
