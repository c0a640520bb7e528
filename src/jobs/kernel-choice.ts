/**
 * Which kernels run on this adapter: chosen once, stored in the browser, and set before the first step.
 */
import { DeviceBench } from '../kernels/tuning/autotune-bench.ts';
import { tuneAll } from '../kernels/tuning/autotune-all.ts';
import { ConvolutionDeviceBench } from '../kernels/tuning/autotune-convolution-bench.ts';
import { VARIANTS_VERSION, type TuningRecord } from '../kernels/tuning/autotune.ts';
import { chooseVariants, matMulVariants } from '../kernels/tuning/variants.ts';
import type { AdapterInfo } from '../tensors/backend.ts';
import { tuningStore } from '../records/stores.ts';

let choosing: Promise<TuningRecord> | undefined;

/**
 * Sets the choices of this adapter, after measuring where there is no valid record. Runs once in a worker: later calls return the same
 * record, so that no run changes kernels midway.
 * @param reducedPrecision whether a person allowed 16-bit operands, by which results change
 */
export function chooseKernels(info: AdapterInfo, reducedPrecision = false): Promise<TuningRecord> {
  choosing ??= chooseNow(info, reducedPrecision).catch((error: unknown) => {
    choosing = undefined;
    throw error;
  });
  return choosing;
}

async function chooseNow(info: AdapterInfo, reducedPrecision: boolean): Promise<TuningRecord> {
  const { vendor, architecture, description, features, software } = info;
  const adapter = [vendor, architecture, description, ...features].join(' / ');
  const stored = await tuningStore.get(keyOf(adapter));
  const bench = new DeviceBench();
  try {
    const identity = { adapter, browser: navigator.userAgent, code: VARIANTS_VERSION, reducedPrecision };
    const record = await tuneAll(
      { identity, software, stored, variants: matMulVariants, bench },
      new ConvolutionDeviceBench(),
    );
    if (record !== stored && !software) await tuningStore.set(keyOf(adapter), record);
    chooseVariants(record.choices);
    return record;
  } finally {
    bench.dispose();
  }
}

function keyOf(adapter: string): string {
  return `kernels/${adapter}`;
}
