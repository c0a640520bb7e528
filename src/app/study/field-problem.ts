/**
 * What is wrong with a number that a person typed into a field of the catalogue.
 */
import type { CatalogueField } from '../../jobs/catalogue-entry.ts';

/** A sentence, or null when the number can be taken. Fields that count by whole steps take whole numbers. */
export function fieldProblem(
  { low, high, step }: Pick<CatalogueField, 'low' | 'high' | 'step'>,
  value: number,
): string | null {
  const whole = Number.isInteger(step);
  if (value >= low && value <= high && (!whole || Number.isInteger(value))) return null;
  return `Give a ${whole ? 'whole number' : 'number'} from ${low} to ${high}.`;
}
