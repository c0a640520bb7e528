/**
 * What we use of the inside of TensorFlow.js's WebGPU backend: the only file that names its private fields.
 *
 * Written against 4.22.0, pinned exactly; tests/tensors/webgpu-insides.browser.test.ts fails when a field is gone.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** What the backend keeps of a tensor's data. */
export interface TensorData {
  readonly dtype: tf.DataType;
  readonly shape: readonly number[];
  refCount: number;
  /** On the host; null once they lie on the device only. */
  values: unknown;
  /** A GPUBuffer, or null before the first use; while a step is traced also a buffer that is only planned. */
  resource?: unknown;
  /** True when the backend must not give the resource back to its pool. */
  external?: boolean;
}

/** A uniform buffer as the stock kernels bind it. */
export interface UniformBinding {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

/** The backend's pool of buffers. */
interface BufferManager {
  acquireBuffer(bytes: number, usage: GPUBufferUsageFlags): GPUBuffer;
  releaseBuffer(buffer: GPUBuffer): void;
  readonly numBytesAllocated: number;
}

/** The backend, its private part included. */
export interface Insides {
  device: GPUDevice;
  readonly queue: GPUQueue;
  readonly bufferManager: BufferManager;
  readonly tensorMap: { get(dataId: object): TensorData };
  readonly pipelineCache: Record<string, GPUComputePipeline>;
  readonly commandQueueOwnedIds: WeakSet<object>;
  readonly uniformPendingDisposal: GPUBuffer[];
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  tensorToBinding(tensor: tf.TensorInfo): GPUBindingResource;
  uploadToGPU(dataId: object): void;
  makeUniforms(uniforms: unknown): UniformBinding;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  makeTensorInfo(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  write(values: unknown, shape: number[], dtype: tf.DataType): object;
  read(dataId: object): Promise<unknown>;
  readSync(dataId: object): unknown;
  disposeData(dataId: object): boolean;
  refCount(dataId: object): number;
  /** @param output written in place where it is given. */
  runWebGPUProgram(
    program: unknown,
    inputs: readonly tf.TensorInfo[],
    dtype: tf.DataType,
    uniforms?: unknown,
    output?: tf.TensorInfo,
  ): tf.TensorInfo;
  shouldExecuteOnCPU(inputs: readonly tf.TensorInfo[]): boolean;
}

/** Fields and methods of the backend that we rely on; the ones that TypeScript calls private are marked. */
const RELIED_ON = {
  device: 'object',
  queue: 'object',
  bufferManager: 'object',
  tensorMap: 'object',
  pipelineCache: 'object', // private
  commandQueueOwnedIds: 'object', // private
  uniformPendingDisposal: 'object', // private
  commandEncoder: 'object', // private; null between submits
  computePassEncoder: 'object', // private; null between passes
  dispatchCountInPass: 'number', // private
  tensorToBinding: 'function', // private
  uploadToGPU: 'function',
  makeUniforms: 'function', // private
  ensureCommandEncoderReady: 'function',
  endComputePassEncoder: 'function',
  submitQueue: 'function',
  makeTensorInfo: 'function',
  write: 'function',
  read: 'function',
  readSync: 'function',
  disposeData: 'function',
  refCount: 'function',
  runWebGPUProgram: 'function',
  shouldExecuteOnCPU: 'function',
} as const satisfies Record<keyof Insides, string>;

const checked = new WeakSet<object>();

/** The fields we rely on that a backend lacks or holds in another type, as "name: expected type"; empty when all is well. */
export function missingFields(backend: object): string[] {
  return Object.entries(RELIED_ON)
    .filter(([name, type]) => typeof (backend as Record<string, unknown>)[name] !== type)
    .map(([name, type]) => `${name}: ${type}`);
}

/** True when tensors live on WebGPU, so that our kernels can run. */
export function onWebgpu(): boolean {
  return tf.getBackend() === 'webgpu';
}

/**
 * The running WebGPU backend.
 * @throws Error when TensorFlow.js does not run on WebGPU or its backend has changed inside.
 */
export function insides(): Insides {
  if (!onWebgpu()) {
    throw new Error(
      `WebGPU kernels need the webgpu backend, but TensorFlow.js runs on "${tf.getBackend()}".`,
    );
  }
  const backend = tf.backend() as WebGPUBackend;
  if (!checked.has(backend)) {
    const missing = missingFields(backend);
    if (missing.length > 0) {
      throw new Error(`tfjs-backend-webgpu is not the 4.22.0 we know; it lacks ${missing.join(', ')}.`);
    }
    checked.add(backend);
  }
  return backend as unknown as Insides;
}

/** Submits what was recorded so far, so that commands of our own encoders come after it. */
export function submitPending(backend: Insides): void {
  backend.endComputePassEncoder();
  if (backend.commandEncoder) backend.submitQueue();
}
