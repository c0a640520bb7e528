/**
 * The gradient of a convolution with respect to its input (a transposed convolution) on WebGPU, in place of the stock kernel.
 *
 * With stride s, input columns of one remainder modulo s meet the same filter columns. A thread takes up to 16 input pixels of one row
 * and one remainder × 8 input channels, so that no tap is tried in vain and each filter weight serves all its pixels.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { dispatch, emptyTensor, type Kernel } from '../tensors/webgpu-dispatch.ts';
import { eachTap, geometryOf, type ConvolutionAttributes, type ConvolutionGeometry } from './convolution.ts';
import { registerOverride, type KernelCall, type StockKernel } from './override.ts';
import { evenShare, repeat, shader, tileGroups, typeOf, widthOf } from './wgsl.ts';

const PIXELS = 16;

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
    g.batch * g.inHeight * g.strideX * tile.across,
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
  readonly vectors: number;
  readonly inWidth: 4 | 1;
  readonly outWidth: 4 | 1;
}

function tileOf(g: ConvolutionGeometry): Tile {
  const inWidth = widthOf(g.inChannels);
  const perRemainder = Math.ceil(g.inWidth / g.strideX);
  const columns = evenShare(perRemainder, PIXELS);
  return {
    columns,
    across: Math.ceil(perRemainder / columns),
    vectors: (g.inChannels / inWidth) % 2 === 0 ? 2 : 1,
    inWidth,
    outWidth: widthOf(g.outChannels),
  };
}

function inputGradientShader(g: ConvolutionGeometry, tile: Tile, size: readonly [number, number]): string {
  const { columns, across, vectors, inWidth, outWidth } = tile;
  const [s, sum] = [g.strideX, typeOf(inWidth)];
  const channels = g.inChannels / inWidth;
  const depth = g.outChannels / outWidth;
  const product = (weight: number): string => (outWidth === 4 ? `dot(d, w${weight})` : `d * w${weight}`);
  // Shifted by whole strides so that the division below never meets a negative number.
  const shift = Math.ceil(g.filterWidth / s) * s;
  const everywhere = s * across * columns === g.inWidth;
  return shader(
    [`dy: ${typeOf(outWidth)}`, `filters: ${typeOf(outWidth)}`, `*dx: ${sum}`],
    size,
    `
let channel = i32(id.x) * ${vectors};
let stretch = i32(id.y);
if (channel >= ${channels} || stretch >= ${g.batch * g.inHeight * s * across}) { return; }
let first = (stretch % ${across}) * ${columns};
let remainder = (stretch / ${across}) % ${s};
let row = stretch / ${across * s};
let iy = row % ${g.inHeight};
let b = row / ${g.inHeight};
${repeat(columns, (i) => repeat(vectors, (j) => `var s${i}_${j} = ${sum}(0);`))}
for (var ky = 0; ky < ${g.filterHeight}; ky++) {
let ty = iy + ${g.padTop} - ky;
if (ty < 0 || ty >= ${g.outHeight * g.strideY}) { continue; }
if (ty % ${g.strideY} != 0) { continue; }
let line = (b * ${g.outHeight} + ty / ${g.strideY}) * ${g.outWidth};
for (var kx = 0; kx < ${g.filterWidth}; kx++) {
let tx = remainder + ${g.padLeft + shift} - kx;
if (tx % ${s} != 0) { continue; }
let ox = tx / ${s} - ${shift / s} + first;
let tap = ((ky * ${g.filterWidth} + kx) * ${g.inChannels} + channel * ${inWidth}) * ${depth};
${repeat(
  columns,
  (i) => `let in${i} = (ox + ${i} >= 0) & (ox + ${i} < ${g.outWidth});
let at${i} = (line + clamp(ox + ${i}, 0, ${g.outWidth - 1})) * ${depth};`,
)}
for (var q = 0; q < ${depth}; q++) {
${repeat(inWidth * vectors, (e) => `let w${e} = filters[tap + ${e * depth} + q];`)}
${repeat(columns, (i) => {
  const terms = repeat(vectors, (j) => {
    const dots = Array.from({ length: inWidth }, (_, e) => product(j * inWidth + e));
    return `s${i}_${j} += ${sum}(${dots.join(', ')});`;
  });
  return `{ let d = select(${typeOf(outWidth)}(0), dy[at${i} + q], in${i});\n${terms} }`;
})}
}}}
${repeat(columns, (i) => {
  const ix = `remainder + ${s} * (first + ${i})`;
  const stores = repeat(
    vectors,
    (j) => `dx[(row * ${g.inWidth} + ${ix}) * ${channels} + channel + ${j}] = s${i}_${j};`,
  );
  return everywhere ? stores : `if (${ix} < ${g.inWidth}) {\n${stores}\n}`;
})}`,
  );
}
