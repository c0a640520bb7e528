/**
 * Two-dimensional convolution on WebGPU in place of the stock kernels, with bias and ReLU: films [batch, height, width, channels] and
 * filters [height, width, channels in, channels out], any size and stride, padding "same", "valid" or explicit.
 *
 * Each thread keeps a patch of 8 or 16 output pixels × 8 output channels in registers (4 × 4 where there is little to do), so that each
 * filter weight it reads serves all its pixels; no shared memory, no barrier. Large convolutions go other ways (see convolution-ways.ts).
 * Dilations, other layouts and other types stay with the stock kernels.
 */
import * as tf from '@tensorflow/tfjs-core';
import { runsInSoftware } from '../../tensors/backend.ts';
import type { Kernel } from '../../tensors/kernel.ts';
import { dispatch, emptyTensor } from '../../tensors/webgpu-dispatch.ts';
import {
  eachTap,
  geometryOf,
  productsOf,
  type ConvolutionAttributes,
  type ConvolutionGeometry,
} from './convolution-geometry.ts';
import { wayOf } from './convolution-ways.ts';
import { registerOverride, type KernelCall, type StockKernel } from '../override.ts';
import { convolveByPatches } from './patches.ts';
import {
  evenShare,
  FEW_PRODUCTS,
  fourDots,
  lane,
  repeat,
  shader,
  tileGroups,
  turnedLane,
  typeOf,
  widthOf,
} from '../wgsl.ts';
import { convolveByWinograd } from './winograd.ts';

/** Products that a shader may write out one by one. */
const TERMS = 512;

/** y [batch, outHeight, outWidth, outChannels] by the definition, added in double precision. */
export function convolutionReference(
  x: Float32Array,
  filter: Float32Array,
  g: ConvolutionGeometry,
): Float32Array {
  const y = new Float64Array(g.batch * g.outHeight * g.outWidth * g.outChannels);
  eachTap(g, (output, input, tap) => {
    for (let co = 0; co < g.outChannels; co++) {
      for (let ci = 0; ci < g.inChannels; ci++) {
        y[output * g.outChannels + co]! +=
          x[input * g.inChannels + ci]! * filter[(tap * g.inChannels + ci) * g.outChannels + co]!;
      }
    }
  });
  return Float32Array.from(y);
}

/** Takes over Conv2D and FusedConv2D. */
export function registerConvolution(): void {
  registerOverride('Conv2D', convolve);
  registerOverride('FusedConv2D', convolve);
}

function convolve(args: KernelCall, stock: StockKernel): tf.TensorInfo {
  const { x, filter, bias, preluActivationWeights } = args.inputs;
  const attributes = args.attrs as unknown as ConvolutionAttributes;
  const activation = attributes.activation ?? 'linear';
  const g = geometryOf(x!.shape, filter!.shape, attributes, [x!.dtype, filter!.dtype]);
  const biasFits =
    !bias || (bias.dtype === 'float32' && tf.util.sizeFromShape(bias.shape) === g?.outChannels);
  if (!g || !biasFits || preluActivationWeights || !['linear', 'relu'].includes(activation))
    return stock(args);
  const relu = activation === 'relu';
  const way = wayOf(g);
  if (way === 'winograd') return convolveByWinograd(x!, filter!, g, { bias, relu });
  if (way === 'patches') return convolveByPatches(x!, filter!, g, { bias, relu });
  const y = emptyTensor([g.batch, g.outHeight, g.outWidth, g.outChannels]);
  const tile = tileOf(g);
  const { size, groups } = tileGroups(
    g.outChannels / tile.outWidth / tile.vectors,
    g.batch * tile.down * tile.across,
  );
  const kernel: Kernel = {
    key: `convolution ${JSON.stringify(g)} ${bias ? 'bias' : ''} ${activation}`,
    code: () => convolutionShader(g, tile, size, bias !== undefined, relu),
  };
  dispatch(kernel, bias ? [x!, filter!, y, bias] : [x!, filter!, y], groups);
  return y;
}

/** A thread's patch: columns × rows pixels, `vectors` of output channels; and how many patches lie across and down a film. */
interface Tile {
  readonly columns: number;
  readonly rows: number;
  readonly across: number;
  readonly down: number;
  readonly vectors: number;
  /** Filter columns whose terms are written out, over one window of input pixels; all of them or one. */
  readonly taps: number;
  readonly inWidth: 4 | 1;
  readonly outWidth: 4 | 1;
}

function tileOf(g: ConvolutionGeometry): Tile {
  const [inWidth, outWidth] = [widthOf(g.inChannels), widthOf(g.outChannels)];
  const vectors = vectorsPerThread(g, g.outChannels / outWidth);
  const pixels = pixelsPerThread(g);
  const columns = evenShare(g.outWidth, pixels);
  const rows = evenShare(g.outHeight, Math.max(1, Math.floor(pixels / columns)));
  return {
    columns,
    rows,
    across: Math.ceil(g.outWidth / columns),
    down: Math.ceil(g.outHeight / rows),
    vectors,
    taps: tapsWrittenOut(g.filterWidth, rows * columns * vectors * inWidth),
    inWidth,
    outWidth,
  };
}

/** Pixels of a thread: 16 run a quarter faster than 8 and compile twice as long, which is worth it for large convolutions. */
export function pixelsPerThread(g: ConvolutionGeometry): number {
  if (productsOf(g) < FEW_PRODUCTS) return 4;
  return productsOf(g) < 2 ** 25 ? 8 : 16;
}

/** Vectors of channels that a thread takes of so many: two where there is enough to do. */
export function vectorsPerThread(g: ConvolutionGeometry, vectors: number): 2 | 1 {
  return vectors % 2 === 0 && productsOf(g) >= FEW_PRODUCTS ? 2 : 1;
}

