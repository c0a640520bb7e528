/**
 * The first convolution of a network for colour images, turned into one for grey films.
 *
 * Such a network sees z_c = (x − mean_c) / std_c in each channel c of the same film x. Here it sees z = (x − mean) / std once, with the
 * channels' average mean and std, so that z_c = (std / std_c) · z + (mean − mean_c) / std_c, and the convolution is
 *
 *   Σ_c w_c ∗ z_c = (Σ_c w_c · std / std_c) ∗ z + (Σ_c w_c · (mean − mean_c) / std_c) ∗ 1
 *
 * The first term is a convolution of one channel. The second is there only where the channels' means differ; it is a convolution of the
 * film's area: 1 on the film and 0 in the padding around it. Both together are exact, padding included. Without padding (the patches of
 * a vision transformer) the second is a constant for each output, and goes into the bias.
 */
import { InputError } from '../../errors.ts';
import type { FixedScaling, IntensityScaling } from '../../transforms/prepare.ts';
import type { StoredTensor } from './safetensors.ts';
import type { ChannelNormalisation } from './model-config.ts';

/** How films are scaled for a network: all channels alike, or each by its own mean and standard deviation. */
export type InputScaling = IntensityScaling | ChannelNormalisation;

/** A first convolution for one grey channel. */
export interface GreyConvolution {
  /** How films must be scaled for it. */
  readonly scaling: IntensityScaling | FixedScaling;
  /** Σ_c w_c · std / std_c: [outputs, 1, height, width]. */
  readonly film: StoredTensor;
  /** Σ_c w_c · (mean − mean_c) / std_c: [outputs, 1, height, width]; null where all channels have the same mean. */
  readonly area: StoredTensor | null;
}

/** How much means may differ, as a share of the deviation, to count as one: float32's own precision. */
const equal = 1e-7;

/**
 * @param weight [outputs, channels, height, width], as PyTorch keeps it.
 * @throws InputError when the weights are not for one channel or three, or the scaling is for another number of channels.
 */
export function greyConvolution(
  weight: StoredTensor,
  scaling: InputScaling,
  fileName: string,
): GreyConvolution {
  const [, channels = 0] = weight.shape;
  if (weight.shape.length !== 4 || (channels !== 1 && channels !== 3)) {
    throw new InputError(
      `${fileName} has a first convolution of shape [${weight.shape.join(', ')}], but it should be [outputs, channels, height, width] with one channel or three.`,
    );
  }
  if (typeof scaling === 'string') {
    return { scaling, film: weightedSum(weight, Array<number>(channels).fill(1)), area: null };
  }
  const means = ofChannels(scaling.mean, channels, fileName);
  const deviations = ofChannels(scaling.standardDeviation, channels, fileName);
  const [mean, deviation] = [average(means), average(deviations)];
  const shifts = means.map((own, c) => (mean - own) / deviations[c]!);
  return {
    scaling: { centre: mean, scale: deviation },
    film: weightedSum(
      weight,
      deviations.map((own) => deviation / own),
    ),
    area: shifts.every((shift) => Math.abs(shift) < equal) ? null : weightedSum(weight, shifts),
  };
}

function ofChannels(values: readonly number[], channels: number, fileName: string): readonly number[] {
  if (values.length === channels) return values;
  if (values.length === 1) return Array<number>(channels).fill(values[0]!);
  throw new InputError(
    `${fileName} takes images of ${channels === 1 ? 'one channel' : 'three channels'}, but its config.json has the mean and deviation of ${values.length}.`,
  );
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Σ_c factor_c · w_c. @returns [outputs, 1, height, width] */
function weightedSum({ shape, values }: StoredTensor, factors: readonly number[]): StoredTensor {
  const [outputs, channels, height, width] = shape as [number, number, number, number];
  const pixels = height * width;
  const sums = new Float64Array(outputs * pixels);
  for (let output = 0; output < outputs; output++) {
    for (let c = 0; c < channels; c++) {
      const from = (output * channels + c) * pixels;
      for (let i = 0; i < pixels; i++) sums[output * pixels + i]! += factors[c]! * values[from + i]!;
    }
  }
  return { shape: [outputs, 1, height, width], values: sums };
}
