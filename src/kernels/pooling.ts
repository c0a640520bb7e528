/**
 * Largest and mean values of windows on WebGPU and their gradients, one dispatch each, in place of the stock kernels: films
 * [batch, height, width, channels], any window and stride.
 *
 * The gradient of a maximum goes to the first place in the window that holds it, row by row, as in PyTorch and on the cpu backend; each
 * input pixel gathers from the windows that it lies in, so that the order of additions is fixed. Dilations, other types, and means of
 * windows that overhang the film stay with the stock kernels.
 */
import * as tf from '@tensorflow/tfjs-core';
import { dispatch, emptyTensor } from '../tensors/webgpu-dispatch.ts';
import { registerOverride, type KernelCall, type StockKernel } from './override.ts';
import { float, lineGroups, lineThread, LINE, shader, typeOf, widthOf } from './wgsl.ts';

type Geometry = ReturnType<typeof tf.backend_util.computePool2DInfo>;
/** What is taken of a window. */
export type Pooling = 'max' | 'mean';

/** What the reference is told of a pooling; sizes in places of the map. */
export interface PoolingSizes {
  readonly inShape: readonly [batch: number, height: number, width: number, channels: number];
  readonly outShape: readonly [batch: number, height: number, width: number, channels: number];
  /** Side of the window. */
  readonly size: number;
  readonly stride: number;
  readonly top: number;
  readonly left: number;
}

/**
 * y and, for a weighting dy, the gradient by the definition, in double precision; means divide by the whole window.
 * @param x without NaN @param dy of y's shape
 */
export function poolingReference(
  kind: Pooling,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  { inShape, outShape, size, stride, top, left }: PoolingSizes,
): { readonly y: Float64Array; readonly dx: Float64Array } {
  const [, height, width, channels] = inShape;
  const [, rows, columns] = outShape;
  const [y, dx] = [new Float64Array(dy.length), new Float64Array(x.length)];
  for (let at = 0; at < dy.length; at++) {
    const c = at % channels;
    const j = Math.floor(at / channels) % columns;
    const i = Math.floor(at / channels / columns) % rows;
    const b = Math.floor(at / channels / columns / rows);
    const window: number[] = [];
    for (let tap = 0; tap < size * size; tap++) {
      const row = i * stride + Math.floor(tap / size) - top;
      const column = j * stride + (tap % size) - left;
      if (row < 0 || column < 0 || row >= height || column >= width) continue;
      window.push(((b * height + row) * width + column) * channels + c);
    }
    if (kind === 'max') {
      const first = window.reduce((best, place) => (x[place]! > x[best]! ? place : best));
      y[at] = x[first]!;
      dx[first]! += dy[at]!;
    } else {
      for (const place of window) {
        y[at]! += x[place]! / size ** 2;
        dx[place]! += dy[at]! / size ** 2;
      }
    }
  }
  return { y, dx };
}

/** Takes over MaxPool, MaxPoolGrad, AvgPool and AvgPoolGrad. */
export function registerPooling(): void {
  registerOverride('MaxPool', (args, stock) => pool('max', args, stock));
  registerOverride('AvgPool', (args, stock) => pool('mean', args, stock));
  registerOverride('MaxPoolGrad', (args, stock) => poolGradient('max', args, stock));
  registerOverride('AvgPoolGrad', (args, stock) => poolGradient('mean', args, stock));
}

function pool(kind: Pooling, args: KernelCall, stock: StockKernel): tf.TensorInfo {
  const x = args.inputs['x']!;
  const g = geometryOf(kind, x, args);
  if (!g) return stock(args);
  const y = emptyTensor(g.outShape);
  const threads = y.shape.reduce((product, length) => product * length, 1) / widthOf(g.inChannels);
  dispatch({ key: keyOf(kind, g), code: () => poolShader(kind, g, threads) }, [x, y], lineGroups(threads));
  return y;
}

function poolGradient(kind: Pooling, args: KernelCall, stock: StockKernel): tf.TensorInfo {
  const { dy, input, output } = args.inputs;
  const g = geometryOf(kind, input!, args);
  if (!g || dy!.dtype !== 'float32') return stock(args);
  const dx = emptyTensor(g.inShape);
  const threads = dx.shape.reduce((product, length) => product * length, 1) / widthOf(g.inChannels);
  dispatch(
    { key: `${keyOf(kind, g)} gradient`, code: () => gradientShader(kind, g, threads) },
    kind === 'max' ? [dy!, dx, input!, output!] : [dy!, dx],
    lineGroups(threads),
  );
  return dx;
}

/** The geometry, or null when our kernels do not cover it. */
function geometryOf(kind: Pooling, x: tf.TensorInfo, { attrs }: KernelCall): Geometry | null {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as {
    filterSize: number;
    strides: number;
    pad: number;
    dimRoundingMode?: 'floor';
  };
  const shape = x.shape as [number, number, number, number];
  const g = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { top, left } = g.padInfo;
  const overhangs =
    top + left > 0 ||
    (g.outHeight - 1) * g.strideHeight + g.filterHeight > g.inHeight ||
    (g.outWidth - 1) * g.strideWidth + g.filterWidth > g.inWidth;
  const covered = x.dtype === 'float32' && !(kind === 'mean' && overhangs);
  return covered && ![...g.inShape, ...g.outShape].includes(0) ? g : null;
}

