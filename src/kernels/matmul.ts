/**
 * Matrix product on WebGPU in place of the stock kernels: plain, first or second matrix transposed, in batches, with bias and ReLU.
 *
 * Each thread keeps a tile of rows × columns in registers and reads straight from the buffers: no shared memory and no barrier, which a
 * software adapter pays dearly for. Few outputs over a long inner axis (a weight gradient) are split along that axis and summed after.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from '../tensors/kernel.ts';
import { dispatch, emptyTensor, release } from '../tensors/webgpu-dispatch.ts';
import { registerOverride, type KernelCall, type StockKernel } from './override.ts';
import { sumSplits } from './reduce.ts';
import { evenShare, lane, repeat, shader, splitsFor, tileGroups, typeOf, widthOf } from './wgsl.ts';

/** C = A·B of one batch entry, with A [rows, inner] and B [inner, columns] after the transpositions. */
export interface Product {
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  /** A lies in memory as [inner, rows]. */
  readonly transposeA: boolean;
  /** B lies in memory as [columns, inner]. */
  readonly transposeB: boolean;
  /** One A (or B) serves the whole batch. */
  readonly sharedA: boolean;
  readonly sharedB: boolean;
  readonly relu: boolean;
}

const ENOUGH_THREADS = 1024;

/** C in row-major order, [batch, rows, columns], by the definition; `bias` is [columns]. */
export function matMulReference(
  a: Float32Array,
  b: Float32Array,
  p: Product,
  bias?: Float32Array,
): Float32Array {
  const c = new Float32Array(p.batch * p.rows * p.columns);
  for (let n = 0, at = 0; n < p.batch; n++) {
    const a0 = p.sharedA ? 0 : n * p.rows * p.inner;
    const b0 = p.sharedB ? 0 : n * p.inner * p.columns;
    for (let i = 0; i < p.rows; i++) {
      for (let j = 0; j < p.columns; j++, at++) {
        let sum = bias ? bias[j]! : 0;
        for (let k = 0; k < p.inner; k++) {
          const left = a[a0 + (p.transposeA ? k * p.rows + i : i * p.inner + k)]!;
          sum += left * b[b0 + (p.transposeB ? j * p.inner + k : k * p.columns + j)]!;
        }
        c[at] = p.relu && sum < 0 ? 0 : sum;
      }
    }
  }
  return c;
}

/** Takes over BatchMatMul and _FusedMatMul; products of other kinds (both transposed, other types) stay with the stock kernels. */
export function registerMatMul(): void {
  registerOverride('BatchMatMul', (args, stock) => multiply(args, stock));
  registerOverride('_FusedMatMul', (args, stock) => multiply(args, stock));
}

interface Attributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly activation?: string;
}

function multiply(args: KernelCall, stock: StockKernel): tf.TensorInfo {
  const { a, b, bias, preluActivationWeights } = args.inputs;
  const attributes = args.attrs as unknown as Attributes;
  const plain = (attributes.activation ?? 'linear') === 'linear';
  const product = productOf(a!, b!, attributes);
  const biasFits =
    !bias || (bias.dtype === 'float32' && tf.util.sizeFromShape(bias.shape) === product?.columns);
  if (!product || !biasFits || preluActivationWeights || !(plain || attributes.activation === 'relu')) {
    return stock(args);
  }
  const leading = (product.sharedA && !product.sharedB ? b! : a!).shape.slice(0, -2);
  return matMul(a!, b!, product, bias, [...leading, product.rows, product.columns]);
}

function productOf(a: tf.TensorInfo, b: tf.TensorInfo, attributes: Attributes): Product | null {
  const { transposeA, transposeB } = attributes;
  const batches = [a, b].map((x) => tf.util.sizeFromShape(x.shape.slice(0, -2)));
  const batch = Math.max(...batches);
  const [rows, inner] = last(a, transposeA);
  const columns = last(b, transposeB)[1];
  const fits = batches.every((size) => size === batch || size === 1);
  const aligned = batches[0] !== batches[1] || a.shape.slice(0, -2).join() === b.shape.slice(0, -2).join();
  if (a.dtype !== 'float32' || b.dtype !== 'float32' || (transposeA && transposeB)) return null;
  if (!fits || !aligned || batch * rows * columns * inner === 0) return null;
  return {
    batch,
    rows,
    columns,
    inner,
    transposeA,
    transposeB,
    sharedA: batches[0] !== batch,
    sharedB: batches[1] !== batch,
    relu: attributes.activation === 'relu',
  };
}

