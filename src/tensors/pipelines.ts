/**
 * Compute pipelines by their kernel's key, one set per device: compiled at once for a dispatch that cannot wait, or together and beside
 * other work for a captured step.
 */
import type { Kernel } from './kernel.ts';

/** A pipeline that is ready, with what is known of its shader. */
export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

interface Entry {
  readonly code: string;
  /** Bindings that the shader writes. */
  readonly written: ReadonlySet<number>;
  ready?: Pipeline;
  compiling?: Promise<Pipeline>;
}

/** What we keep for a device. */
interface Compiled {
  readonly entries: Map<string, Entry>;
  /** Why a kernel could not be compiled; WebGPU tells only after the fact, and computes zeros until then. */
  failure?: string;
}

const compiled = new WeakMap<GPUDevice, Compiled>();

/** The bindings that a kernel's shader may write. */
export function writtenBindings(device: GPUDevice, kernel: Kernel): ReadonlySet<number> {
  return entryOf(device, kernel).written;
}

/**
 * The kernel's pipeline, compiled now if it is new.
 * @throws Error when an earlier kernel of this device did not compile.
 */
export function pipelineNow(device: GPUDevice, kernel: Kernel): Pipeline {
  const known = compiledOf(device);
  if (known.failure !== undefined) throw new Error(known.failure);
  const entry = entryOf(device, kernel);
  return (entry.ready ??= compile(device, kernel.key, entry.code, known));
}

/**
 * The kernel's pipeline, compiled while other work goes on.
 * @throws Error naming the kernel when it does not compile.
 */
export async function pipelineSoon(device: GPUDevice, kernel: Kernel): Promise<Pipeline> {
  const entry = entryOf(device, kernel);
  if (entry.ready) return entry.ready;
  entry.compiling ??= compileAsync(device, kernel.key, entry.code);
  try {
    entry.ready = await entry.compiling;
    return entry.ready;
  } finally {
    delete entry.compiling;
  }
}

function compiledOf(device: GPUDevice): Compiled {
  const known = compiled.get(device) ?? { entries: new Map<string, Entry>() };
  compiled.set(device, known);
  return known;
}

function entryOf(device: GPUDevice, kernel: Kernel): Entry {
  const { entries } = compiledOf(device);
  let entry = entries.get(kernel.key);
  if (!entry) {
    const code = kernel.code();
    const writes = code.matchAll(/@binding\((\d+)\)\s*var<storage,\s*read_write>/g);
    entry = { code, written: new Set(Array.from(writes, ([, binding]) => Number(binding))) };
    entries.set(kernel.key, entry);
  }
  return entry;
}

function compile(device: GPUDevice, key: string, code: string, known: Compiled): Pipeline {
  device.pushErrorScope('validation');
  const pipeline = device.createComputePipeline(descriptorOf(device, key, code));
  const layout = pipeline.getBindGroupLayout(0);
  device.popErrorScope().then(
    (error) => {
      if (error) known.failure = `The kernel "${key}" does not compile: ${error.message}`;
    },
    () => undefined, // The device was lost, which its owner is told by `Device.lost`.
  );
  return { pipeline, layout };
}

async function compileAsync(device: GPUDevice, key: string, code: string): Promise<Pipeline> {
  try {
    const pipeline = await device.createComputePipelineAsync(descriptorOf(device, key, code));
    return { pipeline, layout: pipeline.getBindGroupLayout(0) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The kernel "${key}" does not compile: ${reason}`, { cause: error });
  }
}

function descriptorOf(device: GPUDevice, label: string, code: string): GPUComputePipelineDescriptor {
  return {
    label,
    layout: 'auto',
    compute: { module: device.createShaderModule({ code, label }), entryPoint: 'main' },
  };
}
