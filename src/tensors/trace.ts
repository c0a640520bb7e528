/**
 * Records a step: TensorFlow.js runs it, gradients and all, but nothing reaches the device. Tensors that the step makes get planned
 * buffers; stock kernels and ours are noted with their pipelines and bindings.
 *
 * While a step is traced, the backend's device is a stand-in that hands back what it is asked to make.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel, Workgroups } from './kernel.ts';
import { writtenBindings } from './pipelines.ts';
import { PendingPipeline, PlannedBuffer, type Binding, type Command, type Recording } from './recording.ts';
import {
  insides,
  submitPending,
  type Insides,
  type TensorData,
  type UniformBinding,
} from './webgpu-insides.ts';

/** A step cannot be recorded: it reads numbers back, assigns a variable, or uses a kernel that does more than dispatch. */
export class NotCapturableError extends Error {
  override readonly name = 'NotCapturableError';
}

let recorder: Recorder | null = null;

/** Where dispatches go while a step is traced. */
export interface ActiveRecorder {
  add(kernel: Kernel, buffers: readonly tf.TensorInfo[], workgroups: Workgroups): void;
  /** The next dispatch writes a variable in place that shares its buffer with other tensors of the step. */
  writesShared(variable: tf.Variable): void;
}

/** Null when dispatches run. */
export function activeRecorder(): ActiveRecorder | null {
  return recorder;
}

/**
 * Runs the step without the device and returns what it would have dispatched.
 * @param step makes tensors of its own and returns some by name; it may write variables in place, by kernels that got them from `writable`.
 * @throws NotCapturableError; what the step throws.
 */
export function trace(step: () => Record<string, tf.Tensor>): Recording {
  if (recorder) throw new NotCapturableError('A step cannot be captured inside another one.');
  const backend = insides();
  submitPending(backend);
  const before = variableData();
  recorder = new Recorder(backend);
  const restore = intercept(backend, recorder);
  try {
    const results = tf.tidy(step);
    const recording = recorder.finish(results);
    tf.dispose(results);
    assertNothingAssigned(before);
    return recording;
  } finally {
    restore();
    recorder = null;
  }
}

/** Collects the dispatches of one step. */
class Recorder implements ActiveRecorder {
  readonly #backend: Insides;
  readonly #device: GPUDevice;
  readonly #commands: Command[] = [];
  readonly #constants: GPUBuffer[] = [];
  readonly #externals = new Map<TensorData, GPUBuffer>();
  /** Variables' buffers that must not be read after the command of that index. */
  readonly #lastUses = new Map<Binding, { readonly name: string; readonly command: number }>();
  readonly uniforms: GPUBuffer[] = [];
  /** Data that the step itself brought from the host. */
  readonly born = new WeakSet<object>();

  constructor(backend: Insides) {
    this.#backend = backend;
    this.#device = backend.device;
  }

  add(kernel: Kernel, buffers: readonly tf.TensorInfo[], workgroups: Workgroups): void {
    const bindings = buffers.map((tensor) => this.place(tensor.dataId));
    const written = writtenBindings(this.#device, kernel);
    this.#commands.push({ program: kernel, bindings, workgroups, written });
  }

  /** A stock kernel, which writes its first binding and reads the others. */
  addStock(
    program: GPUComputePipeline | PendingPipeline,
    entries: readonly GPUBindGroupEntry[],
    workgroups: Workgroups,
  ): void {
    const bindings = entries.map(({ resource }): Binding => {
      const binding = resource as unknown as PlannedBuffer | UniformBinding;
      if (binding instanceof PlannedBuffer || this.uniforms.includes(binding.buffer)) return binding;
      return binding.buffer;
    });
    this.#commands.push({ program, bindings, workgroups, written: new Set([0]) });
  }

  /** The buffer of a tensor's data, planned when it has neither buffer nor numbers. */
  place(dataId: object): PlannedBuffer | GPUBuffer {
    const data = this.#backend.tensorMap.get(dataId);
    if (data.resource instanceof PlannedBuffer) return data.resource;
    if (data.resource !== undefined && data.resource !== null) {
      const buffer = data.resource as GPUBuffer;
      if (!this.#constants.includes(buffer)) this.#externals.set(data, buffer);
      return buffer;
    }
    const bytes = Math.max(4, 4 * tf.util.sizeFromShape([...data.shape]));
    if (!data.values) {
      data.external = true;
      return (data.resource = new PlannedBuffer(bytes));
    }
    return this.#upload(dataId, data, bytes);
  }

  writesShared(variable: tf.Variable): void {
    const use = { name: variable.name, command: this.#commands.length };
    this.#lastUses.set(this.place(variable.dataId), use);
  }

  finish(results: Record<string, tf.Tensor>): Recording {
    const outputs = Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => {
        const binding = this.place(tensor.dataId);
        return [
          name,
          { binding, shape: tensor.shape, dtype: this.#backend.tensorMap.get(tensor.dataId).dtype },
        ];
      }),
    );
    this.#commands.forEach(({ bindings }, index) => {
      for (const binding of bindings) this.#assertStillMeant(binding, index);
    });
    return {
      commands: this.#commands,
      outputs,
      constants: this.#constants,
      uniforms: this.uniforms,
      externals: this.#externals,
    };
  }