function keyOf(kind: Pooling, g: Geometry): string {
  const { top, left } = g.padInfo;
  return `pooling ${kind} ${[...g.inShape, ...g.outShape, g.filterHeight, g.filterWidth, g.strideHeight, g.strideWidth, top, left].join()}`;
}

/** WGSL for the thread's channel, column, row and film in a map. */
function placeIn(height: number, width: number, vectors: number): string {
  return `let c = i32(thread) % ${vectors};
let column = i32(thread) / ${vectors} % ${width};
let row = i32(thread) / ${vectors * width} % ${height};
let b = i32(thread) / ${vectors * width * height};`;
}

function poolShader(kind: Pooling, g: Geometry, threads: number): string {
  const width = widthOf(g.inChannels);
  const [vectors, type, bits] = [g.inChannels / width, typeOf(width), width === 4 ? 'vec4u' : 'u32'];
  // A NaN once met stays; a compiler may take `v != v` to be false, so it is told by its bits.
  const isNan = (value: string): string =>
    `((bitcast<${bits}>(${value}) & ${bits}(0x7fffffff)) > ${bits}(0x7f800000))`;
  const join =
    kind === 'mean'
      ? 'total += v;'
      : `total = select(total, v, (v > total) | (${isNan('v')} & !${isNan('total')}));`;
  const none = `bitcast<f32>(0xff800000u - min(thread, 0u))`; // −∞, which a constant may not be
  return shader(
    [`x: ${type}`, `*y: ${type}`],
    [LINE],
    `${lineThread(threads)}
${placeIn(g.outHeight, g.outWidth, vectors)}
var total = ${kind === 'mean' ? `${type}(0)` : `${type}(${none})`};
for (var ky = 0; ky < ${g.filterHeight}; ky++) {
let iy = row * ${g.strideHeight} + ky - ${g.padInfo.top};
if (iy < 0 || iy >= ${g.inHeight}) { continue; }
for (var kx = 0; kx < ${g.filterWidth}; kx++) {
let ix = column * ${g.strideWidth} + kx - ${g.padInfo.left};
if (ix < 0 || ix >= ${g.inWidth}) { continue; }
let v = x[((b * ${g.inHeight} + iy) * ${g.inWidth} + ix) * ${vectors} + c];
${join}
}}
y[thread] = total${kind === 'mean' ? ` * ${float(1 / (g.filterHeight * g.filterWidth))}` : ''};`,
  );
}

function gradientShader(kind: Pooling, g: Geometry, threads: number): string {
  const width = widthOf(g.inChannels);
  const [vectors, type, bits] = [g.inChannels / width, typeOf(width), width === 4 ? 'vec4u' : 'u32'];
  const { top, left } = g.padInfo;
  // Compared by bits: the output is a copy of an input, NaN included.
  const seek = `let largest = bitcast<${bits}>(output[place]);
var first = bitcast<${bits}>(input[thread]) == largest;
for (var before = 0; before < ky * ${g.filterWidth} + kx; before++) {
let iy = oy * ${g.strideHeight} + before / ${g.filterWidth} - ${top};
let ix = ox * ${g.strideWidth} + before % ${g.filterWidth} - ${left};
if (iy < 0 || iy >= ${g.inHeight} || ix < 0 || ix >= ${g.inWidth}) { continue; }
first = first & (bitcast<${bits}>(input[((b * ${g.inHeight} + iy) * ${g.inWidth} + ix) * ${vectors} + c]) != largest);
}
total += select(${type}(0), dy[place], first);`;
  return shader(
    [`dy: ${type}`, `*dx: ${type}`, ...(kind === 'max' ? [`input: ${type}`, `output: ${type}`] : [])],
    [LINE],
    `${lineThread(threads)}
${placeIn(g.inHeight, g.inWidth, vectors)}
var total = ${type}(0);
for (var ky = 0; ky < ${g.filterHeight}; ky++) {
let y = row + ${top} - ky;
let oy = y / ${g.strideHeight};
if (y < 0 || y % ${g.strideHeight} != 0 || oy >= ${g.outHeight}) { continue; }
for (var kx = 0; kx < ${g.filterWidth}; kx++) {
let x = column + ${left} - kx;
let ox = x / ${g.strideWidth};
if (x < 0 || x % ${g.strideWidth} != 0 || ox >= ${g.outWidth}) { continue; }
let place = ((b * ${g.outHeight} + oy) * ${g.outWidth} + ox) * ${vectors} + c;
${kind === 'max' ? seek : `total += dy[place] * ${float(1 / (g.filterHeight * g.filterWidth))};`}
}}
dx[thread] = total;`,
  );
}
