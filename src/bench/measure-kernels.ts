/**
 * Times each kernel alone: by the device's clock where there is one, otherwise by the wall clock over many runs.
 */
import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../random/random.ts';
import type { HostTensor, HostTensors } from '../tensors/host-tensor.ts';
import { compileProgram } from '../tensors/program.ts';
import type { Program } from '../tensors/step.ts';
import { insides } from '../tensors/webgpu-insides.ts';
import type { KernelRow } from './bench-file.ts';
import type { KernelCase } from './kernel-cases.ts';
import { withOurKernels } from './ours.ts';
import { median } from './statistics.ts';

/** Runs on the device's clock, of which the least counts. */
const runs = 5;
/** Runs timed by the wall clock: the longer row minus the shorter one, so that the wait at the end cancels out. */
const [fewRuns, manyRuns] = [2, 12];
const turns = 3;

/** Times a case. */
export async function measureKernel(kernel: KernelCase): Promise<KernelRow> {
  const state = kernel.state?.();
  const inputs = drawn(kernel.inputs);
  const step = { inputs, state: state?.variables ?? [], compute: state?.compute ?? kernel.compute };
  const program = await withOurKernels(() => compileProgram(step));
  try {
    const { seconds, clock } = (await byTimestamps(program, inputs)) ?? (await byWall(program, inputs));
    return {
      ...{ kernel: kernel.name, ms: 1e3 * seconds, dispatches: program.cost.dispatches, clock },
      ...{ gflopPerSecond: kernel.flop / seconds / 1e9, gbPerSecond: kernel.bytes / seconds / 1e9 },
    };
  } finally {
    program.dispose();
    tf.dispose([...(state?.variables ?? [])]);
  }
}

async function byTimestamps(
  program: Program,
  inputs: HostTensors,
): Promise<{ readonly seconds: number; readonly clock: 'timestamps' } | null> {
  let least = Infinity;
  for (let run = 0; run < runs; run++) {
    const times = await program.profile(inputs);
    if (!times) return null;
    least = Math.min(
      least,
      times.reduce((sum, { seconds }) => sum + seconds, 0),
    );
  }
  // A clock that is too coarse to measure the kernel is not used.
  return least > 0 ? { seconds: least, clock: 'timestamps' } : null;
}

async function byWall(
  program: Program,
  inputs: HostTensors,
): Promise<{ readonly seconds: number; readonly clock: 'wall' }> {
  const secondsOf = async (count: number): Promise<number> => {
    const begin = performance.now();
    for (let i = 0; i < count; i++) program.run(inputs);
    await insides().queue.onSubmittedWorkDone();
    return (performance.now() - begin) / 1e3;
  };
  await secondsOf(fewRuns);
  const differences: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    differences.push(((await secondsOf(manyRuns)) - (await secondsOf(fewRuns))) / (manyRuns - fewRuns));
  }
  return { seconds: Math.max(1e-9, median(differences)), clock: 'wall' };
}

function drawn(shapes: Readonly<Record<string, readonly number[]>>): HostTensors {
  const random = new Random('kernels');
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const count = shape.reduce((product, length) => product * length, 1);
      const some = Float32Array.from({ length: Math.min(count, 65_536) }, () => random.uniform(-1, 1));
      const values = Float32Array.from({ length: count }, (_, i) => some[i % some.length]!);
      return [name, { shape, dtype: 'float32', values } satisfies HostTensor];
    }),
  );
}
