/**
 * The area under the precision-recall curve as average precision: steps, no line between points.
 */
import { rankRows } from '../ranking.ts';
import { checkRows, metricFrom, type WeightedMetric } from './metric.ts';

/**
 * AUPRC = Σ (Rₖ − Rₖ₋₁) Pₖ over distinct probabilities from the highest down, with recall R and precision P; in (0, 1].
 * Linear interpolation between the points would be too optimistic (Davis & Goadrich, ICML 2006). Chance level is the prevalence.
 * @returns undefined when no positive row has weight.
 */
export const auprc = metricFrom({ label: 'AUPRC', better: 'higher', reported: true, prepare });

function prepare(labels: ArrayLike<number>, probabilities: ArrayLike<number>): WeightedMetric {
  checkRows('auprc', labels, probabilities);
  const { order, endsTie } = rankRows(Float64Array.from(probabilities, (p) => -p));
  const positive = Uint8Array.from(order, (row) => labels[row]!);
  return (weights) => {
    let area = 0;
    let called = 0;
    let found = 0;
    let tiedPositives = 0;
    for (let place = 0; place < order.length; place++) {
      const weight = weights ? weights[order[place]!]! : 1;
      called += weight;
      if (positive[place]) tiedPositives += weight;
      if (!endsTie[place] || tiedPositives === 0) continue;
      found += tiedPositives;
      area += (tiedPositives * found) / called;
      tiedPositives = 0;
    }
    return found > 0 ? area / found : undefined;
  };
}
