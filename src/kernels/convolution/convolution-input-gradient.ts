/**
 * The gradient of a convolution with respect to its input (a transposed convolution) on WebGPU, in place of the stock kernel.
 *
 * With stride s, input pixels of one remainder modulo s meet the same filter taps. A thread takes 8 or 16 pixels of one remainder × 8
 * input channels (4 × 4 where there is little to do), so that no tap is tried in vain and each filter weight serves all its pixels.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from '../../tensors/kernel.ts';
import { dispatch, emptyTensor } from '../../tensors/webgpu-dispatch.ts';
import { pixelsPerThread, tapsWrittenOut, vectorsPerThread } from './convolution.ts';
import {
  eachTap,
  geometryOf,
  productsOf,
  type ConvolutionAttributes,
  type ConvolutionGeometry,
} from './convolution-geometry.ts';
import { wayOf } from './convolution-ways.ts';
import { registerOverride, type KernelCall, type StockKernel } from '../override.ts';
import { inputGradientByPatches } from './patches.ts';
import { evenShare, FEW_PRODUCTS, repeat, shader, tileGroups, typeOf, widthOf } from '../wgsl.ts';
import { inputGradientByWinograd } from './winograd.ts';

/** Remainders that have a shader body of their own; more would make it long, and any where there is little to do. */
const MOST_BODIES = 4;

/** dL/dx [batch, inHeight, inWidth, inChannels] from dL/dy, by the definition, added in double precision. */
export function convolutionInputGradientReference(
  dy: Float32Array,
  filter: Float32Array,
  g: ConvolutionGeometry,
): Float32Array {
  const dx = new Float64Array(g.batch * g.inHeight * g.inWidth * g.inChannels);
  eachTap(g, (output, input, tap) => {
    for (let ci = 0; ci < g.inChannels; ci++) {
      for (let co = 0; co < g.outChannels; co++) {
        dx[input * g.inChannels + ci]! +=
          dy[output * g.outChannels + co]! * filter[(tap * g.inChannels + ci) * g.outChannels + co]!;
      }
    }
  });
  return Float32Array.from(dx);
}

/** Takes over Conv2DBackpropInput. */
export function registerConvolutionInputGradient(): void {
  registerOverride('Conv2DBackpropInput', inputGradient);
}

function inputGradient(args: KernelCall, stock: StockKernel): tf.TensorInfo {
  const { dy, filter } = args.inputs;
  const attributes = args.attrs as unknown as ConvolutionAttributes & { inputShape: number[] };
  const g = geometryOf(attributes.inputShape, filter!.shape, attributes, [dy!.dtype, filter!.dtype]);
  if (!g) return stock(args);
  const way = wayOf(g);
  if (way === 'winograd') return inputGradientByWinograd(dy!, filter!, g);
  if (way === 'patches') return inputGradientByPatches(dy!, filter!, g);
  const dx = emptyTensor(attributes.inputShape);
  const tile = tileOf(g);
  const { size, groups } = tileGroups(
    g.inChannels / tile.inWidth / tile.vectors,
    g.batch * tile.down * tile.across,
    g.strideX * g.strideY,
  );
  const kernelOf = (adds: boolean): Kernel => ({
    key: `convolutionInputGradient ${JSON.stringify(g)} ${adds ? 'adds' : ''}`,
    code: () => inputGradientShader(g, { ...tile, adds }, size),
  });
  dispatch({ ...kernelOf(false), adding: kernelOf(true) }, [dy!, filter!, dx], groups);
  return dx;
}

/** A thread's patch of columns × rows pixels, a stride apart, × `vectors` of input channels; across × down of them cover one remainder. */
interface Tile {
  readonly columns: number;
  readonly rows: number;
  readonly across: number;
  readonly down: number;
  readonly vectors: number;
  /** Filter columns that meet one remainder, and how many of them are written out over one window of dy; all or one. */
  readonly meeting: number;
  readonly taps: number;
  readonly inWidth: 4 | 1;
  readonly outWidth: 4 | 1;
  /** The gradient comes on top of another. */
  readonly adds: boolean;
}

