/**
 * The two backends that every test of tensors runs on.
 */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { registerKernels } from '../src/kernels/registry.ts';
import { startWebgpu } from '../src/tensors/backend.ts';

/** Backends by name. */
export const backends = ['cpu', 'webgpu'] as const;

/**
 * Makes a backend the current one, webgpu with our kernels as the lab trains; throws when it cannot be had, so that no test runs elsewhere
 * than it says.
 */
export async function useBackend(name: (typeof backends)[number]): Promise<void> {
  if (name === 'webgpu') {
    await startWebgpu();
    registerKernels();
  }
  if (!(await tf.setBackend(name)) || tf.getBackend() !== name) throw new Error(`no backend ${name}`);
}
