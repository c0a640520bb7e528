/**
 * The bench of tuning on the running device: buffers and submissions of its own, so that a candidate that fails leaves nothing behind.
 */
import { Random } from '../../random/random.ts';
import { pipelineSoon, type Pipeline } from '../../tensors/pipelines.ts';
import { insides } from '../../tensors/webgpu-insides.ts';
import type { Bench } from './autotune.ts';
import { plainEpilogue } from '../matmul/matmul-epilogue.ts';
import type { MatMulPlan, MatMulVariant } from '../matmul/matmul-plan.ts';
import type { Product } from '../matmul/matmul-product.ts';
import { sampledTime } from './sampled-time.ts';

interface Prepared {
  readonly plan: MatMulPlan;
  readonly pipeline: Pipeline;
  readonly group: GPUBindGroup;
  readonly output: GPUBuffer;
}

/** A bench on the device that TensorFlow.js runs on; `dispose` frees its buffers. */
export class DeviceBench implements Bench {
  readonly #device = insides().device;
  readonly #buffers: GPUBuffer[] = [];
  readonly #inputs = new Map<string, readonly [a: GPUBuffer, b: GPUBuffer]>();
  readonly #prepared = new Map<string, Promise<Prepared | null>>();

  /** Normal draws. */
  operands(product: Product): readonly [a: Float32Array, b: Float32Array] {
    const random = new Random(`autotune ${JSON.stringify(product)}`);
    const draw = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
    return [draw(product.rows * product.inner), draw(product.inner * product.columns)];
  }

  async multiply(variant: MatMulVariant, product: Product): Promise<Float32Array | null> {
    const prepared = await this.#prepare(variant, product);
    if (!prepared) return null;
    const size = product.rows * product.columns;
    const { splits } = prepared.plan;
    const staging = this.#device.createBuffer({
      size: 4 * size * splits,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
    const encoder = this.#device.createCommandEncoder();
    this.#pass(encoder, prepared, 1);
    encoder.copyBufferToBuffer(prepared.output, 0, staging, 0, 4 * size * splits);
    this.#device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const parts = new Float32Array(staging.getMappedRange());
    const sum = new Float32Array(size);
    for (let i = 0; i < parts.length; i++) sum[i % size]! += parts[i]!;
    staging.destroy();
    return sum;
  }

  /** Sums of parts are left out: a captured step ends many of them in one dispatch. */
  async time(variant: MatMulVariant, product: Product): Promise<number> {
    const prepared = await this.#prepare(variant, product);
    if (!prepared) return Infinity;
    return sampledTime((repetitions) => this.#sample(prepared, repetitions), { sampleMs: 1, most: 64 });
  }

  now(): number {
    return performance.now();
  }

  /** Frees the buffers of all products. */
  dispose(): void {
    for (const buffer of this.#buffers) buffer.destroy();
  }

  #prepare(variant: MatMulVariant, product: Product): Promise<Prepared | null> {
    const key = `${variant.name} ${JSON.stringify(product)}`;
    const prepared = this.#prepared.get(key) ?? this.#prepareNew(variant, product);
    this.#prepared.set(key, prepared);
    return prepared;
  }

  async #prepareNew(variant: MatMulVariant, product: Product): Promise<Prepared | null> {
    const plan = variant.plan({ product, epilogue: plainEpilogue, sumsColumns: false });
    if (!plan) return null;
    const pipeline = await pipelineSoon(this.#device, plan.kernel);
    const output = this.#buffer(4 * product.rows * product.columns * plan.splits);
    const group = this.#device.createBindGroup({
      layout: pipeline.layout,
      entries: [...this.#inputsOf(product), output].map((buffer, binding) => ({
        binding,
        resource: { buffer },
      })),
    });
    return { plan, pipeline, group, output };
  }

  #inputsOf(product: Product): readonly [a: GPUBuffer, b: GPUBuffer] {
    const key = JSON.stringify(product);
    const known = this.#inputs.get(key);
    if (known) return known;
    const [a, b] = this.operands(product).map((values) => {
      const buffer = this.#buffer(values.byteLength);
      this.#device.queue.writeBuffer(buffer, 0, values as Float32Array<ArrayBuffer>);
      return buffer;
    });
    const inputs = [a!, b!] as const;
    this.#inputs.set(key, inputs);
    return inputs;
  }

  #buffer(size: number): GPUBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
    const buffer = this.#device.createBuffer({ size, usage });
    this.#buffers.push(buffer);
    return buffer;
  }

  #pass(
    encoder: GPUCommandEncoder,
    { plan, pipeline, group }: Prepared,
    repetitions: number,
    timestampWrites?: GPUComputePassTimestampWrites,
  ): void {
    const pass = encoder.beginComputePass(timestampWrites ? { timestampWrites } : {});
    pass.setPipeline(pipeline.pipeline);
    pass.setBindGroup(0, group);
    const [x, y = 1, z = 1] = plan.workgroups;
    for (let i = 0; i < repetitions; i++) pass.dispatchWorkgroups(x, y, z);
    pass.end();
  }

  /** Milliseconds of the repetitions, by the device's clock where it has one. */
  async #sample(prepared: Prepared, repetitions: number): Promise<number> {
    const device = this.#device;
    const encoder = device.createCommandEncoder();
    if (!device.features.has('timestamp-query')) {
      this.#pass(encoder, prepared, repetitions);
      const started = performance.now();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
      return performance.now() - started;
    }
    const querySet = device.createQuerySet({ type: 'timestamp', count: 2 });
    const resolved = device.createBuffer({
      size: 16,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    });
    const staging = device.createBuffer({
      size: 16,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
    const timestampWrites = { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
    this.#pass(encoder, prepared, repetitions, timestampWrites);
    encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, 16);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const [begin, end] = new BigUint64Array(staging.getMappedRange());
    querySet.destroy();
    resolved.destroy();
    staging.destroy();
    return Number(end! - begin!) / 1e6;
  }
}