function last(x: tf.TensorInfo, transposed: boolean): [number, number] {
  const [high, low] = x.shape.slice(-2) as [number, number];
  return transposed ? [low, high] : [high, low];
}

/** C = A·B + bias on the device, in a new tensor of the given shape. */
function matMul(
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  product: Product,
  bias: tf.TensorInfo | undefined,
  shape: number[],
): tf.TensorInfo {
  const tile = tileOf(product, bias !== undefined);
  const { batch, rows, columns } = product;
  const split = tile.splits > 1;
  const target = emptyTensor(split ? [tile.splits, batch, rows, columns] : shape);
  const { size, groups } = tileGroups(
    columns / tile.columnWidth / tile.columns,
    Math.ceil(rows / tile.rows),
    batch * tile.splits,
  );
  const kernel: Kernel = {
    key: `matMul ${JSON.stringify([product, tile])}`,
    code: () => matMulShader(product, tile, size),
  };
  dispatch(kernel, bias ? [a, b, target, bias] : [a, b, target], groups);
  if (!split) return target;
  const sum = sumSplits(target, tile.splits, shape);
  release(target);
  return sum;
}

/** How a product is cut among threads: rows and vectors of columns a thread, vector widths, splits of the inner axis. */
interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly rowWidth: 4 | 1;
  readonly columnWidth: 4 | 1;
  readonly innerWidth: 4 | 1;
  readonly splits: number;
  readonly bias: boolean;
}

function tileOf(product: Product, bias: boolean): Tile {
  const { batch, transposeA, transposeB } = product;
  const columnWidth = widthOf(product.columns);
  const rowWidth = transposeA ? widthOf(product.rows) : 1;
  const innerWidth = transposeA ? 1 : widthOf(product.inner);
  const vectors = product.columns / columnWidth;
  const most = columnWidth === 4 ? 2 : transposeB ? 1 : 4;
  const columns = [4, 2, 1].find((count) => count <= most && vectors % count === 0)!;
  // 16 rows run somewhat faster than 8 and compile twice as long, which pays where there is much to do.
  const mostRows = batch * product.rows * product.columns * product.inner >= 2 ** 24 ? 16 : 8;
  const rows = rowWidth * evenShare(product.rows / rowWidth, mostRows / rowWidth);
  const threads = (vectors / columns) * Math.ceil(product.rows / rows) * batch;
  const splits = bias || product.relu ? 1 : splitsFor(threads, ENOUGH_THREADS, product.inner, 64, 64);
  return { rows, columns, rowWidth, columnWidth, innerWidth, splits, bias };
}

