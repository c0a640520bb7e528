/**
 * On how many films and patients the lines of a figure stand.
 */
import { formatCount } from '../../../figures/number-words.ts';
import type { Cell } from '../../../study/findings/findings.ts';
import { nounFor } from '../../../count-words.ts';

/** "178 test films, 54 positive, of 120 patients"; a range where cells differ. */
export function filmWords(
  cells: readonly Pick<Cell, 'testFilms' | 'testPositives' | 'testPatients'>[],
): string {
  const films = rangeOf(cells.map((cell) => cell.testFilms));
  const positives = rangeOf(cells.map((cell) => cell.testPositives));
  const patients = rangeOf(cells.map((cell) => cell.testPatients));
  return `${films.words} test ${nounFor(films.most, 'film')}, ${positives.words} positive, of ${patients.words} ${nounFor(patients.most, 'patient')}`;
}

function rangeOf(values: readonly number[]): { readonly words: string; readonly most: number } {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const words = least === most ? formatCount(most) : `${formatCount(least)} to ${formatCount(most)}`;
  return { words, most };
}
