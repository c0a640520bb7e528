/**
 * Times a device's compute pipelines. Some drivers compile a shader only when it first runs, so that each new pipeline runs one workgroup on
 * buffers of zeros between two of the device's timestamps.
 */
import type { PipelineTime } from '../../src/cli/pipeline-times.ts';

interface Timed {
  readonly label: string;
  readonly createMs: number;
  /** The two timestamps, where the pipeline could be run. */
  readonly stamps: GPUBuffer | null;
}

/** Bytes of a buffer of zeros: more than any uniform binding may have and any fixed array of our kernels has. */
const scratchBytes = 2 ** 20;
const mostUniformBytes = 2 ** 16;

/** Watches a device from its first pipeline on. */
export class PipelineClock {
  readonly #device: GPUDevice;
  readonly #codes = new WeakMap<GPUShaderModule, string>();
  readonly #scratch: GPUBuffer[] = [];
  #timed: Timed[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  constructor(device: GPUDevice) {
    this.#device = device;
    const createModule = device.createShaderModule.bind(device);
    device.createShaderModule = (descriptor) => {
      const module = createModule(descriptor);
      this.#codes.set(module, descriptor.code);
      return module;
    };
    const create = device.createComputePipeline.bind(device);
    device.createComputePipeline = (descriptor) => {
      const started = performance.now();
      const pipeline = create(descriptor);
      this.#note(descriptor, pipeline, performance.now() - started);
      return pipeline;
    };
    const createSoon = device.createComputePipelineAsync.bind(device);
    device.createComputePipelineAsync = (descriptor) => {
      // One after another: side by side, each would be charged with the time of all.
      const made = this.#turn.then(async () => {
        const started = performance.now();
        const pipeline = await createSoon(descriptor);
        this.#note(descriptor, pipeline, performance.now() - started);
        return pipeline;
      });
      this.#turn = made.catch(() => undefined);
      return made;
    };
  }

  /** The times so far, each once. */
  async take(): Promise<PipelineTime[]> {
    const timed = this.#timed;
    this.#timed = [];
    return Promise.all(
      timed.map(async ({ label, createMs, stamps }) => ({
        label,
        createMs,
        firstMs: await readSpan(stamps),
      })),
    );
  }

  #note(descriptor: GPUComputePipelineDescriptor, pipeline: GPUComputePipeline, createMs: number): void {
    const code = this.#codes.get(descriptor.compute.module) ?? '';
    this.#timed.push({ label: descriptor.label ?? '', createMs, stamps: this.#runOnce(pipeline, code) });
  }

  /** Runs one workgroup. A pipeline that is not valid runs nothing, which its maker is told as ever. */
  #runOnce(pipeline: GPUComputePipeline, code: string): GPUBuffer | null {
    const device = this.#device;
    if (!device.features.has('timestamp-query')) return null;
    device.pushErrorScope('validation');
    const querySet = device.createQuerySet({ type: 'timestamp', count: 2 });
    const resolved = device.createBuffer({
      size: 16,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    });
    const stamps = device.createBuffer({
      size: 16,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
    const entries = this.#entriesFor(code);
    const encoder = device.createCommandEncoder();
    // What other pipelines wrote there could send a kernel round and round, as in a chain of places whose last names the first.
    for (const { resource } of entries) encoder.clearBuffer(resource.buffer);
    const pass = encoder.beginComputePass({
      timestampWrites: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
    });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, stamps, 0, 16);
    device.queue.submit([encoder.finish()]);
    void device.popErrorScope();
    return stamps;
  }

  /** A buffer of zeros for each binding that the shader declares, no two the same. */
  #entriesFor(code: string): { binding: number; resource: { buffer: GPUBuffer; size: number } }[] {
    return [...code.matchAll(/@binding\((\d+)\)\s*var<(uniform|storage)/g)].map(([, binding, kind], i) => {
      const buffer = (this.#scratch[i] ??= this.#device.createBuffer({
        size: scratchBytes,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
      }));
      const size = kind === 'uniform' ? mostUniformBytes : scratchBytes;
      return { binding: Number(binding), resource: { buffer, size } };
    });
  }
}

/** Milliseconds between the two timestamps; 0 where there are none. */
async function readSpan(stamps: GPUBuffer | null): Promise<number> {
  if (!stamps) return 0;
  try {
    await stamps.mapAsync(GPUMapMode.READ);
  } catch {
    return 0; // the device is gone
  }
  const [begin, end] = new BigUint64Array(stamps.getMappedRange());
  stamps.destroy();
  return Number(end! - begin!) / 1e6;
}
