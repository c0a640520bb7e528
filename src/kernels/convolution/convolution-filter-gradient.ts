/**
 * The gradient of a convolution with respect to its filter on WebGPU, in place of the stock kernel.
 *
 * A thread takes one filter row × 4 input channels × up to 8 output channels and walks along output rows with the input pixels of its
 * window in registers, reading each once per walk; short rows are written out whole. The output rows of the batch are split among
 * threads and the parts added after.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { runsInSoftware } from '../../tensors/backend.ts';
import type { Kernel } from '../../tensors/kernel.ts';
import { dispatch, emptyTensor, release } from '../../tensors/webgpu-dispatch.ts';
import { windowColumns } from './convolution.ts';
import {
  eachTap,
  geometryOf,
  productsOf,
  type ConvolutionAttributes,
  type ConvolutionGeometry,
} from './convolution-geometry.ts';
import { wayOf } from './convolution-ways.ts';
import { registerOverride, type KernelCall, type StockKernel } from '../override.ts';
import { filterGradientByPatches } from './patches.ts';
import { sumSplits } from '../reduce.ts';
import { FEW_PRODUCTS, lane, repeat, shader, splitsFor, tileGroups, typeOf, widthOf } from '../wgsl.ts';
import { filterGradientByWinograd } from './winograd.ts';

const ENOUGH_THREADS = { software: 96, hardware: 2048 };
/** Registers (values of a width) that a thread may hold as sums. */
const SUMS = 48;
/** Products of a row that may be written out one by one. */
const TERMS = 512;

/** dL/dfilter [filterHeight, filterWidth, inChannels, outChannels] from dL/dy, by the definition, added in double precision. */
export function convolutionFilterGradientReference(
  x: Float32Array,
  dy: Float32Array,
  g: ConvolutionGeometry,
): Float32Array {
  const gradient = new Float64Array(g.filterHeight * g.filterWidth * g.inChannels * g.outChannels);
  eachTap(g, (output, input, tap) => {
    for (let ci = 0; ci < g.inChannels; ci++) {
      for (let co = 0; co < g.outChannels; co++) {
        gradient[(tap * g.inChannels + ci) * g.outChannels + co]! +=
          x[input * g.inChannels + ci]! * dy[output * g.outChannels + co]!;
      }
    }
  });
  return Float32Array.from(gradient);
}

/** Takes over Conv2DBackpropFilter. */
export function registerConvolutionFilterGradient(): void {
  registerOverride('Conv2DBackpropFilter', filterGradient);
}

function filterGradient(args: KernelCall, stock: StockKernel): tf.TensorInfo {
  const { x, dy } = args.inputs;
  const attributes = args.attrs as unknown as ConvolutionAttributes & { filterShape: number[] };
  const shape = attributes.filterShape;
  const g = geometryOf(x!.shape, shape, attributes, [x!.dtype, dy!.dtype]);
  if (!g) return stock(args);
  const way = wayOf(g);
  if (way === 'winograd') return filterGradientByWinograd(x!, dy!, g);
  if (way === 'patches') return filterGradientByPatches(x!, dy!, g);
  const tile = tileOf(g);
  const split = tile.splits > 1;
  const gradient = emptyTensor(split ? [tile.splits, ...shape] : shape);
  const { size, groups } = tileGroups(
    g.outChannels / tile.outWidth / tile.vectors,
    (g.filterHeight * g.inChannels) / tile.inWidth,
    tile.splits,
  );
  const kernel: Kernel = {
    key: `convolutionFilterGradient ${JSON.stringify([g, tile])}`,
    code: () => filterGradientShader(g, tile, size),
  };
  dispatch(kernel, [x!, dy!, gradient], groups);
  if (!split) return gradient;
  const sum = sumSplits(gradient, tile.splits, shape);
  release(gradient);
  return sum;
}

interface Tile {
  readonly inWidth: 4 | 1;
  readonly outWidth: 4 | 1;
  /** Vectors of output channels a thread. */
  readonly vectors: number;
  /** Output rows of a film that a turn writes out whole; 0 where it walks along one. */
  readonly rows: number;
  /** Parts into which the output rows of the batch are cut. */
  readonly splits: number;
}

function tileOf(g: ConvolutionGeometry): Tile {
  const [inWidth, outWidth] = [widthOf(g.inChannels), widthOf(g.outChannels)];
  const channels = g.outChannels / outWidth;
  const vectors = [4, 2, 1].find(
    (count) => channels % count === 0 && (count === 1 || count * inWidth * g.filterWidth <= SUMS / 2),
  )!;
  const threads = (channels / vectors) * (g.inChannels / inWidth) * g.filterHeight;
  const wanted = runsInSoftware() ? ENOUGH_THREADS.software : ENOUGH_THREADS.hardware;
  const terms = g.outWidth * g.filterWidth * inWidth * vectors;
  const most = productsOf(g) < FEW_PRODUCTS ? 0 : Math.floor(TERMS / terms);
  const rows = [4, 3, 2, 1].find((count) => count <= most && g.outHeight % count === 0) ?? 0;
  const splits = splitsFor(threads, wanted, (g.batch * g.outHeight) / Math.max(1, rows), 1, 512);
  return { inWidth, outWidth, vectors, rows, splits };
}

