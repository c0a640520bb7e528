/**
 * The gradient of a convolution with respect to its input (a transposed convolution) on WebGPU, in place of the stock kernel.
 *
 * With stride s, input columns of one remainder modulo s meet the same filter columns. A thread takes up to 16 input pixels of one row
 * and one remainder × 8 input channels, so that no tap is tried in vain and each filter weight serves all its pixels.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { dispatch, emptyTensor, type Kernel } from '../tensors/webgpu-dispatch.ts';
import {
  eachTap,
  geometryOf,
  pixelsPerThread,
  tapsWrittenOut,
  type ConvolutionAttributes,
  type ConvolutionGeometry,
} from './convolution.ts';
import { registerOverride, type KernelCall, type StockKernel } from './override.ts';
import { evenShare, repeat, shader, tileGroups, typeOf, widthOf } from './wgsl.ts';

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
  const dx = emptyTensor(attributes.inputShape);
  const tile = tileOf(g);
  const { size, groups } = tileGroups(
    g.inChannels / tile.inWidth / tile.vectors,
    g.batch * tile.rows * tile.across,
    g.strideX * g.strideY,
  );
  const kernel: Kernel = {
    key: `convolutionInputGradient ${JSON.stringify(g)}`,
    code: () => inputGradientShader(g, tile, size),
  };
  dispatch(kernel, [dy!, filter!, dx], groups);
  return dx;
}

/** A thread's row of `columns` pixels, strideX apart, × `vectors` of input channels; `across` such stretches cover one remainder. */
interface Tile {
  readonly columns: number;
  readonly across: number;
  /** Input rows of one remainder. */
  readonly rows: number;
  readonly vectors: number;
  /** Filter columns that meet one remainder, and how many of them are written out over one window of dy; all or one. */
  readonly meeting: number;
  readonly taps: number;
  readonly inWidth: 4 | 1;
  readonly outWidth: 4 | 1;
}

function tileOf(g: ConvolutionGeometry): Tile {
  const inWidth = widthOf(g.inChannels);
  const perRemainder = Math.ceil(g.inWidth / g.strideX);
  const columns = evenShare(perRemainder, pixelsPerThread(g));
  const vectors = (g.inChannels / inWidth) % 2 === 0 ? 2 : 1;
  const meeting = Math.ceil(g.filterWidth / g.strideX);
  return {
    columns,
    across: Math.ceil(perRemainder / columns),
    rows: Math.ceil(g.inHeight / g.strideY),
    vectors,
    meeting,
    taps: tapsWrittenOut(meeting, columns * vectors * inWidth),
    inWidth,
    outWidth: widthOf(g.outChannels),
  };
}

/**
 * Remainders lie along z, so that threads that run side by side meet the same taps. Of remainder r, tap t is filter column
 * first tap + t·stride, and input pixel number i of the remainder meets it in output column i + base − t.
 */
function inputGradientShader(g: ConvolutionGeometry, tile: Tile, size: readonly [number, number]): string {
  const { columns, across, rows, vectors, meeting, taps, inWidth, outWidth } = tile;
  const [sum, out] = [typeOf(inWidth), typeOf(outWidth)];
  const channels = g.inChannels / inWidth;
  const depth = g.outChannels / outWidth;
  const unrolled = taps === meeting;
  const everywhere = g.strideX * across * columns === g.inWidth;
  const product = (weight: number): string => (outWidth === 4 ? `dot(d, w${weight})` : `d * w${weight}`);
  const window = columns + taps - 1;
  return shader(
    [`dy: ${out}`, `filters: ${out}`, `*dx: ${sum}`],
    size,
    `
let channel = i32(id.x) * ${vectors};
let first = (i32(id.y) % ${across}) * ${columns};
let row = (i32(id.y) / ${across}) % ${rows};
let b = i32(id.y) / ${across * rows};
let remainderX = i32(id.z) % ${g.strideX};
let remainderY = i32(id.z) / ${g.strideX};
let iy = remainderY + ${g.strideY} * row;
if (channel >= ${channels} || b >= ${g.batch} || iy >= ${g.inHeight}) { return; }
let firstTap = (remainderX + ${g.padLeft}) % ${g.strideX};
let base = (remainderX + ${g.padLeft}) / ${g.strideX};
${repeat(columns, (i) => repeat(vectors, (j) => `var s${i}_${j} = ${sum}(0);`))}
for (var ky = (remainderY + ${g.padTop}) % ${g.strideY}; ky < ${g.filterHeight}; ky += ${g.strideY}) {
let oy = row + (remainderY + ${g.padTop} - ky) / ${g.strideY};
if (oy < 0 || oy >= ${g.outHeight}) { continue; }
let line = (b * ${g.outHeight} + oy) * ${g.outWidth};
${unrolled ? 'let t = 0;' : `for (var t = 0; t < ${meeting}; t++) {`}
let ox = first + base - t - ${taps - 1};
let tap = ((ky * ${g.filterWidth} + firstTap + t * ${g.strideX}) * ${g.inChannels} + channel * ${inWidth}) * ${depth};
${repeat(
  window,
  (w) => `let in${w} = (ox + ${w} >= 0) & (ox + ${w} < ${g.outWidth});
let at${w} = (line + clamp(ox + ${w}, 0, ${g.outWidth - 1})) * ${depth};`,
)}
for (var q = 0; q < ${depth}; q++) {
${repeat(window, (w) => `let d${w} = select(${out}(0), dy[at${w} + q], in${w});`)}
${repeat(taps, (k) => {
  const step = k * g.strideX * g.inChannels * depth;
  const weights = repeat(inWidth * vectors, (e) => `let w${e} = filters[tap + ${step + e * depth} + q];`);
  const terms = repeat(columns, (i) => {
    const sums = repeat(vectors, (j) => {
      const dots = Array.from({ length: inWidth }, (_, e) => product(j * inWidth + e));
      return `s${i}_${j} += ${sum}(${dots.join(', ')});`;
    });
    return `{ let d = d${i + taps - 1 - k};\n${sums} }`;
  });
  return `if (firstTap + (t + ${k}) * ${g.strideX} < ${g.filterWidth}) {\n${weights}\n${terms} }`;
})}
}}${unrolled ? '' : '}'}
let place = (b * ${g.inHeight} + iy) * ${g.inWidth};
${repeat(columns, (i) => {
  const ix = `remainderX + ${g.strideX} * (first + ${i})`;
  const stores = repeat(vectors, (j) => `dx[(place + ${ix}) * ${channels} + channel + ${j}] = s${i}_${j};`);
  return everywhere ? stores : `if (${ix} < ${g.inWidth}) {\n${stores}\n}`;
})}`,
  );
}
