/**
 * A step as a list of dispatches, recorded and not run: what the planner lays out in memory and a program replays.
 */
import type { Kernel, Workgroups } from './kernel.ts';
import type { TensorData, UniformBinding } from './webgpu-insides.ts';

/** A buffer that a step needs while it runs; it gets memory when the step is planned, not before. */
export class PlannedBuffer {
  /** A multiple of 4, at least 4. */
  readonly bytes: number;

  constructor(bytes: number) {
    this.bytes = bytes;
  }
}

/** A stock pipeline that waits to be compiled with the others. */
export class PendingPipeline {
  readonly descriptor: GPUComputePipelineDescriptor;
  /** Where the backend looks for it once it is compiled. */
  stockKey?: string;

  constructor(descriptor: GPUComputePipelineDescriptor) {
    this.descriptor = descriptor;
  }

  /** Bind groups are made once the pipeline is there. */
  getBindGroupLayout(): null {
    return null;
  }
}

/** What a binding of a dispatch refers to. */
export type Binding = PlannedBuffer | GPUBuffer | UniformBinding;

/** One dispatch. */
export interface Command {
  readonly program: Kernel | GPUComputePipeline | PendingPipeline;
  readonly bindings: readonly Binding[];
  readonly workgroups: Workgroups;
  /** Bindings that the shader writes, by their number. */
  readonly written: ReadonlySet<number>;
}

/** What a step leaves behind under a name. */
export interface Output {
  readonly binding: Binding;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** A recorded step. */
export interface Recording {
  readonly commands: readonly Command[];
  readonly outputs: Readonly<Record<string, Output>>;
  /** Buffers with numbers that the step brought along; the program's own. */
  readonly constants: readonly GPUBuffer[];
  /** Uniform buffers of stock kernels; the program's own, from the backend's pool. */
  readonly uniforms: readonly GPUBuffer[];
  /** Buffers of tensors that live outside the step, by the data that must go on holding them. */
  readonly externals: ReadonlyMap<TensorData, GPUBuffer>;
}

/** Whether a kernel is one of ours, which compile by key. */
export function isKernel(program: Command['program']): program is Kernel {
  return 'key' in program;
}
