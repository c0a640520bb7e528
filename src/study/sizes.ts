/**
 * Training sizes that a cohort can give.
 */
import { trainingPatientCount } from '../cohort/training-size.ts';
import type { CohortRow } from '../cohort/cohort.ts';

/**
 * The sizes of a study for one label, smallest first: a size that the training patients with this label do not reach becomes 'all',
 * and 'all' stands at most once.
 */
export function sizesFor(
  sizes: readonly (number | 'all')[],
  rows: readonly CohortRow[],
  labelIndex: number,
): (number | 'all')[] {
  const available = trainingPatientCount(rows, labelIndex);
  const numbers = [...new Set(sizes.filter((size) => size !== 'all'))].sort((a, b) => a - b);
  const reached = numbers.filter((size) => size < available);
  const all = sizes.includes('all') || reached.length < numbers.length;
  return all ? [...reached, 'all'] : reached;
}
