/**
 * Sum, difference, product and quotient of two tensors on WebGPU, where one may be broadcast along neighbouring axes.
 *
 * The stock kernels find each element's place in a broadcast tensor through its coordinates, with a division an axis. A bias added to
 * rows, a mean taken off them or a scalar factor need at most two, by constants, and four elements at once. What else there is to
 * broadcast, and other types, stay with the stock kernels.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from '../tensors/kernel.ts';
import { dispatch, emptyTensor } from '../tensors/webgpu-dispatch.ts';
import { registerOverride, type KernelCall, type StockKernel } from './override.ts';
import { reductionOf, type Reduction } from './reduce.ts';
import { lineGroups, lineThread, LINE, shader, typeOf, type Width } from './wgsl.ts';

const OPERATIONS = { Add: '+', Sub: '-', Multiply: '*', RealDiv: '/' } as const;

/** One of the operations, on numbers. */
export type Operation = keyof typeof OPERATIONS;

/** a ∘ b, where b (or a) repeats along the middle of [outer, reduced, inner]. */
export function elementwiseReference(
  operation: Operation,
  a: Float32Array,
  b: Float32Array,
  placeA: Reduction,
  placeB: Reduction,
): Float32Array {
  const { outer, reduced, inner } = placeA;
  const at = (i: number, place: Reduction): number =>
    Math.floor(i / (place.reduced * place.inner)) * place.inner + (i % place.inner);
  return Float32Array.from({ length: outer * reduced * inner }, (_, i) => {
    const [x, y] = [a[at(i, placeA)]!, b[at(i, placeB)]!];
    return { Add: x + y, Sub: x - y, Multiply: x * y, RealDiv: x / y }[operation];
  });
}

/** Takes over Add, Sub, Multiply and RealDiv. */
export function registerElementwise(): void {
  for (const operation of Object.keys(OPERATIONS) as Operation[]) {
    registerOverride(operation, (args, stock) => combine(operation, args, stock));
  }
}

function combine(operation: Operation, args: KernelCall, stock: StockKernel): tf.TensorInfo {
  const { a, b } = args.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
  const backend = args.backend as { shouldExecuteOnCPU(inputs: tf.TensorInfo[]): boolean };
  // Small tensors that never left the host are combined there, by the stock kernel.
  if (a.dtype !== 'float32' || b.dtype !== 'float32' || backend.shouldExecuteOnCPU([a, b]))
    return stock(args);
  const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const [placeA, placeB] = [placeOf(a.shape, shape), placeOf(b.shape, shape)];
  if (!placeA || !placeB) return stock(args);
  const size = tf.util.sizeFromShape(shape);
  const width = [placeA, placeB].every((place) => size % 4 === 0 && inFours(place)) ? 4 : 1;
  const result = emptyTensor(shape);
  const same = a.shape.join() === b.shape.join();
  const kernel: Kernel = {
    adds: operation === 'Add' && same,
    key: `${operation} ${[placeA, placeB].map((p) => `${p.outer}.${p.reduced}.${p.inner}`).join()}`,
    code: () => combineShader(OPERATIONS[operation], placeA, placeB, size / width, width),
  };
  dispatch(kernel, [a, b, result], lineGroups(size / width));
  return result;
}

/** How a tensor repeats to fill `shape`: along `reduced`; null when it repeats along axes that are not neighbours. */
function placeOf(own: readonly number[], shape: readonly number[]): Reduction | null {
  const missing = shape.length - own.length;
  const repeated = shape.map((_, i) => i).filter((i) => i < missing || own[i - missing] !== shape[i]);
  const place = reductionOf(shape, repeated);
  return place && repeated.length === 0
    ? { outer: 1, reduced: 1, inner: tf.util.sizeFromShape([...shape]) }
    : place;
}

/** True when four elements of the result at once meet four of this tensor's, or one. */
function inFours({ reduced, inner }: Reduction): boolean {
  return inner % 4 === 0 || (inner === 1 && reduced % 4 === 0);
}

function combineShader(sign: string, a: Reduction, b: Reduction, count: number, width: Width): string {
  const one = (place: Reduction): boolean => width === 4 && place.inner === 1;
  const type = (place: Reduction): string => (one(place) ? 'f32' : typeOf(width));
  const index = (place: Reduction): string => {
    const inner = one(place) ? 1 : place.inner / width;
    const span = one(place) ? place.reduced / width : place.reduced * inner;
    const before =
      place.outer === 1 ? '0u' : inner === 1 ? `thread / ${span}u` : `thread / ${span}u * ${inner}u`;
    const within = inner === 1 ? '0u' : inner === count ? 'thread' : `thread % ${inner}u`;
    return `${before} + ${within}`;
  };
  return shader(
    [`a: ${type(a)}`, `b: ${type(b)}`, `*result: ${typeOf(width)}`],
    [LINE],
    `${lineThread(count)}
result[thread] = ${typeOf(width)}(a[${index(a)}]) ${sign} ${typeOf(width)}(b[${index(b)}]);`,
  );
}