/** All filter columns where the shader stays short enough to compile quickly, else one. @param terms products a filter column */
export function tapsWrittenOut(filterWidth: number, terms: number): number {
  return filterWidth * terms <= TERMS ? filterWidth : 1;
}

function convolutionShader(
  g: ConvolutionGeometry,
  tile: Tile,
  size: readonly [number, number],
  bias: boolean,
  relu: boolean,
): string {
  const { columns, rows, across, down, vectors, inWidth, outWidth, taps } = tile;
  const channels = g.outChannels / outWidth;
  const depth = g.inChannels / inWidth;
  const [input, sum] = [typeOf(inWidth), typeOf(outWidth)];
  const unrolled = taps === g.filterWidth;
  const window = windowColumns(columns, g.strideX, taps);
  const eachPixel = (text: (row: number, column: number, sum: string) => string): string =>
    repeat(rows, (r) => repeat(columns, (c) => text(r, c, `s${r}_${c}`)));
  return shader(
    [`x: ${input}`, `filters: ${sum}`, `*y: ${sum}`, ...(bias ? [`bias: ${sum}`] : [])],
    size,
    `
let channel = i32(id.x) * ${vectors};
let tile = i32(id.y);
if (channel >= ${channels} || tile >= ${g.batch * down * across}) { return; }
let ox = (tile % ${across}) * ${columns};
let oy = ((tile / ${across}) % ${down}) * ${rows};
let b = tile / ${across * down};
${eachPixel((_r, _c, s) => repeat(vectors, (j) => `var ${s}_${j} = ${sum}(0);`))}
for (var ky = 0; ky < ${g.filterHeight}; ky++) {
${unrolled ? 'let kx = 0;' : `for (var kx = 0; kx < ${g.filterWidth}; kx++) {`}
let tap = (ky * ${g.filterWidth} + kx) * ${g.inChannels};
${repeat(rows, (r) => {
  const pixels = window.map(
    (w) => `let ix${r}_${w} = ox * ${g.strideX} + kx + ${w - g.padLeft};
let in${r}_${w} = inside${r} & (ix${r}_${w} >= 0) & (ix${r}_${w} < ${g.inWidth});
let at${r}_${w} = (line${r} + clamp(ix${r}_${w}, 0, ${g.inWidth - 1})) * ${depth};`,
  );
  return `let iy${r} = (oy + ${r}) * ${g.strideY} + ky - ${g.padTop};
let inside${r} = (iy${r} >= 0) & (iy${r} < ${g.inHeight});
let line${r} = (b * ${g.inHeight} + clamp(iy${r}, 0, ${g.inHeight - 1})) * ${g.inWidth};
${pixels.join('\n')}`;
})}
for (var q = 0; q < ${depth}; q++) {
${repeat(rows, (r) => window.map((w) => `let v${r}_${w} = select(${input}(0), x[at${r}_${w} + q], in${r}_${w});`).join('\n'))}
${repeat(taps, (k) => {
  const weights = repeat(inWidth, (e) =>
    repeat(vectors, (j) => `let w${e}_${j} = filters[w + ${e * channels + j}];`),
  );
  // As dot products in software: a sum is then saved and restored once for four products.
  const dots = runsInSoftware() && inWidth === 4 && outWidth === 4;
  const turned = repeat(vectors, (j) =>
    repeat(4, (l) => `let c${l}_${j} = ${turnedLane((e) => `w${e}_${j}`, l)};`),
  );
  const terms = eachPixel((r, c, s) => {
    const value = `v${r}_${c * g.strideX + k}`;
    return repeat(vectors, (j) => {
      if (dots) return `${s}_${j} += ${fourDots(value, (l) => `c${l}_${j}`)};`;
      return repeat(inWidth, (e) => {
        return `${s}_${j} = fma(${sum}(${lane(value, inWidth, e)}), w${e}_${j}, ${s}_${j});`;
      });
    });
  });
  return `{ let w = (tap + ${k * g.inChannels} + q * ${inWidth}) * ${channels} + channel;\n${weights}\n${dots ? turned : ''}\n${terms} }`;
})}
}}${unrolled ? '' : '}'}
${eachPixel((r, c, s) => storePixel(g, tile, r, c, s, bias, relu))}`,
  );
}

/** The input columns, counted from a tile's first, that `taps` neighbouring taps meet over `columns` output pixels. */
export function windowColumns(columns: number, stride: number, taps: number): number[] {
  const met = new Set<number>();
  for (let c = 0; c < columns; c++) for (let k = 0; k < taps; k++) met.add(c * stride + k);
  return [...met].sort((a, b) => a - b);
}

function storePixel(
  g: ConvolutionGeometry,
  { rows, columns, vectors, outWidth }: Tile,
  row: number,
  column: number,
  sum: string,
  bias: boolean,
  relu: boolean,
): string {
  const channels = g.outChannels / outWidth;
  const type = typeOf(outWidth);
  const at = `((b * ${g.outHeight} + oy + ${row}) * ${g.outWidth} + ox + ${column}) * ${channels} + channel`;
  const stores = repeat(vectors, (j) => {
    const value = bias ? `${sum}_${j} + bias[channel + ${j}]` : `${sum}_${j}`;
    const kept = relu ? `select(v, ${type}(0), v < ${type}(0))` : 'v';
    return `{ let v = ${value}; y[${at} + ${j}] = ${kept}; }`;
  });
  const inside = [
    ...(g.outHeight % rows ? [`oy + ${row} < ${g.outHeight}`] : []),
    ...(g.outWidth % columns ? [`ox + ${column} < ${g.outWidth}`] : []),
  ];
  return inside.length ? `if (${inside.join(' && ')}) {\n${stores}\n}` : stores;
}
