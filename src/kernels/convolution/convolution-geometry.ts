/**
 * The sizes of a two-dimensional convolution of films [batch, height, width, channels] and filters [height, width, channels in, channels out].
 */
import * as tf from '@tensorflow/tfjs-core';

/** The sizes of one convolution; y = x ∗ filter. Padding is what lies before the first row and column. */
export interface ConvolutionGeometry {
  readonly batch: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideY: number;
  readonly strideX: number;
  readonly padTop: number;
  readonly padLeft: number;
}

/** What the engine tells a convolution kernel. */
export interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly pad: Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dilations?: [number, number] | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly activation?: string;
}

type Shape4 = [number, number, number, number];

/** The geometry, or null when our kernels do not cover it. @param types of all inputs */
export function geometryOf(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: ConvolutionAttributes,
  types: readonly string[],
): ConvolutionGeometry | null {
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as Shape4,
    filterShape as Shape4,
    attributes.strides,
    attributes.dilations ?? 1,
    attributes.pad,
    attributes.dimRoundingMode,
    false,
    tf.backend_util.convertConv2DDataFormat(attributes.dataFormat),
  );
  const covered =
    info.dataFormat === 'channelsLast' &&
    info.dilationHeight === 1 &&
    info.dilationWidth === 1 &&
    info.filterWidth <= 16 &&
    types.every((type) => type === 'float32') &&
    ![...info.inShape, ...info.outShape].includes(0);
  if (!covered) return null;
  return {
    batch: info.batchSize,
    inHeight: info.inHeight,
    inWidth: info.inWidth,
    inChannels: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outChannels: info.outChannels,
    filterHeight: info.filterHeight,
    filterWidth: info.filterWidth,
    strideY: info.strideHeight,
    strideX: info.strideWidth,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
  };
}

/** Calls back for each output pixel, input pixel and filter tap (all as row-major indices) that meet inside the film. */
export function eachTap(
  g: ConvolutionGeometry,
  meet: (output: number, input: number, tap: number) => void,
): void {
  for (let pixel = 0; pixel < g.batch * g.outHeight * g.outWidth; pixel++) {
    const b = Math.floor(pixel / (g.outHeight * g.outWidth));
    const y0 = (Math.floor(pixel / g.outWidth) % g.outHeight) * g.strideY - g.padTop;
    const x0 = (pixel % g.outWidth) * g.strideX - g.padLeft;
    for (let tap = 0; tap < g.filterHeight * g.filterWidth; tap++) {
      const iy = y0 + Math.floor(tap / g.filterWidth);
      const ix = x0 + (tap % g.filterWidth);
      if (iy < 0 || iy >= g.inHeight || ix < 0 || ix >= g.inWidth) continue;
      meet(pixel, (b * g.inHeight + iy) * g.inWidth + ix, tap);
    }
  }
}

/** Multiplications of one convolution, padding included. */
export function productsOf(g: ConvolutionGeometry): number {
  return g.batch * g.outHeight * g.outWidth * g.outChannels * g.inChannels * tapsOf(g);
}

/** Pixels of a filter. */
export function tapsOf(g: ConvolutionGeometry): number {
  return g.filterHeight * g.filterWidth;
}

/** Whether a filter of one tap meets every pixel once: the convolution is a product of the film as it lies in memory. */
export function isPointwise(g: ConvolutionGeometry): boolean {
  const isWhole = g.outHeight === g.inHeight && g.outWidth === g.inWidth;
  return tapsOf(g) === 1 && isWhole && g.padTop === 0 && g.padLeft === 0;
}
