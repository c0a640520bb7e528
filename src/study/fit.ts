/**
 * Fits a study to the cohort at hand: which labels it means, how large films can be.
 */
import type { Cohort, CohortRow } from '../cohort/cohort.ts';
import { usableLabels } from '../cohort/labels.ts';
import type { StudyConfig } from './config.ts';
import { withoutUnanswered } from './findings/primary-question.ts';
import { isLong, smokeTwin } from './smoke.ts';

/** How freely a study may be fitted. */
export interface FitOptions {
  /** True for a preset: its labels and film side are suggestions. A person's own choice is kept, and its problems are reported. */
  readonly preset: boolean;
  /** The person named the labels, whatever the rest comes from. */
  readonly ownLabels?: boolean;
  readonly smoke: boolean;
}

/** Labels of a smoke twin at most. */
const smokeLabels = (config: StudyConfig): number => (isLong(config) ? 1 : 2);

/**
 * The study as it will run. An empty list of labels becomes every usable label (both classes on each side of the split), or the first
 * `labelLimit` of them; a preset's labels that the cohort lacks are left out, and its film side is cut to the cohort's. A smoke twin with fewer
 * labels loses a primary question about another.
 */
export function fitToCohort(
  config: StudyConfig,
  cohort: Pick<Cohort, 'labelNames' | 'side'>,
  rows: readonly CohortRow[],
  { preset, ownLabels = !preset, smoke }: FitOptions,
): StudyConfig {
  const named = ownLabels
    ? config.labels
    : config.labels.filter((label) => cohort.labelNames.includes(label));
  const { labelLimit, search, ...rest } = config;
  const labels = named.length > 0 ? named : usableLabels(rows, cohort.labelNames).slice(0, labelLimit);
  const imageSide = preset ? Math.min(config.imageSide, cohort.side) : config.imageSide;
  const fitted = {
    ...rest,
    // Members that have no effect are removed, so that equal studies have equal ids.
    ...(search && search !== 'grid' && { search }),
    imageSide,
    labels: smoke ? labels.slice(0, smokeLabels(config)) : labels,
  };
  return smoke ? withoutUnanswered(smokeTwin(fitted)) : fitted;
}
