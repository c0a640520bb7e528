/**
 * A step as a program: TensorFlow.js runs it once while its commands are recorded. The device then repeats it with new numbers, in one pass
 * and one submit, without TensorFlow.js. On other backends the step runs anew each time, with the same results.
 *
 * A program belongs to the shapes that it was compiled with, and to the variables that it reads and writes: their buffers are part of it.
 */
import * as tf from '@tensorflow/tfjs-core';
import { EagerProgram } from './eager-program.ts';
import type { HostTensor, HostTensors } from './host-tensor.ts';
import { planOf, type Plan } from './plan.ts';
import { discard, realise, type Realised } from './realise.ts';
import type { Recording } from './recording.ts';
import { ringBytes, ScalarRing } from './scalar-ring.ts';
import { unknownCost, type DispatchTime, type Program, type ProgramCost, type Step } from './step.ts';
import { copyOf, encode, timesOf } from './submission.ts';
import { trace } from './trace.ts';
import { bufferLimit, writable } from './webgpu-dispatch.ts';
import { onWebgpu } from './webgpu-insides.ts';
import { insides, submitPending, type Insides } from './webgpu-insides.ts';

/** A step needs more memory than it was given. */
export class OverBudgetError extends RangeError {
  override readonly name = 'OverBudgetError';
}

/**
 * Compiles a step; see `Program`.
 * @throws NotCapturableError; OverBudgetError; RangeError when the device cannot hold it; what the step throws.
 */
export async function compileProgram(step: Step): Promise<Program> {
  if (!onWebgpu() || step.eager) return new EagerProgram(step);
  step.state.forEach(writable);
  const inputs = new Map(Object.entries(step.inputs).map(([name, input]) => [name, persistent(input)]));
  try {
    const recording = trace(() => step.compute(Object.fromEntries(inputs)));
    const backend = insides();
    const plan = planOf(recording, { buffers: bufferLimit() });
    assertWithinBudget(backend, step, recording, plan);
    return new ReplayedProgram(
      backend,
      step,
      inputs,
      recording,
      plan,
      await realise(backend, recording, plan),
    );
  } catch (error) {
    tf.dispose([...inputs.values()]);
    throw error;
  }
}

/**
 * What a step would cost, found by tracing and planning it: nothing is compiled, and no memory is taken but for its inputs and constants
 * meanwhile. On backends that cannot replay, nothing is known.
 * @throws NotCapturableError; what the step throws.
 */
export function predictCost(step: Step): ProgramCost {
  if (!onWebgpu()) return unknownCost;
  const backend = insides();
  const inputs = new Map(Object.entries(step.inputs).map(([name, input]) => [name, persistent(input)]));
  try {
    const recording = trace(() => step.compute(Object.fromEntries(inputs)));
    const buffers = [...inputs.values()].map((tensor) => resourceOf(backend, tensor));
    const plan = planOf(recording, { buffers: bufferLimit() });
    const cost = costOf(recording, plan, buffers, ringBytes((step.scalars ?? []).length));
    discard(backend, recording);
    return cost;
  } finally {
    tf.dispose([...inputs.values()]);
  }
}

class ReplayedProgram implements Program {
  readonly cost: ProgramCost;
  readonly #backend: Insides;
  readonly #step: Step;
  readonly #inputs: ReadonlyMap<string, tf.Tensor>;
  readonly #inputBuffers: ReadonlyMap<string, GPUBuffer>;
  readonly #recording: Recording;
  readonly #ready: Realised;
  readonly #ring: ScalarRing;

