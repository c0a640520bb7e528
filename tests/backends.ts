/**
 * The two backends that every test of tensors runs on.
 */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { registerKernels } from '../src/kernels/registry.ts';
import { startWebgpu } from '../src/tensors/backend.ts';

type Backend = 'cpu' | 'webgpu';

/** Backends by name; on a second driver only webgpu, as the cpu backend is the same there. */
export const backends: readonly Backend[] =
  import.meta.env['LAB_BACKENDS'] === 'webgpu' ? ['webgpu'] : ['cpu', 'webgpu'];

/**
 * Makes a backend the current one, webgpu with our kernels as the lab trains; throws when it cannot be had, so that no test runs elsewhere
 * than it says.
 */
export async function useBackend(name: Backend): Promise<void> {
  if (name === 'webgpu') {
    await startWebgpu();
    registerKernels();
  }
  if (!(await tf.setBackend(name)) || tf.getBackend() !== name) throw new Error(`no backend ${name}`);
}
