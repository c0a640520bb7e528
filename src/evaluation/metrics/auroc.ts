/**
 * The area under the ROC curve: the probability that a positive row scores above a negative one, ties counting one half.
 */
import { rankRows } from '../ranking.ts';
import { checkRows, metricFrom, type WeightedMetric } from './metric.ts';

/**
 * AUROC = Σ wᵢ wⱼ (1[pᵢ > pⱼ] + ½ 1[pᵢ = pⱼ]) / Σ wᵢ wⱼ over positive i and negative j, in [0, 1].
 * Equal to the Mann-Whitney statistic with midranks (Hanley & McNeil, Radiology 143, 1982).
 * @returns undefined when one of the classes has no weight.
 */
export const auroc = metricFrom({ label: 'AUROC', better: 'higher', reported: true, prepare });

function prepare(labels: ArrayLike<number>, probabilities: ArrayLike<number>): WeightedMetric {
  checkRows('auroc', labels, probabilities);
  const { order, endsTie } = rankRows(probabilities);
  const positive = Uint8Array.from(order, (row) => labels[row]!);
  return (weights) => {
    let area = 0;
    let positives = 0;
    let negatives = 0; // below the present run of ties
    let tiedPositives = 0;
    let tiedNegatives = 0;
    for (let place = 0; place < order.length; place++) {
      const weight = weights ? weights[order[place]!]! : 1;
      if (positive[place]) tiedPositives += weight;
      else tiedNegatives += weight;
      if (!endsTie[place]) continue;
      area += tiedPositives * (negatives + tiedNegatives / 2);
      positives += tiedPositives;
      negatives += tiedNegatives;
      tiedPositives = tiedNegatives = 0;
    }
    return positives > 0 && negatives > 0 ? area / (positives * negatives) : undefined;
  };
}
