/**
 * The device as every job uses it: started, with our kernels on it, each in the form that suits this adapter.
 */
import { registerKernels } from '../kernels/registry.ts';
import { startWebgpu, type Device } from '../tensors/backend.ts';
import { chooseKernels } from './kernel-choice.ts';

/** Starts WebGPU once; later calls give the same device. @throws NoDeviceError with a sentence for the person. */
export async function startDevice(): Promise<Device> {
  const started = await startWebgpu();
  registerKernels();
  await chooseKernels(started.info);
  return started;
}
