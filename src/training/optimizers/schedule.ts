/**
 * Learning rates over steps: a linear warm-up, then half a cosine. Plain numbers, no tensors.
 */

/** A warm-up and the cosine after it. */
export interface WarmupCosine {
  /** Length of the whole schedule, in steps. */
  readonly totalSteps: number;
  /** Length of the warm-up, in steps. */
  readonly warmupSteps: number;
  /** Rate at the end of the warm-up. */
  readonly peak: number;
  /** Rate at the end of the schedule; 0 when left out. */
  readonly floor?: number;
  /** Rate at step 0 of the warm-up; 0 when left out. */
  readonly start?: number;
  /**
   * What the cosine runs over: 'rest' = the steps after the warm-up (the usual form); 'whole' = all steps, the warm-up cutting its
   * beginning off; 'shifted' = totalSteps after the warm-up, which end at totalSteps + warmupSteps. 'rest' when left out.
   */
  readonly cosineOver?: 'rest' | 'whole' | 'shifted';
}

/**
 * The rate at a step: start + (peak − start)·t/w below w, then floor + (peak − floor)·(1 + cos(π·u/U))/2.
 *
 * The cosine is Loshchilov and Hutter, "SGDR", 2017, https://arxiv.org/abs/1608.03983, eq. 5; the warm-up Goyal et al. 2017,
 * https://arxiv.org/abs/1706.02677, section 2.2.
 * @param step from 0; beyond the end the rate stays where it ended.
 */
export function warmupCosine(schedule: WarmupCosine, step: number): number {
  const { totalSteps, warmupSteps, peak, floor = 0, start = 0, cosineOver = 'rest' } = schedule;
  if (step < warmupSteps) return start + ((peak - start) * step) / warmupSteps;
  const passed = cosineOver === 'whole' ? step : step - warmupSteps;
  const length = cosineOver === 'rest' ? totalSteps - warmupSteps : totalSteps;
  return cosineBetween(peak, floor, length > 0 ? passed / length : 1);
}

/**
 * Half a cosine from one value to another: to + (from − to)·(1 + cos(π·share))/2. Also the momentum of DINO's teacher (Caron et al.
 * 2021, https://arxiv.org/abs/2104.14294, section 3.1).
 * @param share of the way, in [0, 1]; beyond 1 it stays at the end.
 */
export function cosineBetween(from: number, to: number, share: number): number {
  return to + 0.5 * (from - to) * (1 + Math.cos(Math.PI * Math.min(share, 1)));
}

/**
 * The learning rate of the loop's step, counted from 1: the warm-up reaches the peak with its last step, and the cosine begins there.
 * Neither the first nor the last step has a rate of 0.
 */
export function learningRateOfStep(
  step: number,
  settings: { readonly learningRate: number; readonly warmupSteps: number; readonly maxSteps: number },
): number {
  const { learningRate: peak, warmupSteps, maxSteps: totalSteps } = settings;
  const at = step <= warmupSteps ? step : step - 1;
  if (at === warmupSteps) return peak;
  return warmupCosine({ totalSteps, warmupSteps, peak }, at);
}
