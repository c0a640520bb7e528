/**
 * Depthwise convolution on WebGPU, forward and both gradients: each channel has filters of its own.
 *
 *   y[b, i, j, c·m + k] = Σ_{u,v} x[b, i·s + u·d − top, j·s + v·d − left, c] · w[u, v, c, k],  k < m
 *
 * L. Sifre, S. Mallat, "Rigid-motion scattering for texture classification", 2014, https://arxiv.org/abs/1403.1687. One dispatch each way;
 * the filter's gradient is added over parts of the batch's rows, whose sums end with other sums of the step.
 */
import * as tf from '@tensorflow/tfjs-core';
import { runsInSoftware } from '../../tensors/backend.ts';
import { dispatch, emptyTensor, release } from '../../tensors/webgpu-dispatch.ts';
import { registerOverride, type KernelCall } from '../override.ts';
import { sumSplits } from '../reduce.ts';
import { lineGroups, lineThread, LINE, shader, splitsFor, typeOf, widthOf } from '../wgsl.ts';

type Geometry = tf.backend_util.Conv2DInfo;
type Shape4D = [number, number, number, number];

/** Takes over depthwise convolutions of float32 maps in the order batch, height, width, channels. */
export function registerDepthwiseConvolution(): void {
  registerOverride('DepthwiseConv2dNative', (args, stock) => {
    const { x, filter } = args.inputs as { x: tf.TensorInfo; filter: tf.TensorInfo };
    const g = geometryOf(x.shape, filter.shape, args);
    return g ? forward(x, filter, g) : stock(args);
  });
  registerOverride('DepthwiseConv2dNativeBackpropInput', (args, stock) => {
    const { dy, filter } = args.inputs as { dy: tf.TensorInfo; filter: tf.TensorInfo };
    const { inputShape } = args.attrs as unknown as { inputShape: number[] };
    const g = geometryOf(inputShape, filter.shape, args);
    return g ? inputGradient(dy, filter, g) : stock(args);
  });
  registerOverride('DepthwiseConv2dNativeBackpropFilter', (args, stock) => {
    const { x, dy } = args.inputs as { x: tf.TensorInfo; dy: tf.TensorInfo };
    const { filterShape } = args.attrs as unknown as { filterShape: number[] };
    const g = geometryOf(x.shape, filterShape, args);
    return g ? filterGradient(x, dy, g) : stock(args);
  });
}

/** What the reference is told of a depthwise convolution; sizes in places of the map. */
export interface DepthwiseSizes {
  readonly inShape: readonly [batch: number, height: number, width: number, channels: number];
  readonly filterShape: readonly [height: number, width: number, channels: number, multiplier: number];
  readonly outShape: readonly [batch: number, height: number, width: number, channels: number];
  readonly stride: number;
  readonly top: number;
  readonly left: number;
}

/** y and, for a weighting dy, both gradients by the definition, in double precision; without dilation. @param dy of y's shape */
export function depthwiseConvolutionReference(
  x: ArrayLike<number>,
  filter: ArrayLike<number>,
  dy: ArrayLike<number>,
  sizes: DepthwiseSizes,
): { readonly y: Float64Array; readonly dx: Float64Array; readonly dFilter: Float64Array } {
  const [y, dx, dFilter] = [dy, x, filter].map(({ length }) => new Float64Array(length)) as [
    ...[Float64Array, Float64Array, Float64Array],
  ];
  eachProduct(sizes, (output, input, weight) => {
    y[output]! += x[input]! * filter[weight]!;
    dx[input]! += dy[output]! * filter[weight]!;
    dFilter[weight]! += x[input]! * dy[output]!;
  });
  return { y, dx, dFilter };
}

