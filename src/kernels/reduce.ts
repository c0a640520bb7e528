/**
 * Sums and means over neighbouring axes on WebGPU, without the transposition and the barriers of the stock kernels.
 *
 * Axes next to one another make the tensor [outer, reduced, inner]: leading axes (a bias gradient, batch statistics) have outer = 1,
 * trailing axes (a row mean) inner = 1, global average pooling neither. Each thread adds along its own line of the reduced axis; few
 * lines are split, and the partial sums are added by a second dispatch.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Job, Kernel } from '../tensors/kernel.ts';
import { asTensor, dispatch, emptyTensor, release } from '../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../tensors/webgpu-insides.ts';
import { mergeable } from './jobs.ts';
import { registerOverride, type KernelCall, type StockKernel } from './override.ts';
import { float, laneSum, lineGroups, lineThread, LINE, shader, splitsFor, typeOf, widthOf } from './wgsl.ts';

/** A tensor seen as [outer, reduced, inner], of which the middle is summed. */
export interface Reduction {
  readonly outer: number;
  readonly reduced: number;
  readonly inner: number;
}

const ENOUGH_THREADS = 512;

/** Sums over the middle axis times `scale`: [outer, inner], added in double precision. */
export function reduceReference(
  x: Float32Array,
  { outer, reduced, inner }: Reduction,
  scale = 1,
): Float32Array {
  const sums = new Float64Array(outer * inner);
  for (let i = 0; i < x.length; i++) sums[Math.floor(i / (reduced * inner)) * inner + (i % inner)]! += x[i]!;
  return Float32Array.from(sums, (sum) => sum * scale);
}

/** Takes over Sum and Mean where the reduced axes are neighbours; the stock kernels keep the rest. Their gradients become one broadcast. */
export function registerReduce(): void {
  registerOverride('Sum', (args, stock) => reduceKernel(args, stock, false));
  registerOverride('Mean', (args, stock) => reduceKernel(args, stock, true));
  registerGradientOf('Sum', false);
  registerGradientOf('Mean', true);
}

/** The stock gradient multiplies by a tensor of ones that it uploads each time; ours spreads dy in one dispatch. */
function registerGradientOf(kernelName: string, mean: boolean): void {
  tf.unregisterGradient(kernelName);
  tf.registerGradient({
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({
      x: () => {
        const axes = axesOf(attrs, x!.shape);
        const reduced = axes.reduce((product, axis) => product * x!.shape[axis]!, 1);
        return spread(dy as tf.Tensor, x!.shape, axes, mean ? 1 / reduced : 1);
      },
    }),
  });
}

/** dy · scale at every place of `shape` that was reduced to it; itself differentiable. */
function spread(dy: tf.Tensor, shape: number[], axes: number[], scale: number): tf.Tensor {
  const reduction = reductionOf(shape, axes);
  const kept = shape.map((length, i) => (axes.includes(i) ? 1 : length));
  if (!reduction || !onWebgpu()) {
    return tf.mul(tf.broadcastTo(tf.reshape(dy, kept), shape), scale);
  }
  return tf.customGrad((x) => {
    const value = asTensor(spreadLines(x as tf.Tensor, reduction, shape, scale));
    const gradFunc = (d: tf.Tensor): tf.Tensor => tf.mul(tf.reshape(tf.sum(d, axes), dy.shape), scale);
    return { value, gradFunc };
  })(dy);
}

function spreadLines(dy: tf.TensorInfo, reduction: Reduction, shape: number[], scale: number): tf.TensorInfo {
  const { outer, reduced, inner } = reduction;
  const dx = emptyTensor(shape);
  const width = widthOf(inner);
  const columns = inner / width;
  const kernel: Kernel = {
    key: `spread ${[outer, reduced, inner, scale].join()}`,
    code: () =>
      shader(
        [`dy: ${typeOf(width)}`, `*dx: ${typeOf(width)}`],
        [LINE],
        `${lineThread(outer * reduced * columns)}
dx[thread] = dy[(thread / ${reduced * columns}u) * ${columns}u + thread % ${columns}u] * ${float(scale)};`,
      ),
  };
  dispatch(kernel, [dy, dx], lineGroups(outer * reduced * columns));
  return dx;
}

function reduceKernel(args: KernelCall, stock: StockKernel, mean: boolean): tf.TensorInfo {
  const x = args.inputs['x'] as tf.TensorInfo;
  const { keepDims } = args.attrs as unknown as { keepDims?: boolean };
  const axes = axesOf(args.attrs, x.shape);
  const reduction = reductionOf(x.shape, axes);
  if (x.dtype !== 'float32' || !reduction) return stock(args);
  const shape = keepDims
    ? x.shape.map((length, i) => (axes.includes(i) ? 1 : length))
    : x.shape.filter((_, i) => !axes.includes(i));
  return reduce(x, reduction, shape, mean ? 1 / reduction.reduced : 1);
}

/** The reduced axes, counted from 0; all of them when the call names none. */
function axesOf(attrs: object | undefined, shape: number[]): number[] {
  const { axis } = attrs as { axis?: number | number[] | null };
  return tf.util.parseAxisParam(axis ?? shape.map((_, i) => i), shape);
}

