/**
 * Gives a planned step its memory and its pipelines.
 */
import { pipelineSoon } from './pipelines.ts';
import type { Plan } from './plan.ts';
import {
  isKernel,
  PendingPipeline,
  PlannedBuffer,
  type Binding,
  type Command,
  type Recording,
} from './recording.ts';
import type { ReadyCommand } from './submission.ts';
import type { Insides } from './webgpu-insides.ts';

/** A step that can be submitted. */
export interface Realised {
  readonly commands: readonly ReadyCommand[];
  /** The program's own memory for what the plan placed. */
  readonly slots: readonly GPUBuffer[];
  bindingOf(binding: Binding): Bound;
}

/** A buffer as it is bound. */
export interface Bound {
  readonly buffer: GPUBuffer;
  readonly offset?: number;
  readonly size: number;
}

/**
 * Compiles what is new and allocates what the plan asks for.
 * @throws RangeError when the device has not the memory; Error naming a kernel that does not compile. Nothing stays allocated then, and
 *   the recording is discarded.
 */
export async function realise(backend: Insides, recording: Recording, plan: Plan): Promise<Realised> {
  const { device } = backend;
  const slots: GPUBuffer[] = [];
  try {
    const pipelines = await compileAll(backend, plan.commands);
    device.pushErrorScope('out-of-memory');
    device.pushErrorScope('validation');
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    for (const size of plan.slots) slots.push(device.createBuffer({ size, usage }));
    const bindingOf = (binding: Binding): Bound => {
      if (binding instanceof PlannedBuffer) {
        return { buffer: slots[plan.slotOf.get(binding)!]!, size: binding.bytes };
      }
      return 'buffer' in binding ? binding : { buffer: binding, size: binding.size };
    };
    const commands = plan.commands.map((command, i) => readied(device, command, pipelines[i]!, bindingOf));
    const invalid = await device.popErrorScope();
    const tooLarge = await device.popErrorScope();
    if (tooLarge) throw new RangeError(`${needs(plan)} ${tooLarge.message}`);
    if (invalid) throw new Error(`A captured step does not fit together: ${invalid.message}`);
    return { commands, slots, bindingOf };
  } catch (error) {
    for (const buffer of slots) buffer.destroy();
    discard(backend, recording);
    throw error;
  }
}

/** Frees what a recording owns. */
export function discard(backend: Insides, { constants, uniforms }: Recording): void {
  for (const buffer of constants) buffer.destroy();
  for (const buffer of uniforms) backend.bufferManager.releaseBuffer(buffer);
}

function needs({ slots }: Plan): string {
  const gibibytes = slots.reduce((sum, bytes) => sum + bytes, 0) / 2 ** 30;
  return `The graphics card has no room for a step that needs ${gibibytes.toFixed(2)} GiB; take a smaller batch.`;
}

function readied(
  device: GPUDevice,
  { program, bindings, workgroups: [x, y = 1, z = 1] }: Command,
  pipeline: GPUComputePipeline,
  bindingOf: (binding: Binding) => Bound,
): ReadyCommand {
  const entries = bindings.map((binding, number) => ({ binding: number, resource: bindingOf(binding) }));
  return {
    name: isKernel(program) ? program.key : pipeline.label,
    pipeline,
    bindGroup: device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }),
    workgroups: [x, y, z],
    bytes: entries.reduce((sum, { resource }) => sum + resource.size, 0),
  };
}

/** The pipeline of each command; new ones are compiled side by side. */
async function compileAll(backend: Insides, commands: readonly Command[]): Promise<GPUComputePipeline[]> {
  const compiling = new Map<unknown, Promise<GPUComputePipeline>>();
  const pipelines = commands.map(({ program }) => {
    const key = isKernel(program) ? program.key : program;
    const started = compiling.get(key) ?? compiled(backend, program);
    compiling.set(key, started);
    return started;
  });
  return Promise.all(pipelines);
}

async function compiled(backend: Insides, program: Command['program']): Promise<GPUComputePipeline> {
  if (isKernel(program)) return (await pipelineSoon(backend.device, program)).pipeline;
  if (!(program instanceof PendingPipeline)) return program;
  const pipeline = await backend.device.createComputePipelineAsync(program.descriptor);
  if (program.stockKey !== undefined) backend.pipelineCache[program.stockKey] = pipeline;
  return pipeline;
}