/** Calls back for each product of a number of the map and a weight that an output is the sum of, all as row-major places. */
function eachProduct(
  { inShape, filterShape, outShape, stride, top, left }: DepthwiseSizes,
  meet: (output: number, input: number, weight: number) => void,
): void {
  const [, height, width, channels] = inShape;
  const [tall, wide, , multiplier] = filterShape;
  const [batch, rows, columns, outputs] = outShape;
  for (let at = 0; at < batch * rows * columns * outputs; at++) {
    const o = at % outputs;
    const j = Math.floor(at / outputs) % columns;
    const i = Math.floor(at / outputs / columns) % rows;
    const b = Math.floor(at / outputs / columns / rows);
    const c = Math.floor(o / multiplier);
    for (let tap = 0; tap < tall * wide; tap++) {
      const row = i * stride + Math.floor(tap / wide) - top;
      const column = j * stride + (tap % wide) - left;
      if (row < 0 || column < 0 || row >= height || column >= width) continue;
      const input = ((b * height + row) * width + column) * channels + c;
      meet(at, input, (tap * channels + c) * multiplier + (o % multiplier));
    }
  }
}

/** The geometry, or null when our kernels do not cover it. */
function geometryOf(
  inShape: number[],
  filterShape: number[],
  { attrs, inputs }: KernelCall,
): Geometry | null {
  const { strides, pad, dilations, dimRoundingMode, dataFormat } = attrs as unknown as {
    strides: [number, number] | number;
    pad: 'same' | 'valid' | number;
    dilations?: [number, number] | number;
    dimRoundingMode?: 'floor';
    dataFormat?: string;
  };
  const isFloat = Object.values(inputs).every((input) => input?.dtype === 'float32');
  if (!isFloat || dataFormat === 'NCHW' || inShape.length !== 4) return null;
  const shapes = [inShape as Shape4D, filterShape as Shape4D] as const;
  const g = tf.backend_util.computeConv2DInfo(...shapes, strides, dilations ?? 1, pad, dimRoundingMode, true);
  return [...g.inShape, ...g.outShape].includes(0) ? null : g;
}

/** Vectors of four channels where each channel has one filter and they come in fours. */
function widthFor(g: Geometry): 4 | 1 {
  return g.outChannels === g.inChannels ? widthOf(g.inChannels) : 1;
}

function keyOf(what: string, g: Geometry, more: readonly number[] = []): string {
  const steps = [
    g.strideHeight,
    g.strideWidth,
    g.dilationHeight,
    g.dilationWidth,
    g.padInfo.top,
    g.padInfo.left,
  ];
  const sizes = [...g.inShape, ...g.outShape, g.filterHeight, g.filterWidth, ...steps, ...more];
  return `depthwiseConvolution ${what} ${sizes.join()}`;
}

/** WGSL for the thread's channel, column, row and film in a map. */
function placeIn(height: number, width: number, vectors: number): string {
  return `let c = i32(thread) % ${vectors};
let column = i32(thread) / ${vectors} % ${width};
let row = i32(thread) / ${vectors * width} % ${height};
let b = i32(thread) / ${vectors * width * height};`;
}

function forward(x: tf.TensorInfo, filter: tf.TensorInfo, g: Geometry): tf.TensorInfo {
  const y = emptyTensor(g.outShape);
  const width = widthFor(g);
  const [ins, outs, type] = [g.inChannels / width, g.outChannels / width, typeOf(width)];
  const threads = g.batchSize * g.outHeight * g.outWidth * outs;
  const code = (): string =>
    shader(
      [`x: ${type}`, `w: ${type}`, `*y: ${type}`],
      [LINE],
      `${lineThread(threads)}
${placeIn(g.outHeight, g.outWidth, outs)}
var sum = ${type}(0);
for (var u = 0; u < ${g.filterHeight}; u++) {
let iy = row * ${g.strideHeight} + u * ${g.dilationHeight} - ${g.padInfo.top};
if ((iy < 0) | (iy >= ${g.inHeight})) { continue; }
for (var v = 0; v < ${g.filterWidth}; v++) {
let ix = column * ${g.strideWidth} + v * ${g.dilationWidth} - ${g.padInfo.left};
if ((ix < 0) | (ix >= ${g.inWidth})) { continue; }
sum += x[((b * ${g.inHeight} + iy) * ${g.inWidth} + ix) * ${ins} + c / ${outs / ins}] * w[(u * ${g.filterWidth} + v) * ${outs} + c];
}}
y[thread] = sum;`,
    );
  dispatch({ key: keyOf('forward', g), code }, [x, filter, y], lineGroups(threads));
  return y;
}