function tileOf(g: ConvolutionGeometry): Tile {
  const inWidth = widthOf(g.inChannels);
  const [wide, high] = [Math.ceil(g.inWidth / g.strideX), Math.ceil(g.inHeight / g.strideY)];
  const pixels = pixelsPerThread(g);
  const columns = evenShare(wide, pixels);
  const rows = evenShare(high, Math.max(1, Math.floor(pixels / columns)));
  const vectors = vectorsPerThread(g, g.inChannels / inWidth);
  const meeting = Math.ceil(g.filterWidth / g.strideX);
  return {
    columns,
    rows,
    across: Math.ceil(wide / columns),
    down: Math.ceil(high / rows),
    vectors,
    meeting,
    taps: tapsWrittenOut(meeting, rows * columns * vectors * inWidth),
    inWidth,
    outWidth: widthOf(g.outChannels),
    adds: false,
  };
}

/** The remainder along one axis as WGSL: itself, its first filter tap, and where that tap lies in dy for input 0 of the remainder. */
interface Remainder {
  readonly value: string | number;
  readonly firstTap: string | number;
  readonly base: string | number;
}

/**
 * Remainders lie along z, so that threads that run side by side meet the same taps. Few of them have a body each, in which all
 * conditions on taps are settled; many share one. Of a remainder, tap t is filter column first tap + t·stride, and the remainder's input
 * column i meets it in output column i + base − t.
 */
function inputGradientShader(g: ConvolutionGeometry, tile: Tile, size: readonly [number, number]): string {
  const { columns, rows, across, down, vectors, inWidth, outWidth } = tile;
  const [sum, out] = [typeOf(inWidth), typeOf(outWidth)];
  const remainders = g.strideX * g.strideY;
  const mostBodies = productsOf(g) < FEW_PRODUCTS ? 1 : MOST_BODIES;
  const known = (value: number, pad: number, stride: number): Remainder => ({
    ...{ value, firstTap: (value + pad) % stride, base: Math.floor((value + pad) / stride) },
  });
  const unknown = (value: string, pad: number, stride: number): Remainder => ({
    ...{ value, firstTap: `((${value} + ${pad}) % ${stride})`, base: `((${value} + ${pad}) / ${stride})` },
  });
  const eachRemainder = (): string =>
    repeat(remainders, (z) => {
      const x = known(z % g.strideX, g.padLeft, g.strideX);
      const y = known(Math.floor(z / g.strideX), g.padTop, g.strideY);
      const body = remainderBody(g, tile, x, y);
      return remainders === 1 ? body : `if (id.z == ${z}u) {\n${body}\nreturn; }`;
    });
  const anyRemainder = (): string => {
    const x = unknown('remainderX', g.padLeft, g.strideX);
    const y = unknown('remainderY', g.padTop, g.strideY);
    return `let remainderX = i32(id.z) % ${g.strideX};
let remainderY = i32(id.z) / ${g.strideX};
${remainderBody(g, tile, x, y)}`;
  };
  return shader(
    [`dy: ${out}`, `filters: ${out}`, `*dx: ${sum}`, ...(tile.adds ? [`other: ${sum}`] : [])],
    size,
    `
let channel = i32(id.x) * ${vectors};
let first = (i32(id.y) % ${across}) * ${columns};
let row = ((i32(id.y) / ${across}) % ${down}) * ${rows};
let b = i32(id.y) / ${across * down};
if (channel >= ${g.inChannels / inWidth} || b >= ${g.batch}) { return; }
${remainders <= mostBodies ? eachRemainder() : anyRemainder()}`,
  );
}

