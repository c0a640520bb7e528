/**
 * A captured step over many batches, for predictions and features: the next batches are loaded and run while earlier ones are read back.
 */
import type { CapturedStep } from '../tensors/captured-step.ts';
import type { HostTensors } from '../tensors/host-tensor.ts';
import { Prefetch } from './prefetch.ts';

/** Batches that are on the device or on their way back at a time. */
const inFlight = 3;

/**
 * One output of each batch, in their order.
 * @param load the inputs of batch 0, 1, …
 * @throws what loading, compiling or running throws.
 */
export async function* runBatches(
  step: CapturedStep,
  output: string,
  count: number,
  load: (batch: number) => Promise<HostTensors>,
): AsyncGenerator<Float32Array, void, void> {
  const prefetch = new Prefetch(load, 0, count - 1);
  const readings: Promise<Float32Array>[] = [];
  try {
    for (let batch = 0; batch < count; batch++) {
      const inputs = await prefetch.ofStep(batch);
      const program = await step.programFor(inputs);
      program.run(inputs);
      const reading = program.read(output);
      reading.catch(() => undefined); // told when its turn comes
      readings.push(reading);
      if (readings.length >= inFlight) yield await readings.shift()!;
    }
    for (const reading of readings.splice(0)) yield await reading;
  } finally {
    await Promise.allSettled(readings);
    await prefetch.settled();
  }
}