function inputGradient(dy: tf.TensorInfo, filter: tf.TensorInfo, g: Geometry): tf.TensorInfo {
  const dx = emptyTensor(g.inShape);
  const width = widthFor(g);
  const [ins, outs, type] = [g.inChannels / width, g.outChannels / width, typeOf(width)];
  const multiplier = outs / ins;
  const threads = g.batchSize * g.inHeight * g.inWidth * ins;
  const code = (): string =>
    shader(
      [`dy: ${type}`, `w: ${type}`, `*dx: ${type}`],
      [LINE],
      `${lineThread(threads)}
${placeIn(g.inHeight, g.inWidth, ins)}
var sum = ${type}(0);
for (var u = 0; u < ${g.filterHeight}; u++) {
let ty = row + ${g.padInfo.top} - u * ${g.dilationHeight};
let oy = ty / ${g.strideHeight};
if ((ty < 0) | (ty % ${g.strideHeight} != 0) | (oy >= ${g.outHeight})) { continue; }
for (var v = 0; v < ${g.filterWidth}; v++) {
let tx = column + ${g.padInfo.left} - v * ${g.dilationWidth};
let ox = tx / ${g.strideWidth};
if ((tx < 0) | (tx % ${g.strideWidth} != 0) | (ox >= ${g.outWidth})) { continue; }
let source = ((b * ${g.outHeight} + oy) * ${g.outWidth} + ox) * ${outs} + c * ${multiplier};
let weights = (u * ${g.filterWidth} + v) * ${outs} + c * ${multiplier};
for (var k = 0; k < ${multiplier}; k++) { sum += dy[source + k] * w[weights + k]; }
}}
dx[thread] = sum;`,
    );
  dispatch({ key: keyOf('input gradient', g), code }, [dy, filter, dx], lineGroups(threads));
  return dx;
}

function filterGradient(x: tf.TensorInfo, dy: tf.TensorInfo, g: Geometry): tf.TensorInfo {
  const shape = [g.filterHeight, g.filterWidth, g.inChannels, g.outChannels / g.inChannels];
  const width = widthFor(g);
  const [ins, outs, type] = [g.inChannels / width, g.outChannels / width, typeOf(width)];
  const places = g.filterHeight * g.filterWidth * outs;
  const rows = g.batchSize * g.outHeight;
  const splits = splitsFor(places, runsInSoftware() ? 64 : 4096, rows, 4);
  const stretch = Math.ceil(rows / splits);
  const parts = emptyTensor([splits, ...shape]);
  const code = (): string =>
    shader(
      [`x: ${type}`, `dy: ${type}`, `*parts: ${type}`],
      [LINE],
      `${lineThread(splits * places)}
let c = i32(thread) % ${outs};
let v = i32(thread) / ${outs} % ${g.filterWidth};
let u = i32(thread) / ${outs * g.filterWidth} % ${g.filterHeight};
let first = i32(thread) / ${places} * ${stretch};
var sum = ${type}(0);
for (var line = first; line < min(first + ${stretch}, ${rows}); line++) {
let iy = line % ${g.outHeight} * ${g.strideHeight} + u * ${g.dilationHeight} - ${g.padInfo.top};
if ((iy < 0) | (iy >= ${g.inHeight})) { continue; }
let source = (line / ${g.outHeight} * ${g.inHeight} + iy) * ${g.inWidth};
var rowSum = ${type}(0);
for (var ox = 0; ox < ${g.outWidth}; ox++) {
let ix = ox * ${g.strideWidth} + v * ${g.dilationWidth} - ${g.padInfo.left};
if ((ix < 0) | (ix >= ${g.inWidth})) { continue; }
rowSum += x[(source + ix) * ${ins} + c / ${outs / ins}] * dy[(line * ${g.outWidth} + ox) * ${outs} + c];
}
sum += rowSum;
}
parts[thread] = sum;`,
    );
  dispatch({ key: keyOf('filter gradient', g, [splits]), code }, [x, dy, parts], lineGroups(splits * places));
  const sum = sumSplits(parts, splits, shape);
  release(parts);
  return sum;
}
