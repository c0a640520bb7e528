/**
 * Convolutions of any size and stride and both their gradients as one matrix product each: every output pixel's window of the film is laid
 * out as a row [filterHeight · filterWidth · inChannels], which the filter multiplies as it lies in memory.
 *
 * K. Chellapilla, S. Puri, P. Simard, "High performance convolutional neural networks for document processing", 2006,
 * https://inria.hal.science/inria-00112631, section 2.1.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Job, Kernel } from '../../tensors/kernel.ts';
import { dispatch, emptyTensor, release } from '../../tensors/webgpu-dispatch.ts';
import { isPointwise, tapsOf, type ConvolutionGeometry } from './convolution-geometry.ts';
import { runJob } from '../jobs.ts';
import { matMul } from '../matmul/matmul.ts';
import type { Product } from '../matmul/matmul-product.ts';
import { LINE, lineGroups, lineThread, repeat, shader, typeOf, widthOf } from '../wgsl.ts';

/** y [batch, outHeight, outWidth, outChannels], with bias and ReLU. */
export function convolveByPatches(
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  g: ConvolutionGeometry,
  { bias, relu = false }: { readonly bias?: tf.TensorInfo | undefined; readonly relu?: boolean } = {},
): tf.TensorInfo {
  const patches = patchesOf(x, g);
  const product = productOf({ rows: pixelsOf(g), inner: rowOf(g), columns: g.outChannels });
  const shape = [g.batch, g.outHeight, g.outWidth, g.outChannels];
  const y = matMul(patches, filter, product, shape, { bias, activation: relu ? 'relu' : 'linear' }).c;
  if (patches !== x) release(patches);
  return y;
}

/** dL/dx [batch, inHeight, inWidth, inChannels]. */
export function inputGradientByPatches(
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  g: ConvolutionGeometry,
): tf.TensorInfo {
  const product = productOf({ rows: pixelsOf(g), inner: g.outChannels, columns: rowOf(g), transposeB: true });
  const shape = [g.batch, g.inHeight, g.inWidth, g.inChannels];
  if (isPointwise(g)) return matMul(dy, filter, product, shape).c;
  const patches = matMul(dy, filter, product, [product.rows, product.columns]).c;
  const dx = emptyTensor(shape);
  const kernel = { ...joiningKernel(g, false), adding: joiningKernel(g, true) };
  dispatch(kernel, [patches, dx], lineGroups(joiningThreads(g)));
  release(patches);
  return dx;
}

/** dL/dfilter [filterHeight, filterWidth, inChannels, outChannels]. */
export function filterGradientByPatches(
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  g: ConvolutionGeometry,
): tf.TensorInfo {
  const patches = patchesOf(x, g);
  const product = productOf({ rows: rowOf(g), inner: pixelsOf(g), columns: g.outChannels, transposeA: true });
  const shape = [g.filterHeight, g.filterWidth, g.inChannels, g.outChannels];
  const gradient = matMul(patches, dy, product, shape).c;
  if (patches !== x) release(patches);
  return gradient;
}

function pixelsOf(g: ConvolutionGeometry): number {
  return g.batch * g.outHeight * g.outWidth;
}

function rowOf(g: ConvolutionGeometry): number {
  return tapsOf(g) * g.inChannels;
}

function productOf(
  sizes: Pick<Product, 'rows' | 'inner' | 'columns'> & Partial<Pick<Product, 'transposeA' | 'transposeB'>>,
): Product {
  return { batch: 1, transposeA: false, transposeB: false, sharedA: false, sharedB: false, ...sizes };
}

function patchesOf(x: tf.TensorInfo, g: ConvolutionGeometry): tf.TensorInfo {
  if (isPointwise(g)) return x;
  const patches = emptyTensor([pixelsOf(g), rowOf(g)]);
  runJob(patchesJob(g), x, patches);
  return patches;
}