/** The view in which the axes are one, or null when they are not neighbours or the tensor is empty. */
export function reductionOf(shape: readonly number[], axes: readonly number[]): Reduction | null {
  const sorted = axes.filter((axis) => shape[axis] !== 1).sort((a, b) => a - b);
  const first = sorted[0] ?? 0;
  const past = (sorted.at(-1) ?? -1) + 1;
  const between = shape.slice(first, past).filter((length, i) => length !== 1 && !sorted.includes(first + i));
  if (between.length > 0 || shape.includes(0)) return null;
  const size = (lengths: readonly number[]): number => tf.util.sizeFromShape([...lengths]);
  return {
    outer: size(shape.slice(0, first)),
    reduced: size(shape.slice(first, past)),
    inner: size(shape.slice(past)),
  };
}

/** Sums of x over the reduction's middle axis, times `scale`, in a new tensor of the given shape. */
export function reduce(
  x: tf.TensorInfo,
  reduction: Reduction,
  shape: readonly number[],
  scale = 1,
): tf.TensorInfo {
  const { outer, reduced, inner } = reduction;
  const threads = inner === 1 ? outer : outer * (inner / widthOf(inner));
  const splits = splitsFor(threads, ENOUGH_THREADS, reduced, inner === 1 ? 256 : 32);
  if (splits === 1) return sumLines(x, reduction, 1, shape, scale);
  const parts = sumLines(x, reduction, splits, [outer, splits, inner], 1);
  const sum = sumLines(parts, { outer, reduced: splits, inner }, 1, shape, scale);
  release(parts);
  return sum;
}

/** Adds up [splits, …shape] along its first axis: the second half of every kernel that splits its work. */
export function sumSplits(parts: tf.TensorInfo, splits: number, shape: readonly number[]): tf.TensorInfo {
  return sumLines(
    parts,
    { outer: 1, reduced: splits, inner: tf.util.sizeFromShape([...shape]) },
    1,
    shape,
    1,
  );
}

function sumLines(
  x: tf.TensorInfo,
  reduction: Reduction,
  splits: number,
  shape: readonly number[],
  scale: number,
): tf.TensorInfo {
  const { outer, reduced, inner } = reduction;
  const rows = inner === 1;
  const threads = outer * splits * (rows ? 1 : inner / widthOf(inner));
  const result = emptyTensor(shape);
  const kernel: Kernel = {
    key: `sum ${[outer, reduced, inner, splits, scale].join()}`,
    code: () => (rows ? rowShader(reduction, splits, scale) : columnShader(reduction, splits, scale)),
    ...(outer === 1 && splits === 1 && { mergeable: mergeable(sumJob(reduced, inner, scale)) }),
  };
  dispatch(kernel, [x, result], lineGroups(threads));
  return result;
}

/** A sum of [parts, size] over its first axis, times `scale`, that is not split: a thread has a whole row, or a column of one or four. */
function sumJob(parts: number, size: number, scale: number): Job {
  const width = widthOf(size === 1 ? parts : size);
  const [steps, stride] = size === 1 ? [parts / width, 1] : [parts, size / width];
  const total = size === 1 ? laneSum('sum', width) : 'sum';
  return {
    key: `sum ${[parts, size, scale].join()}`,
    threads: size === 1 ? 1 : size / width,
    reads: typeOf(width),
    writes: typeOf(widthOf(size)),
    text: (x, sums) => `var sum = ${typeOf(width)}(0);
  for (var i = 0u; i < ${steps}u; i++) { sum += ${x}[thread + i * ${stride}u]; }
  ${sums}[thread] = ${total} * ${float(scale)};`,
  };
}

/** inner = 1: a thread adds a stretch of one row. */
function rowShader({ outer, reduced }: Reduction, splits: number, scale: number): string {
  const width = widthOf(reduced);
  const length = reduced / width;
  const chunk = Math.ceil(length / splits);
  return shader(
    [`x: ${typeOf(width)}`, '*sums: f32'],
    [LINE],
    `${lineThread(outer * splits)}
let row = (thread / ${splits}u) * ${length}u;
let first = (thread % ${splits}u) * ${chunk}u;
var sum = ${typeOf(width)}(0);
for (var i = first; i < min(first + ${chunk}u, ${length}u); i++) { sum += x[row + i]; }
sums[thread] = ${laneSum('sum', width)} * ${float(scale)};`,
  );
}

/** inner > 1: a thread adds a stretch of one column (of four, where inner allows). */
function columnShader({ outer, reduced, inner }: Reduction, splits: number, scale: number): string {
  const width = widthOf(inner);
  const columns = inner / width;
  const chunk = Math.ceil(reduced / splits);
  return shader(
    [`x: ${typeOf(width)}`, `*sums: ${typeOf(width)}`],
    [LINE],
    `${lineThread(outer * splits * columns)}
let column = thread % ${columns}u;
let line = thread / ${columns}u;
let first = (line % ${splits}u) * ${chunk}u;
let start = (line / ${splits}u) * ${reduced * columns}u + column;
var sum = ${typeOf(width)}(0);
for (var i = first; i < min(first + ${chunk}u, ${reduced}u); i++) { sum += x[start + i * ${columns}u]; }
sums[thread] = sum * ${float(scale)};`,
  );
}