  constructor(
    backend: Insides,
    step: Step,
    inputs: ReadonlyMap<string, tf.Tensor>,
    recording: Recording,
    plan: Plan,
    ready: Realised,
  ) {
    this.#backend = backend;
    this.#step = step;
    this.#inputs = inputs;
    this.#recording = recording;
    this.#ready = ready;
    this.#inputBuffers = new Map([...inputs].map(([name, tensor]) => [name, resourceOf(backend, tensor)]));
    const scalars = (step.scalars ?? []).map((name) => ready.bindingOf(this.#output(name).binding));
    this.#ring = new ScalarRing(backend.device, scalars);
    this.cost = costOf(recording, plan, [...this.#inputBuffers.values()], ringBytes(scalars.length));
  }

  run(inputs: HostTensors): void {
    if (!this.isCurrent())
      throw new Error('A variable has a new buffer since the step was captured; capture it again.');
    submitPending(this.#backend);
    const { device, queue } = this.#backend;
    for (const [name, buffer] of this.#inputBuffers) {
      const input = matching(name, this.#step.inputs[name]!, inputs[name]);
      queue.writeBuffer(buffer, 0, input.values as Float32Array<ArrayBuffer>);
    }
    const encoder = device.createCommandEncoder();
    encode(encoder.beginComputePass(), this.#ready.commands);
    this.#ring.record(encoder);
    queue.submit([encoder.finish()]);
  }

  async read(name: string): Promise<Float32Array> {
    const { binding, shape, dtype } = this.#output(name);
    const { buffer, offset = 0 } = this.#ready.bindingOf(binding);
    const length = tf.util.sizeFromShape([...shape]);
    const bytes = await copyOf(this.#backend.device, buffer, offset, 4 * length);
    return dtype === 'float32' ? new Float32Array(bytes) : Float32Array.from(new Int32Array(bytes));
  }

  readScalars(): Promise<readonly Float32Array[]> {
    return this.#ring.read();
  }

  isCurrent(): boolean {
    for (const [data, buffer] of this.#recording.externals) if (data.resource !== buffer) return false;
    return true;
  }

  dispose(): void {
    for (const buffer of this.#ready.slots) buffer.destroy();
    discard(this.#backend, this.#recording);
    this.#ring.dispose();
    tf.dispose([...this.#inputs.values()]);
  }

  async profile(inputs: HostTensors): Promise<readonly DispatchTime[] | null> {
    this.run(inputs);
    const times = await timesOf(this.#backend.device, this.#ready.commands);
    return (
      times && this.#ready.commands.map(({ name, bytes }, i) => ({ kernel: name, bytes, seconds: times[i]! }))
    );
  }

  #output(name: string): Recording['outputs'][string] {
    const output = this.#recording.outputs[name];
    if (!output) throw new RangeError(`The step has no output "${name}".`);
    return output;
  }
}

/** A tensor on the device with the input's shape, to be filled again and again. */
function persistent({ shape, dtype, values }: HostTensor): tf.Tensor {
  const tensor = tf.keep(tf.tensor(values, [...shape], dtype));
  insides().uploadToGPU(tensor.dataId);
  return tensor;
}

function resourceOf(backend: Insides, tensor: tf.Tensor): GPUBuffer {
  return backend.tensorMap.get(tensor.dataId).resource as GPUBuffer;
}

function matching(name: string, expected: HostTensor, given: HostTensor | undefined): HostTensor {
  const fits =
    given && given.dtype === expected.dtype && tf.util.arraysEqual([...given.shape], [...expected.shape]);
  if (fits && given.values.length === tf.util.sizeFromShape([...expected.shape])) return given;
  const got = given ? `${given.dtype} [${given.shape.join()}] with ${given.values.length} values` : 'nothing';
  throw new RangeError(
    `Input "${name}" of the step must be ${expected.dtype} [${expected.shape.join()}], got ${got}.`,
  );
}

function assertWithinBudget(
  backend: Insides,
  { memoryBudget = Infinity }: Step,
  recording: Recording,
  plan: Plan,
): void {
  const bytes = plan.slots.reduce((sum, size) => sum + size, 0);
  if (bytes <= memoryBudget) return;
  discard(backend, recording);
  const [needed, given] = [bytes, memoryBudget].map((size) => (size / 2 ** 30).toFixed(2));
  throw new OverBudgetError(
    `A step needs ${needed} GiB of the graphics card's memory for its activations, more than the ${given} GiB that it may take; choose a smaller side of the films, a smaller encoder or a smaller batch.`,
  );
}

function costOf(recording: Recording, plan: Plan, inputs: readonly GPUBuffer[], ring: number): ProgramCost {
  const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
  const own = [...recording.constants, ...recording.uniforms, ...inputs].map(({ size }) => size);
  const externals = [...recording.externals.values()].filter((buffer) => !inputs.includes(buffer));
  return {
    dispatches: plan.commands.length,
    bytes: sum(plan.slots) + sum(own) + ring,
    externalBytes: sum([...new Set(externals)].map(({ size }) => size)),
  };
}
