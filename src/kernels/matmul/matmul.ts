/**
 * Matrix product on WebGPU in place of the stock kernels: plain, first or second matrix transposed, in batches, with an epilogue.
 *
 * A variant decides how it runs (see variants.ts). Few outputs over a long inner axis (a weight gradient) are split along that
 * axis and summed after.
 */
import * as tf from '@tensorflow/tfjs-core';
import { dispatch, emptyTensor, release } from '../../tensors/webgpu-dispatch.ts';
import type { Epilogue } from './matmul-epilogue.ts';
import type { MatMulRequest } from './matmul-plan.ts';
import type { Product } from './matmul-product.ts';
import { registerOverride, type KernelCall, type StockKernel } from '../override.ts';
import { sumSplits } from '../reduce.ts';
import { planMatMul } from '../tuning/variants.ts';

/** What a product does besides multiplying: see `Epilogue`. */
export interface Ending {
  /** [columns] */
  readonly bias?: tf.TensorInfo | undefined;
  readonly activation?: Epilogue['activation'];
  /** Of the result's shape, added after the activation. */
  readonly residual?: tf.TensorInfo | undefined;
  /** Also gives what the activation was applied to. */
  readonly keepsInput?: boolean;
  /** Of the result's shape: the product is multiplied by GELU′ of it. */
  readonly geluGradientAt?: tf.TensorInfo;
  /** Also gives the sums of B's columns, [columns]: the bias gradient beside a weight gradient. For A transposed and no batch. */
  readonly sumsColumns?: boolean;
  /** Leaves it to the caller to add up sums that were split: `c` is [splits, …] then. Without an epilogue. */
  readonly inParts?: boolean;
}

/** Untracked tensors; the last two as asked for. */
export interface Multiplied {
  readonly c: tf.TensorInfo;
  readonly activationInput?: tf.TensorInfo;
  readonly columnSums?: tf.TensorInfo;
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
  const shape = [...leading, product.rows, product.columns];
  return matMul(a!, b!, product, shape, { bias, activation: plain ? 'linear' : 'relu' }).c;
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
  };
}

function last(x: tf.TensorInfo, transposed: boolean): [number, number] {
  const [high, low] = x.shape.slice(-2) as [number, number];
  return transposed ? [low, high] : [high, low];
}

/** C = A·B on the device, in a new tensor of the given shape, with what the ending asks for. */
export function matMul(
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  product: Product,
  shape: readonly number[],
  ending: Ending = {},
): Multiplied {
  const { bias, residual, keepsInput = false, geluGradientAt, sumsColumns = false, inParts = false } = ending;
  const epilogue: Epilogue = {
    bias: bias !== undefined,
    activation: ending.activation ?? 'linear',
    residual: residual !== undefined,
    input: geluGradientAt ? 'gelu gradient' : keepsInput ? 'written' : 'none',
  };
  const { batch, rows, columns } = product;
  const request = { product, epilogue, sumsColumns };
  const { kernel, workgroups, splits } = planMatMul(request);
  const split = splits > 1;
  const whole = inParts ? [1, ...shape] : shape;
  const target = emptyTensor(split ? [splits, batch, rows, columns] : whole);
  const written = keepsInput ? emptyTensor(shape) : undefined;
  const sums = sumsColumns ? emptyTensor(split ? [splits, columns] : [columns]) : undefined;
  const more = [bias, residual, written ?? geluGradientAt, sums].filter((buffer) => buffer !== undefined);
  const adding = more.length === 0 && !split ? planMatMul(withResidual(request)).kernel : undefined;
  dispatch({ ...kernel, ...(adding && { adding }) }, [a, b, target, ...more], workgroups);
  const total = (parts: tf.TensorInfo, of: readonly number[]): tf.TensorInfo => {
    if (!split) return parts;
    const sum = sumSplits(parts, splits, of);
    release(parts);
    return sum;
  };
  return {
    c: inParts ? target : total(target, shape),
    ...(written ? { activationInput: written } : {}),
    ...(sums ? { columnSums: total(sums, [columns]) } : {}),
  };
}

function withResidual(request: MatMulRequest): MatMulRequest {
  return { ...request, epilogue: { ...request.epilogue, residual: true } };
}
