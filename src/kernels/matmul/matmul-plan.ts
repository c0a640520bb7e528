/**
 * What is asked of a matrix product, and how a variant would run it.
 */
import type { Kernel, Workgroups } from '../../tensors/kernel.ts';
import type { Epilogue } from './matmul-epilogue.ts';
import type { Product } from './matmul-product.ts';

/** A product with its ending. */
export interface MatMulRequest {
  readonly product: Product;
  readonly epilogue: Epilogue;
  /** The kernel also gives the sums of B's columns, [splits, columns]; for products without a batch. */
  readonly sumsColumns: boolean;
}

/**
 * One dispatch. Its buffers are a, b, c, those of the epilogue, and the column sums where asked for; with more than one split, c is
 * [splits, batch, rows, columns] and the column sums [splits, columns], to be added up after.
 */
export interface MatMulPlan {
  readonly kernel: Kernel;
  readonly workgroups: Workgroups;
  readonly splits: number;
}

/** One way of running matrix products. */
export interface MatMulVariant {
  /** Names it in records; a change of this name makes records of older choices void. */
  readonly name: string;
  /** Rounds inputs to 16 bits, so that results differ by more than the order of additions. */
  readonly reducedPrecision: boolean;
  /** Whether the running device can compile it. */
  isAvailable(): boolean;
  /** How it would run the product; null for products of a kind that it does not cover. */
  plan(request: MatMulRequest): MatMulPlan | null;
}
