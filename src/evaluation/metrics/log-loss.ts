/**
 * The log loss: mean negative log-likelihood of the outcomes.
 */
import { checkRows, metricFrom, type WeightedMetric } from './metric.ts';
import { weightedMean } from './weighted-mean.ts';

/**
 * Log loss = −mean (y ln p + (1 − y) ln(1 − p)) in nats, with p held inside [ε, 1 − ε], ε = 2⁻⁵², so that one mistake with probability 0 or
 * 1 costs 36 nats instead of infinity. @returns undefined without rows.
 */
export const logLoss = metricFrom({ label: 'Log loss', better: 'lower', reported: true, prepare });

function prepare(labels: ArrayLike<number>, probabilities: ArrayLike<number>): WeightedMetric {
  checkRows('logLoss', labels, probabilities, 0, 1);
  const inside = (p: number) => Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, p));
  return weightedMean(
    Float64Array.from(probabilities, (p, i) => -Math.log(labels[i] === 1 ? inside(p) : 1 - inside(p))),
  );
}
