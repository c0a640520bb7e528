/**
 * Runs our own WGSL inside TensorFlow.js's WebGPU backend: same device, same buffers, same command encoder as its own kernels.
 *
 * The only file that touches private fields of tfjs-backend-webgpu. `runWebGPUProgram`, its public door, binds one output and builds a
 * uniform buffer at each call; ours binds any number of buffers and keeps pipelines by key, with shapes baked into the shader.
 * Written against 4.22.0, pinned exactly; tests/tensors/webgpu-dispatch.browser.test.ts fails when a field is gone.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** A compute shader: `key` names it with everything that its code depends on, `code` writes its WGSL when the key is new. */
export interface Kernel {
  readonly key: string;
  /** WGSL with an entry point `main`, its buffers at group 0, bindings 0, 1, 2, …; it must use them all. */
  code(): string;
  /** Bindings whose buffers hold 32-bit integers (int32 or bool tensors), declared array<i32> or array<u32>; all others are floats. */
  readonly integers?: readonly number[];
}

/** Counts of workgroups along x, y and z. */
export type Workgroups = readonly [x: number, y?: number, z?: number];

interface TensorData {
  readonly dtype: tf.DataType;
  refCount: number;
  values: unknown;
  resource?: unknown;
}

/** What we use of the backend, its private part included. */
interface Insides {
  readonly device: GPUDevice;
  readonly queue: GPUQueue;
  readonly tensorMap: { get(dataId: object): TensorData };
  readonly commandQueueOwnedIds: WeakSet<object>;
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  tensorToBinding(tensor: tf.TensorInfo): GPUBindingResource;
  uploadToGPU(dataId: object): void;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  makeTensorInfo(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  disposeData(dataId: object): boolean;
  refCount(dataId: object): number;
}

interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Fields and methods of the backend that we rely on; the ones that TypeScript calls private are marked. */
const RELIED_ON = {
  device: 'object',
  queue: 'object',
  tensorMap: 'object',
  commandQueueOwnedIds: 'object', // private
  commandEncoder: 'object', // private; null between submits
  computePassEncoder: 'object', // private; null between passes
  dispatchCountInPass: 'number', // private
  tensorToBinding: 'function', // private
  uploadToGPU: 'function',
  ensureCommandEncoderReady: 'function',
  endComputePassEncoder: 'function',
  submitQueue: 'function',
  makeTensorInfo: 'function',
  disposeData: 'function',
  refCount: 'function',
} as const satisfies Record<keyof Insides, string>;

/** What we keep for a device. */
interface Compiled {
  readonly pipelines: Map<string, Pipeline>;
  /** Why a kernel could not be compiled; WebGPU tells only after the fact, and computes zeros until then. */
  failure?: string;
}

const compiled = new WeakMap<GPUDevice, Compiled>();
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
 * Records one dispatch on the backend's command encoder.
 * @param buffers one tensor a binding, in order; float32 but for the kernel's `integers`. Outputs come from `emptyTensor`.
 * @throws Error when TensorFlow.js does not run on WebGPU, its backend has changed inside, or an earlier kernel did not compile.
 */
export function dispatch(kernel: Kernel, buffers: readonly tf.TensorInfo[], workgroups: Workgroups): void {
  const backend = insides();
  const { pipeline, layout } = pipelineOf(backend.device, kernel);
  const entries = buffers.map((tensor, binding) => {
    const expected = kernel.integers?.includes(binding) ? 'int32' : 'float32';
    if (heldAs(tensor) !== expected) {
      throw new TypeError(
        `Kernel "${kernel.key}": buffer ${binding} holds ${tensor.dtype} numbers in another form than ${expected}`,
      );
    }
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
 * Two traps are closed. A clone or a reshape shares its variable's buffer, so a shared variable first gets a buffer of its own: a
 * snapshot taken before a step stays as it was. And the backend keeps what it once read as the tensor's value on the host, which a write
 * in place would leave stale, so the variable loses that memory.
 */
export function writable(variable: tf.Variable): tf.TensorInfo {
  const backend = insides();
  backend.uploadToGPU(variable.dataId);
  if (backend.refCount(variable.dataId) > 1) {
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

function insides(): Insides {
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

function pipelineOf(device: GPUDevice, kernel: Kernel): Pipeline {
  const known = compiled.get(device) ?? { pipelines: new Map<string, Pipeline>() };
  compiled.set(device, known);
  if (known.failure !== undefined) throw new Error(known.failure);
  let entry = known.pipelines.get(kernel.key);
  if (!entry) known.pipelines.set(kernel.key, (entry = compile(device, kernel, known)));
  return entry;
}

function compile(device: GPUDevice, kernel: Kernel, known: Compiled): Pipeline {
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ code: kernel.code(), label: kernel.key });
  const pipeline = device.createComputePipeline({
    label: kernel.key,
    layout: 'auto',
    compute: { module, entryPoint: 'main' },
  });
  const layout = pipeline.getBindGroupLayout(0);
  device.popErrorScope().then(
    (error) => {
      if (error) known.failure = `The kernel "${kernel.key}" does not compile: ${error.message}`;
    },
    () => undefined, // The device was lost, which its owner is told by `Device.lost`.
  );
  return { pipeline, layout };
}
