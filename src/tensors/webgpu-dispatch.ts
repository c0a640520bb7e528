/**
 * Runs our own WGSL inside TensorFlow.js's WebGPU backend: same device, same buffers, same command encoder as its own kernels.
 *
 * `runWebGPUProgram`, the backend's public door, binds one output and builds a uniform buffer at each call; ours binds any number of
 * buffers and keeps pipelines by key, with shapes baked into the shader. While a step is traced, dispatches are recorded instead.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel, Workgroups } from './kernel.ts';
import { pipelineNow } from './pipelines.ts';
import { activeRecorder } from './trace.ts';
import { insides } from './webgpu-insides.ts';

/**
 * Records one dispatch on the backend's command encoder.
 * @param buffers one tensor per binding, in order; float32 but for the kernel's `integers`. Outputs come from `emptyTensor`.
 * @throws Error when TensorFlow.js does not run on WebGPU, its backend has changed inside, or an earlier kernel did not compile.
 */
export function dispatch(kernel: Kernel, buffers: readonly tf.TensorInfo[], workgroups: Workgroups): void {
  const backend = insides();
  buffers.forEach((tensor, binding) => {
    const expected = kernel.integers?.includes(binding) ? 'int32' : 'float32';
    if (heldAs(tensor) !== expected) {
      throw new TypeError(
        `Kernel "${kernel.key}": buffer ${binding} holds ${tensor.dtype} numbers in another form than ${expected}`,
      );
    }
  });
  const recorder = activeRecorder();
  if (recorder) {
    recorder.add(kernel, buffers, workgroups);
    return;
  }
  const { pipeline, layout } = pipelineNow(backend.device, kernel);
  const entries = buffers.map((tensor, binding) => {
    backend.uploadToGPU(tensor.dataId);
    backend.commandQueueOwnedIds.add(tensor.dataId);
    return { binding, resource: backend.tensorToBinding(tensor) };
  });
  backend.ensureCommandEncoderReady();
  backend.computePassEncoder ??= backend.commandEncoder!.beginComputePass();
  const pass = backend.computePassEncoder;
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, backend.device.createBindGroup({ layout, entries }));
  pass.dispatchWorkgroups(workgroups[0], workgroups[1] ?? 1, workgroups[2] ?? 1);
  backend.dispatchCountInPass++;
  if (backend.dispatchCountInPass >= tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
}

/**
 * True when the tensor's buffer really holds 32-bit floats. A tensor cast from int32 calls itself float32 while it shares the integers'
 * buffer; the stock kernels convert as they read, ours do not.
 */
export function heldAsFloat(tensor: tf.TensorInfo): boolean {
  return tensor.dtype === 'float32' && insides().tensorMap.get(tensor.dataId).dtype === 'float32';
}

/** The form of the numbers in the tensor's buffer, whatever the tensor calls itself; 'other' for what kernels cannot read. */
function heldAs(tensor: tf.TensorInfo): 'float32' | 'int32' | 'other' {
  const { dtype } = insides().tensorMap.get(tensor.dataId);
  if (dtype === 'float32' && tensor.dtype === 'float32') return 'float32';
  return dtype === 'int32' || dtype === 'bool' ? 'int32' : 'other';
}

/** A tensor with a buffer and no values yet, for a kernel to fill. Untracked: hand it to `asTensor` or `release` it. */
export function emptyTensor(shape: readonly number[], dtype: 'float32' | 'int32' = 'float32'): tf.TensorInfo {
  return insides().makeTensorInfo([...shape], dtype);
}

/** Gives an untracked tensor to the engine, which from then on disposes of it with the tidy around. */
export function asTensor<T extends tf.Tensor = tf.Tensor>(info: tf.TensorInfo): T {
  return tf.engine().makeTensorFromTensorInfo(info) as T;
}

/** Frees an untracked tensor; its buffer is used again once the commands recorded so far are submitted. */
export function release(info: tf.TensorInfo): void {
  insides().disposeData(info.dataId);
}

/**
 * Makes a variable safe to write in place, and says which tensor to bind.
 *
 * This avoids two problems. A clone or a reshape shares its variable's buffer, so a shared variable first gets a buffer of its own: a
 * snapshot taken before a step stays as it was. And the backend caches on the host what it once read of a tensor. A write in place would
 * make that cache stale, so it is cleared. In a step that is traced the variable keeps its buffer, and the trace fails if anything of the
 * step reads that buffer after the write.
 */
export function writable(variable: tf.Variable): tf.TensorInfo {
  const backend = insides();
  backend.uploadToGPU(variable.dataId);
  const shared = backend.refCount(variable.dataId) > 1;
  const recorder = activeRecorder();
  if (shared && recorder) recorder.writesShared(variable);
  else if (shared) {
    tf.tidy(() => variable.assign(tf.add(variable, 0)));
    backend.uploadToGPU(variable.dataId);
  }
  Object.defineProperty(backend.tensorMap.get(variable.dataId), 'values', {
    configurable: true,
    get: () => null,
    set: () => undefined,
  });
  return variable;
}

/** Buffers that one shader may bind on this device. */
export function bufferLimit(): number {
  return insides().device.limits.maxStorageBuffersPerShaderStage;
}

/** Bytes of a buffer that one shader may bind on this device. */
export function bindingLimit(): number {
  const { maxStorageBufferBindingSize, maxBufferSize } = insides().device.limits;
  return Math.min(maxStorageBufferBindingSize, maxBufferSize);
}
