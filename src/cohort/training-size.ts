/**
 * Nested training sets: the set for 100 patients lies inside the one for 300, at the same seed.
 */
import { Random } from '../random/random.ts';
import type { CohortRow, SplitName } from './cohort.ts';

/** Rows of one side whose label is known, in the cohort's order. */
export function observedRows(rows: readonly CohortRow[], labelIndex: number, split: SplitName): CohortRow[] {
  return rows.filter((row) => row.split === split && (row.labels[labelIndex] ?? null) !== null);
}

/**
 * All observed training rows of the first `size` training patients with an observed label, in the cohort's order.
 *
 * Patients with and without the label (present on any film) are shuffled apart and interleaved, so that each prefix of two or more holds
 * both classes when both exist, and longer prefixes keep the share of the whole to within one patient. Prefixes of one order are nested.
 * @param size patients, an integer ≥ 1, or 'all'; when there are fewer, all are taken.
 * @throws RangeError for another size.
 */
export function trainingPatients(
  rows: readonly CohortRow[],
  labelIndex: number,
  size: number | 'all',
  seed: number,
): CohortRow[] {
  if (size !== 'all' && !(Number.isInteger(size) && size >= 1))
    throw new RangeError(`trainingPatients: size must be an integer ≥ 1 or 'all', got ${size}`);
  const observed = observedRows(rows, labelIndex, 'train');
  if (size === 'all') return observed;
  const chosen = new Set(patientOrder(observed, labelIndex, seed).slice(0, size));
  return observed.filter(({ patientId }) => chosen.has(patientId));
}

/** How many training patients have an observed label: the size at which 'all' is reached. */
export function trainingPatientCount(rows: readonly CohortRow[], labelIndex: number): number {
  return new Set(observedRows(rows, labelIndex, 'train').map(({ patientId }) => patientId)).size;
}

/** The order of patients whose prefixes are the training sets; it does not depend on the order of the rows. */
function patientOrder(observed: readonly CohortRow[], labelIndex: number, seed: number): string[] {
  const seen = new Map<string, { present: boolean; absent: boolean }>();
  for (const { patientId, labels } of observed) {
    const values = seen.get(patientId) ?? { present: false, absent: false };
    if (labels[labelIndex] === 1) values.present = true;
    else values.absent = true;
    seen.set(patientId, values);
  }
  const random = new Random(seed).fork('training size');
  const ids = [...seen.keys()].sort();
  const positives = random.fork('present').shuffled(ids.filter((id) => seen.get(id)!.present));
  const negatives = random.fork('absent').shuffled(ids.filter((id) => !seen.get(id)!.present));
  if (negatives.length > 0) return interleave(positives, negatives);
  // Without a patient who lacks the label altogether, one with films of both classes comes first.
  const mixed = positives.find((id) => seen.get(id)!.absent);
  return mixed === undefined ? positives : [mixed, ...positives.filter((id) => id !== mixed)];
}

/** Of the first k ≥ 2, round(k · share) are positive, but at least one and at most k − 1. */
function interleave(positives: readonly string[], negatives: readonly string[]): string[] {
  const total = positives.length + negatives.length;
  if (positives.length === 0) return [...negatives];
  const order: string[] = [];
  let taken = 0;
  for (let k = 1; k <= total; k++) {
    const share = Math.round((k * positives.length) / total);
    const target = k === 1 ? share : Math.min(k - 1, Math.max(1, share));
    order.push(target > taken ? positives[taken]! : negatives[k - 1 - taken]!);
    taken = Math.max(taken, target);
  }
  return order;
}
