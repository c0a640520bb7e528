/**
 * Statistics in their plainest form, for judging drawn cohorts.
 */

/** AUROC by counting pairs: the share of (positive, negative) pairs in which the positive scores higher; ties count half. */
export function pairwiseAuroc(labels: readonly (number | null)[], scores: readonly number[]): number {
  let wins = 0;
  let pairs = 0;
  labels.forEach((label, i) => {
    if (label !== 1) return;
    labels.forEach((other, j) => {
      if (other !== 0) return;
      pairs += 1;
      wins += scores[i]! > scores[j]! ? 1 : scores[i]! === scores[j]! ? 0.5 : 0;
    });
  });
  return wins / pairs;
}

/** Mean of the values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Pearson's correlation. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const covariance = mean(a.map((value, i) => (value - meanA) * (b[i]! - meanB)));
  const deviation = (values: readonly number[], centre: number): number =>
    Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
  return covariance / (deviation(a, meanA) * deviation(b, meanB));
}

/** Four and a half standard errors of a share: a right generator leaves this band once in 150,000 tests. */
export function binomialBand(share: number, count: number): number {
  return 4.5 * Math.sqrt((share * (1 - share)) / count);
}

/** Four and a half standard errors of the AUROC of scores that are unrelated to the label (Mann-Whitney's null variance). */
export function chanceBand(positives: number, negatives: number): number {
  return 4.5 * Math.sqrt((positives + negatives + 1) / (12 * positives * negatives));
}