function filterGradientShader(g: ConvolutionGeometry, tile: Tile, size: readonly [number, number]): string {
  const { inWidth, outWidth, vectors, splits } = tile;
  const sum = typeOf(outWidth);
  const channels = g.outChannels / outWidth;
  const depth = g.inChannels / inWidth;
  const rows = g.batch * g.outHeight;
  const step = Math.max(1, tile.rows);
  const chunk = Math.ceil(rows / step / splits) * step;
  const sums = (text: (name: string, kx: number, e: number, j: number) => string): string =>
    eachSum(g, tile, (kx, e, j) => text(`s${kx}_${e}_${j}`, kx, e, j));
  return shader(
    [`x: ${typeOf(inWidth)}`, `dy: ${sum}`, `*gradient: ${sum}`],
    size,
    `
let channel = i32(id.x) * ${vectors};
let part = i32(id.y);
if (channel >= ${channels} || part >= ${g.filterHeight * depth}) { return; }
let ky = part % ${g.filterHeight};
let q = part / ${g.filterHeight};
${sums((name) => `var ${name} = ${sum}(0);`)}
let end = min((i32(id.z) + 1) * ${chunk}, ${rows});
for (var row = i32(id.z) * ${chunk}; row < end; row += ${step}) {
let film = row / ${g.outHeight};
let first = (row - film * ${g.outHeight}) * ${g.strideY} + ky - ${g.padTop};
${tile.rows === 0 ? walk(g, tile) : wholeRows(g, tile)}
}
let start = (i32(id.z) * ${g.filterHeight} + ky) * ${g.filterWidth * g.inChannels * channels} + channel;
${sums((name, kx, e, j) => `gradient[start + (${kx * g.inChannels + e} + q * ${inWidth}) * ${channels} + ${j}] = ${name};`)}`,
  );
}

function eachSum(
  { filterWidth }: ConvolutionGeometry,
  { inWidth, vectors }: Tile,
  text: (kx: number, e: number, j: number) => string,
): string {
  return repeat(filterWidth, (kx) => repeat(inWidth, (e) => repeat(vectors, (j) => text(kx, e, j))));
}

/** Column by column, with the pixels of the window handed on. */
function walk(g: ConvolutionGeometry, tile: Tile): string {
  const { inWidth, outWidth, vectors } = tile;
  const [input, sum] = [typeOf(inWidth), typeOf(outWidth)];
  const channels = g.outChannels / outWidth;
  const window = g.filterWidth;
  const kept = Math.max(0, window - g.strideX); // pixels of the window that the next step sees again
  const load = (kx: number, ix: string): string =>
    `{ let ix = ${ix};
x${kx} = select(${input}(0), x[(line + clamp(ix, 0, ${g.inWidth - 1})) * ${g.inChannels / inWidth} + q], (ix >= 0) & (ix < ${g.inWidth})); }`;
  return `if (first < 0 || first >= ${g.inHeight}) { continue; }
let line = (film * ${g.inHeight} + first) * ${g.inWidth};
${repeat(window, (kx) => `var x${kx} = ${input}(0);`)}
${repeat(kept, (kx) => load(kx + g.strideX, `${kx - g.padLeft}`))}
for (var ox = 0; ox < ${g.outWidth}; ox++) {
${repeat(kept, (kx) => `x${kx} = x${kx + g.strideX};`)}
${repeat(window - kept, (i) => load(kept + i, `ox * ${g.strideX} + ${kept + i - g.padLeft}`))}
let at = (row * ${g.outWidth} + ox) * ${channels} + channel;
${repeat(vectors, (j) => `let d${j} = dy[at + ${j}];`)}
${eachSum(g, tile, (kx, e, j) => `s${kx}_${e}_${j} = fma(${sum}(${lane(`x${kx}`, inWidth, e)}), d${j}, s${kx}_${e}_${j});`)}
}`;
}

/** Some rows with all their columns at once: it is known which columns of the window lie outside the film, and they are left out. */
function wholeRows(g: ConvolutionGeometry, tile: Tile): string {
  const { inWidth, outWidth, vectors, rows } = tile;
  const channels = g.outChannels / outWidth;
  const input = typeOf(inWidth);
  const isInside = (w: number): boolean => w >= g.padLeft && w - g.padLeft < g.inWidth;
  const pixels = windowColumns(g.outWidth, g.strideX, g.filterWidth).filter(isInside);
  const load = (w: number): string => `x[(line + ${w - g.padLeft}) * ${g.inChannels / inWidth} + q]`;
  const columns = (row: number): string =>
    repeat(g.outWidth, (ox) => {
      const products = eachSum(g, tile, (kx, e, j) => {
        const w = ox * g.strideX + kx;
        const value = `${typeOf(outWidth)}(${lane(`x${w}`, inWidth, e)})`;
        return isInside(w) ? `s${kx}_${e}_${j} = fma(${value}, d${j}, s${kx}_${e}_${j});` : '';
      });
      const at = (row * g.outWidth + ox) * channels;
      return `{\n${repeat(vectors, (j) => `let d${j} = dy[at + ${at + j}];`)}\n${products}\n}`;
    });
  const wholeRow = (row: number): string => `{
let iy = first + ${row * g.strideY};
let inside = (iy >= 0) & (iy < ${g.inHeight});
let line = (film * ${g.inHeight} + clamp(iy, 0, ${g.inHeight - 1})) * ${g.inWidth};
${pixels.map((w) => `let x${w} = select(${input}(0), ${load(w)}, inside);`).join('\n')}
${columns(row)}
}`;
  return `let at = row * ${g.outWidth * channels} + channel;
${repeat(rows, wholeRow)}`;
}
