/**
 * How many rows and files an import's problems are about.
 */
import type { ImportProblem } from '../../cohort/cohort.ts';

/** Rows and files by severity; a line may stand for many. */
export function countProblems(
  problems: readonly ImportProblem[],
): Readonly<Record<ImportProblem['severity'], number>> {
  const counts = { refused: 0, warned: 0 };
  for (const { severity, count = 1 } of problems) counts[severity] += count;
  return counts;
}