/** A thread lays out one vector of channels of a pixel's window; what lies outside the film is zero. */
function patchesJob(g: ConvolutionGeometry): Job {
  const lanes = widthOf(g.inChannels);
  const vectors = g.inChannels / lanes;
  const type = typeOf(lanes);
  const columns = repeat(g.filterWidth, (kx) => {
    return `let x${kx} = column + ${kx};
let across${kx} = (x${kx} >= 0) & (x${kx} < ${g.inWidth});
let at${kx} = clamp(x${kx}, 0, ${g.inWidth - 1}) * ${vectors};`;
  });
  const rows = (x: string, patches: string): string =>
    repeat(g.filterHeight, (ky) => {
      const taps = repeat(g.filterWidth, (kx) => {
        const to = (ky * g.filterWidth + kx) * vectors;
        return `${patches}[to + ${to}] = select(${type}(0), ${x}[line + at${kx}], down & across${kx});`;
      });
      return `{ let y = row + ${ky};
let down = (y >= 0) & (y < ${g.inHeight});
let line = (film * ${g.inHeight} + clamp(y, 0, ${g.inHeight - 1})) * ${g.inWidth * vectors} + vector;
${taps} }`;
    });
  return {
    key: `patches ${JSON.stringify(g)}`,
    threads: pixelsOf(g) * vectors,
    reads: type,
    writes: type,
    text: (x, patches) => `let vector = i32(thread % ${vectors}u);
let pixel = i32(thread / ${vectors}u);
let column = pixel % ${g.outWidth} * ${g.strideX} - ${g.padLeft};
let row = pixel / ${g.outWidth} % ${g.outHeight} * ${g.strideY} - ${g.padTop};
let film = pixel / ${g.outHeight * g.outWidth};
let to = pixel * ${tapsOf(g) * vectors} + vector;
${columns}
${rows(x, patches)}`,
  };
}

/** Blocks of strideY × strideX pixels of the film, in vectors of channels. */
function joiningThreads(g: ConvolutionGeometry): number {
  const vectors = g.inChannels / widthOf(g.inChannels);
  return g.batch * Math.ceil(g.inHeight / g.strideY) * Math.ceil(g.inWidth / g.strideX) * vectors;
}

/**
 * Adds up what windows have of each pixel. A thread takes a block of strideY × strideX pixels: which taps meet which of them is the same
 * for all blocks.
 */
function joiningKernel(g: ConvolutionGeometry, adds: boolean): Kernel {
  const lanes = widthOf(g.inChannels);
  const vectors = g.inChannels / lanes;
  const type = typeOf(lanes);
  const [down, across] = [Math.ceil(g.inHeight / g.strideY), Math.ceil(g.inWidth / g.strideX)];
  const tap = (dy: number, dx: number, ky: number, kx: number): string => {
    const [moveY, moveX] = [(dy + g.padTop - ky) / g.strideY, (dx + g.padLeft - kx) / g.strideX];
    const at = (ky * g.filterWidth + kx) * vectors;
    return `{ let oy = blockY + ${moveY}; let ox = blockX + ${moveX};
let inside = (oy >= 0) & (oy < ${g.outHeight}) & (ox >= 0) & (ox < ${g.outWidth});
let pixel = (film * ${g.outHeight} + clamp(oy, 0, ${g.outHeight - 1})) * ${g.outWidth} + clamp(ox, 0, ${g.outWidth - 1});
sum += select(${type}(0), patches[pixel * ${tapsOf(g) * vectors} + ${at} + vector], inside); }`;
  };
  const pixel = (dy: number, dx: number): string => {
    const rows = meeting(g.filterHeight, dy + g.padTop, g.strideY);
    const columns = meeting(g.filterWidth, dx + g.padLeft, g.strideX);
    const taps = rows.flatMap((ky) => columns.map((kx) => tap(dy, dx, ky, kx)));
    return `{ let iy = blockY * ${g.strideY} + ${dy}; let ix = blockX * ${g.strideX} + ${dx};
var sum = ${type}(0);
${taps.join('\n')}
if (iy < ${g.inHeight} && ix < ${g.inWidth}) {
let at = ((film * ${g.inHeight} + iy) * ${g.inWidth} + ix) * ${vectors} + vector;
dx[at] = sum${adds ? ' + other[at]' : ''};
} }`;
  };
  return {
    key: `joined patches ${JSON.stringify(g)} ${adds ? 'adds' : ''}`,
    code: () =>
      shader(
        [`patches: ${type}`, `*dx: ${type}`, ...(adds ? [`other: ${type}`] : [])],
        [LINE],
        `${lineThread(joiningThreads(g))}
let vector = i32(thread % ${vectors}u);
let block = i32(thread / ${vectors}u);
let blockX = block % ${across};
let blockY = block / ${across} % ${down};
let film = block / ${across * down};
${repeat(g.strideY, (dy) => repeat(g.strideX, (dx) => pixel(dy, dx)))}`,
      ),
  };
}

/** The taps of an axis that meet a pixel of the film at this place of its block. */
function meeting(taps: number, place: number, stride: number): number[] {
  return Array.from({ length: taps }, (_, k) => k).filter((k) => (place - k) % stride === 0);
}