function matMulShader(product: Product, tile: Tile, size: readonly [number, number]): string {
  const { rows, columns, inner, sharedA, sharedB, transposeA, transposeB, relu } = product;
  const { rowWidth, columnWidth, innerWidth, splits, bias } = tile;
  const vectors = columns / columnWidth;
  const sum = typeOf(columnWidth);
  const chunk = Math.ceil(inner / splits / innerWidth) * innerWidth;
  const guarded = rows % tile.rows !== 0;
  const rowVectors = rows / rowWidth;
  const tileVectors = tile.rows / rowWidth;
  const perA = (rows * inner) / (transposeA ? rowWidth : innerWidth);
  const perB = (columns * inner) / (transposeB ? innerWidth : columnWidth);
  const row = (i: number): string => (guarded ? `min(row + ${i}u, ${rowVectors - 1}u)` : `(row + ${i}u)`);
  const step = transposeA
    ? transposedStep(tile, rowVectors, vectors)
    : transposeB
      ? dotStep(tile, inner)
      : plainStep(tile, vectors);
  return shader(
    [
      `a: ${typeOf(transposeA ? rowWidth : innerWidth)}`,
      `b: ${typeOf(transposeB ? innerWidth : columnWidth)}`,
      `*c: ${sum}`,
      ...(bias ? [`bias: ${sum}`] : []),
    ],
    size,
    `
let column = id.x * ${tile.columns}u;
let row = id.y * ${tileVectors}u;
if (column >= ${vectors}u || row >= ${rowVectors}u) { return; }
let split = id.z % ${splits}u;
let entry = id.z / ${splits}u;
let startA = ${sharedA ? '0u' : `entry * ${perA}u`};
let startB = ${sharedB ? '0u' : `entry * ${perB}u`};
${repeat(tileVectors, (i) => (transposeA ? `let from${i} = startA + ${row(i)};` : `let from${i} = startA + ${row(i)} * ${inner / innerWidth}u;`))}
${repeat(tile.rows, (i) => repeat(tile.columns, (j) => `var s${i}_${j} = ${sum}(0);`))}
for (var k = split * ${chunk}u; k < min((split + 1u) * ${chunk}u, ${inner}u); k += ${transposeA ? 1 : innerWidth}u) {
${step}
}
let startC = (split * ${product.batch}u + entry) * ${rows * vectors}u + column;
${repeat(tile.rows, (i) => {
  const at = `row * ${rowWidth}u + ${i}u`;
  const stores = repeat(tile.columns, (j) => {
    const value = bias ? `s${i}_${j} + bias[column + ${j}u]` : `s${i}_${j}`;
    const kept = relu ? `select(v, ${sum}(0), v < ${sum}(0))` : 'v';
    return `{ let v = ${value}; c[startC + (${at}) * ${vectors}u + ${j}u] = ${kept}; }`;
  });
  return guarded ? `if (${at} < ${rows}u) {\n${stores}\n}` : stores;
})}`,
  );
}

/** A [rows, inner] · B [inner, columns]: rows of B, scaled by the elements of A's row. */
function plainStep(tile: Tile, vectors: number): string {
  const { rows, columns, columnWidth, innerWidth } = tile;
  return `
let bk = startB + k * ${vectors}u + column;
${repeat(innerWidth, (e) => repeat(columns, (j) => `let b${e}_${j} = b[bk + ${e * vectors + j}u];`))}
${repeat(rows, (i) => {
  const terms = repeat(columns, (j) =>
    repeat(innerWidth, (e) => {
      const scale = `${typeOf(columnWidth)}(${lane('x', innerWidth, e)})`;
      return `s${i}_${j} = fma(${scale}, b${e}_${j}, s${i}_${j});`;
    }),
  );
  return `{ let x = a[from${i} + k / ${innerWidth}u];\n${terms} }`;
})}`;
}

/** A [rows, inner] · B [columns, inner]ᵀ: dot products of rows. */
function dotStep(tile: Tile, inner: number): string {
  const { rows, columns, columnWidth, innerWidth } = tile;
  const product = (x: string, y: string): string => (innerWidth === 4 ? `dot(${x}, ${y})` : `${x} * ${y}`);
  return `
${repeat(columns * columnWidth, (c) => {
  const at = `(column * ${columnWidth}u + ${c}u) * ${inner / innerWidth}u`;
  return `let b${c} = b[startB + ${at} + k / ${innerWidth}u];`;
})}
${repeat(rows, (i) => {
  const terms = repeat(columns, (j) => {
    const dots = Array.from({ length: columnWidth }, (_, e) => product('x', `b${j * columnWidth + e}`));
    return `s${i}_${j} += ${typeOf(columnWidth)}(${dots.join(', ')});`;
  });
  return `{ let x = a[from${i} + k / ${innerWidth}u];\n${terms} }`;
})}`;
}

/** A [inner, rows]ᵀ · B [inner, columns]: outer products of rows. */
function transposedStep(tile: Tile, rowVectors: number, vectors: number): string {
  const { rows, columns, rowWidth, columnWidth } = tile;
  return `
let bk = startB + k * ${vectors}u + column;
${repeat(columns, (j) => `let b${j} = b[bk + ${j}u];`)}
${repeat(rows / rowWidth, (r) => {
  const terms = repeat(rowWidth, (e) =>
    repeat(columns, (j) => {
      const sum = `s${r * rowWidth + e}_${j}`;
      return `${sum} = fma(${typeOf(columnWidth)}(${lane('x', rowWidth, e)}), b${j}, ${sum});`;
    }),
  );
  return `{ let x = a[from${r} + k * ${rowVectors}u];\n${terms} }`;
})}`;
}
