/** Placeholder until the study floor is merged. */
import type { CohortRow } from '../cohort/cohort.ts';
import type { StudyConfig } from './config.ts';

/** Sentences about what does not fit. */
export function studyProblems(
  config: StudyConfig,
  cohort: { readonly labelNames: readonly string[]; readonly side: number },
  _rows: readonly CohortRow[],
): readonly string[] {
  return config.labels
    .filter((label) => !cohort.labelNames.includes(label))
    .map((label) => `The cohort has no label "${label}". It has: ${cohort.labelNames.join(', ')}.`);
}
