/**
 * Times something short: repeats it until a sample is much longer than the resolution of the browser's clock, and takes the median of some
 * samples.
 */

const SAMPLES = 3;

/**
 * Milliseconds of one repetition.
 * @param sample runs so many repetitions and gives the milliseconds of all @param sampleMs that a sample is to last about
 */
export async function sampledTime(
  sample: (repetitions: number) => Promise<number>,
  { sampleMs, most }: { readonly sampleMs: number; readonly most: number },
): Promise<number> {
  const once = await sample(1);
  const repetitions = Math.min(most, Math.max(1, Math.ceil(sampleMs / Math.max(once, 1e-3))));
  const samples: number[] = [];
  for (let i = 0; i < SAMPLES; i++) samples.push((await sample(repetitions)) / repetitions);
  // If the clock is too coarse, the time must not become 0.
  return Math.max(samples.sort((a, b) => a - b)[Math.floor(SAMPLES / 2)]!, 1e-4);
}
