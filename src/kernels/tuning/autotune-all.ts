/**
 * Everything that is chosen by measuring on an adapter.
 */
import { tune, type Tuning, type TuningRecord } from './autotune.ts';
import { tuneConvolutions, type ConvolutionBench } from './autotune-convolution.ts';
import { chooseVariants, variantsInForce } from './variants.ts';

/**
 * Chooses variants of matrix products, then ways of convolutions, whose products run on those variants.
 * @returns the stored record where it is valid, else a new one. The current choices do not change.
 */
export async function tuneAll(tuning: Tuning, bench: ConvolutionBench): Promise<TuningRecord> {
  const record = await tune(tuning);
  if (record === tuning.stored || tuning.software) return record;
  const before = variantsInForce();
  chooseVariants(record.choices);
  try {
    const convolutions = await tuneConvolutions(bench);
    return { ...record, choices: { ...record.choices, ...convolutions.choices }, convolutions };
  } finally {
    chooseVariants(before);
  }
}
