/**
 * Which algorithm a convolution and its two gradients use: the definition, Winograd's transforms or patches. Holds the current choice;
 * nothing else reads it.
 *
 * The ways differ in the order of their additions, so that the choice is a part of what a run can be repeated from, as that of matrix
 * products is (see variants.ts).
 */
import { bindingLimit } from '../../tensors/webgpu-dispatch.ts';
import { isPointwise, productsOf, tapsOf, type ConvolutionGeometry } from './convolution-geometry.ts';

/** How a convolution runs. */
export type ConvolutionWay = 'definition' | 'winograd' | 'patches';

/** Convolutions that one choice is made for: 3×3 filters at every pixel; filters at strides, and filters of one tap. */
export const convolutionClasses = ['convolution 3×3', 'convolution strided'] as const;
/** One of the classes. */
export type ConvolutionClass = (typeof convolutionClasses)[number];

/** The algorithm that a class uses instead of the definition. */
export const wayOfClass = {
  'convolution 3×3': 'winograd',
  'convolution strided': 'patches',
} as const satisfies Record<ConvolutionClass, ConvolutionWay>;

/** Powers of two, in multiplications, that a class may leave the definition from. */
export const thresholds = [20, 22, 24, 26, 28] as const;
/** The choice to always use the definition. */
export const byDefinition = 'definition';
/** The default until the adapter is measured; it was measured on a software adapter. */
const assumed: Readonly<Record<ConvolutionClass, number>> = {
  'convolution 3×3': 2 ** 26,
  'convolution strided': 2 ** 22,
};
/** Channels on the narrower side that are a vector's worth of work for a product. */
const enoughChannels = { 'convolution 3×3': 32, 'convolution strided': 16 } as const;

/** Patches are written out tap by tap. */
const mostTaps = 64;

const inForce: Record<ConvolutionClass, number> = { ...assumed };

/** The name of a choice: to leave the definition from 2^power multiplications on. */
export function fromPower(operation: ConvolutionClass, power: number): string {
  return `${wayOfClass[operation]} from 2^${power} multiplications`;
}

/**
 * Sets a choice. @param name as `fromPower` or `byDefinition` give it; undefined for the default.
 * @throws RangeError for any other name.
 */
export function chooseConvolutionWay(operation: ConvolutionClass, name: string | undefined): void {
  const power = thresholds.find((one) => fromPower(operation, one) === name);
  if (power === undefined && name !== undefined && name !== byDefinition) {
    throw new RangeError(`There is no way "${name}" for ${operation}.`);
  }
  const measured = power === undefined ? Infinity : 2 ** power;
  inForce[operation] = name === undefined ? assumed[operation] : measured;
}

/** The result of `run`, with another choice set while it runs. */
export function underConvolutionWay<T>(operation: ConvolutionClass, name: string, run: () => T): T {
  const before = inForce[operation];
  chooseConvolutionWay(operation, name);
  try {
    return run();
  } finally {
    inForce[operation] = before;
  }
}

/** The algorithm of a convolution under the current choices; by the definition where the device cannot bind the buffers of another. */
export function wayOf(g: ConvolutionGeometry): ConvolutionWay {
  const operation = classOf(g);
  if (!operation || productsOf(g) < inForce[operation]) return 'definition';
  if (Math.min(g.inChannels, g.outChannels) < enoughChannels[operation]) return 'definition';
  const way = wayOfClass[operation];
  const isCovered = way === 'winograd' ? coveredByWinograd : coveredByPatches;
  return isCovered(g, bindingLimit()) ? way : 'definition';
}

/** The class of a convolution; null for those that no other way is quicker for. */
export function classOf(g: ConvolutionGeometry): ConvolutionClass | null {
  if (g.strideX > 1 || g.strideY > 1 || isPointwise(g)) return 'convolution strided';
  return g.filterHeight === 3 && g.filterWidth === 3 ? 'convolution 3×3' : null;
}

/** Whether Winograd's way covers a convolution, on a device that binds so many bytes at most: 16 numbers for 4 pixels, or a filter's 9. */
export function coveredByWinograd(g: ConvolutionGeometry, mostBytes: number): boolean {
  const { batch, inHeight, inWidth, outHeight, outWidth, inChannels, outChannels } = g;
  const tiles = (height: number, width: number): number =>
    batch * Math.ceil(height / 2) * Math.ceil(width / 2);
  const mostTiles = Math.max(tiles(inHeight, inWidth), tiles(outHeight, outWidth));
  const [narrow, wide] = [Math.min(inChannels, outChannels), Math.max(inChannels, outChannels)];
  const isThreeByThree = g.filterHeight === 3 && g.filterWidth === 3 && g.strideX === 1 && g.strideY === 1;
  return isThreeByThree && 4 * 16 * wide * Math.max(mostTiles, narrow) <= mostBytes;
}

/** Whether patches cover a convolution, on a device that binds so many bytes at most: a row of the filter's size for each output pixel. */
export function coveredByPatches(g: ConvolutionGeometry, mostBytes: number): boolean {
  const numbers = g.batch * g.outHeight * g.outWidth * tapsOf(g) * g.inChannels;
  return tapsOf(g) <= mostTaps && 4 * numbers <= mostBytes;
}