/** All of a thread's work for a remainder. */
function remainderBody(g: ConvolutionGeometry, tile: Tile, x: Remainder, y: Remainder): string {
  const { columns, rows, vectors, meeting, taps, inWidth, outWidth } = tile;
  const [sum, out] = [typeOf(inWidth), typeOf(outWidth)];
  const depth = g.outChannels / outWidth;
  const unrolled = taps === meeting;
  // Taps that lie inside the filter for sure, or for sure do not, need no condition.
  const settled = unrolled && typeof x.firstTap === 'number';
  const meets = (k: number): boolean => !settled || Number(x.firstTap) + k * g.strideX < g.filterWidth;
  const met = Array.from({ length: taps }, (_, k) => k).filter(meets);
  const product = (weight: number): string => (outWidth === 4 ? `dot(d, w${weight})` : `d * w${weight}`);
  const eachOf = (window: readonly number[], text: (row: number, column: number) => string): string =>
    repeat(rows, (r) => window.map((c) => text(r, c)).join('\n'));
  const pixels = Array.from({ length: columns }, (_, c) => c);
  const window = Array.from({ length: columns + met.length - 1 }, (_, w) => w + taps - met.length);
  const store = eachOf(pixels, (r, c) => storePixel(g, tile, x, y, r, c));
  const zeros = eachOf(pixels, (r, c) => repeat(vectors, (j) => `var s${r}_${c}_${j} = ${sum}(0);`));
  if (met.length === 0) return `${zeros}\n${store}`;
  return `${zeros}
for (var ky = ${y.firstTap}; ky < ${g.filterHeight}; ky += ${g.strideY}) {
${unrolled ? 'let t = 0;' : `for (var t = 0; t < ${meeting}; t++) {`}
let ox = first + ${x.base} - t - ${taps - 1};
let tap = ((ky * ${g.filterWidth} + ${x.firstTap} + t * ${g.strideX}) * ${g.inChannels} + channel * ${inWidth}) * ${depth};
${repeat(
  rows,
  (r) => `let oy${r} = row + ${r} + (${y.value} + ${g.padTop} - ky) / ${g.strideY};
let inside${r} = (oy${r} >= 0) & (oy${r} < ${g.outHeight});
let line${r} = (b * ${g.outHeight} + clamp(oy${r}, 0, ${g.outHeight - 1})) * ${g.outWidth};`,
)}
${eachOf(
  window,
  (r, w) => `let in${r}_${w} = inside${r} & (ox + ${w} >= 0) & (ox + ${w} < ${g.outWidth});
let at${r}_${w} = (line${r} + clamp(ox + ${w}, 0, ${g.outWidth - 1})) * ${depth};`,
)}
for (var q = 0; q < ${depth}; q++) {
${eachOf(window, (r, w) => `let d${r}_${w} = select(${out}(0), dy[at${r}_${w} + q], in${r}_${w});`)}
${met
  .map((k) => {
    const step = k * g.strideX * g.inChannels * depth;
    const weights = repeat(inWidth * vectors, (e) => `let w${e} = filters[tap + ${step + e * depth} + q];`);
    const terms = eachOf(pixels, (r, c) => {
      const sums = repeat(vectors, (j) => {
        const dots = Array.from({ length: inWidth }, (_, e) => product(j * inWidth + e));
        return `s${r}_${c}_${j} += ${sum}(${dots.join(', ')});`;
      });
      return `{ let d = d${r}_${c + taps - 1 - k};\n${sums} }`;
    });
    const condition = `if (${x.firstTap} + (t + ${k}) * ${g.strideX} < ${g.filterWidth}) `;
    return `${settled ? '' : condition}{\n${weights}\n${terms} }`;
  })
  .join('\n')}
}}${unrolled ? '' : '}'}
${store}`;
}

function storePixel(
  g: ConvolutionGeometry,
  tile: Tile,
  x: Remainder,
  y: Remainder,
  row: number,
  column: number,
): string {
  const { columns, rows, across, down, vectors, inWidth, adds } = tile;
  const channels = g.inChannels / inWidth;
  const iy = `(${y.value} + ${g.strideY} * (row + ${row}))`;
  const ix = `(${x.value} + ${g.strideX} * (first + ${column}))`;
  const place = `((b * ${g.inHeight} + ${iy}) * ${g.inWidth} + ${ix}) * ${channels} + channel`;
  const stores = repeat(vectors, (j) => {
    const at = `${place} + ${j}`;
    return `dx[${at}] = s${row}_${column}_${j}${adds ? ` + other[${at}]` : ''};`;
  });
  const inside = [
    ...(g.strideY * down * rows === g.inHeight ? [] : [`${iy} < ${g.inHeight}`]),
    ...(g.strideX * across * columns === g.inWidth ? [] : [`${ix} < ${g.inWidth}`]),
  ];
  return inside.length ? `if (${inside.join(' && ')}) {\n${stores}\n}` : stores;
}
