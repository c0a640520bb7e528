/**
 * The signals of pre-training as the page reads them: what they are measured on, and when they say that embeddings collapsed.
 */
import type { CohortRow } from '../../cohort/cohort.ts';
import { collapseWords, mostFilms, signalNames } from '../../evaluation/embedding-signals.ts';
import type { PretrainingJob } from '../../study/job.ts';
import { usesReports } from '../../study/recipes.ts';
import type { Signals, TrainingPoint } from '../../training/task.ts';
import { formatNumber } from '../../figures/number-words.ts';

/** What a validation measures on, as captions say it. */
export const measuredOn = `Measured on ${mostFilms} validation films at most`;

/** The word for a signal that a recipe or a cohort does not have. */
export const notMeasured = 'not measured';

/** The labels that are probed, with the names of their signals. */
export function probedLabels(
  validations: readonly TrainingPoint[],
): readonly { label: string; name: string }[] {
  const prefix = signalNames.probeOf('');
  const names = new Set(validations.flatMap(({ signals = {} }) => Object.keys(signals)));
  return [...names]
    .filter((name) => name.startsWith(prefix))
    .map((name) => ({ label: name.slice(prefix.length), name }));
}

/** Points with a validation. */
export function validationsOf(points: readonly TrainingPoint[]): readonly TrainingPoint[] {
  return points.filter(({ signals }) => signals !== undefined);
}

/** A signal of the last validation that has it, or that it was not measured. */
export function lastSignal(validations: readonly TrainingPoint[], name: string, digits = 3): string {
  const value = validations.findLast(({ signals }) => signals?.[name] !== undefined)?.signals?.[name];
  return value === undefined ? notMeasured : formatNumber(value, digits);
}

/** A sentence about a run in progress whose last validation found collapsed embeddings; null while they tell films apart. */
export function collapseWarning(signals: Signals | undefined): string | null {
  const words = signals ? collapseWords(signals) : null;
  return (
    words &&
    `At the last validation the embeddings had collapsed: ${words}. It may pass; if it stays, stop and try a lower learning rate, a larger batch or another objective.`
  );
}

/** Films that a step of a run in progress reads: a batch, or all training films where there are fewer. */
export function filmsPerStep(job: PretrainingJob, rows: readonly CohortRow[]): number {
  const withReports = usesReports(job.recipe);
  const films = rows.filter(
    ({ split, report }) => split === 'train' && (!withReports || report.trim() !== ''),
  ).length;
  return films === 0 ? job.settings.batchSize : Math.min(job.settings.batchSize, films);
}