  #assertStillMeant(binding: Binding, index: number): void {
    const lastUse = this.#lastUses.get(binding);
    if (!lastUse || index <= lastUse.command) return;
    throw new NotCapturableError(
      `The step reads "${lastUse.name}", or a reshape of it, after writing it in place; it is not clear which numbers are meant.`,
    );
  }

  /** Numbers from the host: of the step itself they become a constant of the program, of a tensor outside they stay that tensor's. */
  #upload(dataId: object, data: TensorData, bytes: number): GPUBuffer {
    const values = data.values as ArrayLike<number>;
    const numbers = data.dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values);
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    let buffer: GPUBuffer;
    if (this.born.has(dataId)) {
      buffer = this.#device.createBuffer({ size: bytes, usage });
      this.#constants.push(buffer);
      data.external = true;
    } else {
      buffer = this.#backend.bufferManager.acquireBuffer(4 * numbers.length, usage);
      this.#externals.set(data, buffer);
      data.values = null;
    }
    this.#device.queue.writeBuffer(buffer, 0, numbers);
    data.resource = buffer;
    return buffer;
  }
}

/** Turns the backend to the recorder. @returns what turns it back. */
function intercept(backend: Insides, to: Recorder): () => void {
  const { device, computePassEncoder } = backend;
  const write = backend.write.bind(backend);
  const makeUniforms = backend.makeUniforms.bind(backend);
  const replaced: Partial<Insides> = {
    uploadToGPU: (dataId) => void to.place(dataId),
    write(values, shape, dtype) {
      const dataId = write(values, shape, dtype);
      to.born.add(dataId);
      return dataId;
    },
    makeUniforms(uniforms) {
      const binding = makeUniforms(uniforms);
      to.uniforms.push(backend.uniformPendingDisposal.pop()!);
      return binding;
    },
    tensorToBinding: (tensor) => {
      const place = to.place(tensor.dataId);
      return (place instanceof PlannedBuffer ? place : { buffer: place }) as GPUBindingResource;
    },
    read: (dataId) => hostValues(backend, dataId),
    readSync: (dataId) => hostValues(backend, dataId),
    ensureCommandEncoderReady: () => undefined,
    endComputePassEncoder: () => undefined,
    submitQueue: () => undefined,
  };
  const own = Object.getOwnPropertyDescriptors(backend);
  Object.assign(backend, replaced);
  backend.device = standInFor(device);
  backend.computePassEncoder = passInto(to);
  return () => {
    for (const name of Object.keys(replaced) as (keyof typeof replaced)[]) {
      if (own[name]) Object.defineProperty(backend, name, own[name]);
      else delete backend[name];
    }
    backend.device = device;
    backend.computePassEncoder = computePassEncoder;
    for (const [key, pipeline] of Object.entries(backend.pipelineCache)) {
      const pending: unknown = pipeline;
      if (!(pending instanceof PendingPipeline)) continue;
      pending.stockKey = key;
      delete backend.pipelineCache[key];
    }
    // After an empty submit the backend frees the tensors that the step disposed of.
    backend.commandEncoder = device.createCommandEncoder();
    backend.submitQueue();
  };
}

/** Numbers that never left the host may be read; those on the device do not exist yet. */
function hostValues(backend: Insides, dataId: object): never {
  const { values } = backend.tensorMap.get(dataId);
  if (values !== null && values !== undefined) return values as never;
  throw new NotCapturableError('A captured step must not read numbers back from the device.');
}

function standInFor(device: GPUDevice): GPUDevice {
  const made = {
    limits: device.limits,
    features: device.features,
    queue: device.queue,
    createBindGroup: ({ entries }: GPUBindGroupDescriptor) => entries,
    createShaderModule: (descriptor: GPUShaderModuleDescriptor) => device.createShaderModule(descriptor),
    createComputePipeline: (descriptor: GPUComputePipelineDescriptor) => new PendingPipeline(descriptor),
  };
  return new Proxy(made, {
    get(target, name) {
      if (name in target) return target[name as keyof typeof target];
      throw new NotCapturableError(`A kernel uses ${String(name)} of the device, which cannot be captured.`);
    },
  }) as unknown as GPUDevice;
}

function passInto(to: Recorder): GPUComputePassEncoder {
  let program: GPUComputePipeline | PendingPipeline;
  let entries: readonly GPUBindGroupEntry[];
  return {
    setPipeline: (pipeline: GPUComputePipeline) => void (program = pipeline),
    setBindGroup: (_: number, group: unknown) => void (entries = group as readonly GPUBindGroupEntry[]),
    dispatchWorkgroups: (x: number, y = 1, z = 1) => to.addStock(program, entries, [x, y, z]),
  } as unknown as GPUComputePassEncoder;
}

function variableData(): ReadonlyMap<string, object> {
  const { registeredVariables } = tf.engine();
  return new Map(Object.entries(registeredVariables).map(([name, variable]) => [name, variable.dataId]));
}

function assertNothingAssigned(before: ReadonlyMap<string, object>): void {
  for (const [name, dataId] of variableData()) {
    if (before.has(name) && before.get(name) !== dataId) {
      throw new NotCapturableError(
        `The step assigns the variable "${name}"; a captured step must write it in place.`,
      );
    }
  }
}
