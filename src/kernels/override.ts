/**
 * Replaces a stock kernel of the webgpu backend by one of ours, which may hand a call back to it.
 */
import * as tf from '@tensorflow/tfjs-core';
import { heldAsFloat } from '../tensors/webgpu-dispatch.ts';

/** What the engine hands to a kernel. */
export type KernelCall = Parameters<tf.KernelFunc>[0];

/** A stock kernel with one output, callable as ours was called. */
export type StockKernel = (args: KernelCall) => tf.TensorInfo;

/** Our kernel; `stock` takes the calls that ours does not cover. */
export type Override = (args: KernelCall, stock: StockKernel) => tf.TensorInfo;

const stockKernels = new Map<string, tf.KernelConfig>();

/**
 * Puts ours before the stock kernel of that name. Once; a second call changes nothing.
 * @throws Error when the backend has no such kernel.
 */
export function registerOverride(kernelName: string, ours: Override): void {
  if (stockKernels.has(kernelName)) return;
  const config = tf.getKernel(kernelName, 'webgpu');
  if (!config) throw new Error(`The webgpu backend has no kernel "${kernelName}" to replace.`);
  stockKernels.set(kernelName, config);
  const stock: StockKernel = (args) => config.kernelFunc(args) as tf.TensorInfo;
  tf.unregisterKernel(kernelName, 'webgpu');
  tf.registerKernel({
    ...config,
    kernelFunc: (args) => (readsFloats(args) ? ours(args, stock) : stock(args)),
  });
}

/** Our kernels read floats as they lie in the buffer; whatever is held in another form is left to the stock kernel. */
function readsFloats({ inputs }: KernelCall): boolean {
  return Object.values(inputs).every((input) => input === undefined || input === null || heldAsFloat(input));
}

/** Puts the stock kernels back, so that a bench or a test can compare. */
export function restoreStockKernels(): void {
  for (const [kernelName, config] of stockKernels) {
    tf.unregisterKernel(kernelName, 'webgpu');
    tf.registerKernel(config);
  }
  stockKernels.clear();
}
