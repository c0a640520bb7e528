/**
 * Wilcoxon's signed-rank test: are paired differences symmetric around 0? (Biometrics Bulletin 1, 1945.)
 */
import { normalTwoSidedP } from '../distributions/normal.ts';
import { midranks } from '../ranking.ts';
import type { TestResult } from './test-result.ts';

/** What becomes of pairs without a difference: dropped; ranked, then dropped (Pratt 1959); or ranked and halved between both sides. */
export type ZeroMethod = 'wilcox' | 'pratt' | 'zsplit';

/** How p is computed. Exact takes no zeros but drops them ('wilcox'), and is conservative with ties. */
export interface WilcoxonOptions {
  readonly method: 'exact' | 'asymptotic';
  readonly zeroMethod?: ZeroMethod;
  /** Moves the statistic half a rank towards its mean; asymptotic method only. */
  readonly continuityCorrection?: boolean;
}

/**
 * Two-sided signed-rank test of x − y; statistic min(W⁺, W⁻).
 * @param x [pairs]. @param y [pairs]. @returns undefined when no pair differs.
 * @throws RangeError when the exact p is asked for differences with zeros that are not dropped.
 */
export function wilcoxonSignedRank(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { method, zeroMethod = 'wilcox', continuityCorrection = false }: WilcoxonOptions,
): TestResult | undefined {
  if (x.length !== y.length)
    throw new RangeError(`wilcoxonSignedRank: x and y must be paired, got ${x.length} and ${y.length}`);
  const all = Array.from(x, (value, i) => value - y[i]!);
  const differences = zeroMethod === 'wilcox' ? all.filter((d) => d !== 0) : all;
  if (!differences.some((d) => d !== 0)) return undefined;
  const ranks = midranks(differences.map(Math.abs));
  const statistic = smallerRankSum(differences, ranks, zeroMethod);
  if (method === 'exact') return { statistic, p: exactP(statistic, differences) };
  const { mean, standardDeviation } = nullMoments(differences, ranks, zeroMethod);
  const correction = continuityCorrection ? 0.5 * Math.sign(statistic - mean) : 0;
  return { statistic, p: normalTwoSidedP((statistic - mean - correction) / standardDeviation) };
}

function smallerRankSum(differences: readonly number[], ranks: Float64Array, zeroMethod: ZeroMethod): number {
  const sum = (wanted: (d: number) => boolean) =>
    differences.reduce((total, d, i) => total + (wanted(d) ? ranks[i]! : 0), 0);
  const split = zeroMethod === 'zsplit' ? sum((d) => d === 0) / 2 : 0;
  return Math.min(sum((d) => d > 0) + split, sum((d) => d < 0) + split);
}

/** Mean and standard deviation of the rank sum when signs are fair coins, with the ties' correction (and Pratt's for zeros, Cureton 1967). */
function nullMoments(
  differences: readonly number[],
  ranks: Float64Array,
  zeroMethod: ZeroMethod,
): { mean: number; standardDeviation: number } {
  const count = differences.length;
  const zeros = zeroMethod === 'pratt' ? differences.filter((d) => d === 0).length : 0;
  const mean = (count * (count + 1) - zeros * (zeros + 1)) / 4;
  const squares = count * (count + 1) * (2 * count + 1) - zeros * (zeros + 1) * (2 * zeros + 1);
  const tied = new Map<number, number>();
  ranks.forEach((rank, i) => {
    if (zeroMethod !== 'pratt' || differences[i] !== 0) tied.set(rank, (tied.get(rank) ?? 0) + 1);
  });
  const ties = [...tied.values()].reduce((sum, t) => sum + t * (t * t - 1), 0);
  return { mean, standardDeviation: Math.sqrt((squares - ties / 2) / 24) };
}

/**
 * 2 P(W ≤ statistic), counting the subsets of ranks 1 … n by their sum. Ties can leave the statistic between two sums; it is rounded up
 * then, so that p is rather too large than too small.
 */
function exactP(statistic: number, differences: readonly number[]): number {
  const count = differences.length;
  if (differences.includes(0))
    throw new RangeError(
      'wilcoxonSignedRank: the exact p needs zero differences dropped; use zeroMethod wilcox',
    );
  let chances = new Float64Array((count * (count + 1)) / 2 + 1);
  chances[0] = 1;
  for (let rank = 1; rank <= count; rank++)
    chances = chances.map((chance, sum) => (chance + (sum >= rank ? chances[sum - rank]! : 0)) / 2);
  const below = chances.slice(0, Math.ceil(statistic) + 1);
  return Math.min(
    1,
    below.reduce((sum, chance) => sum + 2 * chance, 0),
  );
}
