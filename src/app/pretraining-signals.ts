/**
 * The signals of pre-training as the page reads them: their names, what they are measured on, and when they say that embeddings collapsed.
 */
import type { CohortRow } from '../cohort/cohort.ts';
import type { PretrainingJob } from '../study/job.ts';
import type { Signals, TrainingPoint } from '../training/task.ts';
import { formatNumber } from './format.ts';

/** Names under which a look keeps its signals. */
export const probeName = 'linearProbeAuroc';

/** Standard deviation of the embeddings; see `deviationName`'s plot. */
export const deviationName = 'embeddingDeviation';

/** Directions in which the embeddings vary. */
export const dimensionsName = 'effectiveDimensions';

/** Ways in which partners are looked for. */
export const directions = ['imageToReport', 'reportToImage'] as const;

/** A way in which partners are looked for. */
export type Direction = (typeof directions)[number];

/** Numbers of nearest neighbours among which a partner counts as found. */
export const neighbourCounts = [1, 5, 10] as const;

/** Films of each side that a look measures at most. */
export const mostFilms = 400;

/** What a look measures on, as captions say it. */
export const measuredOn = `Measured on ${mostFilms} validation films at most`;

/** The word for a signal that a recipe or a cohort does not have. */
export const notMeasured = 'not measured';

/** Name of the share of films (or reports) whose partner is among the k nearest. */
export function recallName(direction: Direction, k: number): string {
  return `${direction} recall@${k}`;
}

/** The labels that are probed, with the names of their signals. */
export function probedLabels(looks: readonly TrainingPoint[]): readonly { label: string; name: string }[] {
  const prefix = `${probeName} `;
  const names = new Set(looks.flatMap(({ signals = {} }) => Object.keys(signals)));
  return [...names]
    .filter((name) => name.startsWith(prefix))
    .map((name) => ({ label: name.slice(prefix.length), name }));
}

/** Points at which validation patients were looked at. */
export function looksOf(points: readonly TrainingPoint[]): readonly TrainingPoint[] {
  return points.filter(({ signals }) => signals !== undefined);
}

/** A signal of the last look that has it, or that it was not measured. */
export function lastSignal(looks: readonly TrainingPoint[], name: string, digits = 3): string {
  const value = looks.findLast(({ signals }) => signals?.[name] !== undefined)?.signals?.[name];
  return value === undefined ? notMeasured : formatNumber(value, digits);
}

/** Below these, embeddings hardly tell films apart. */
export const leastDeviation = 0.02;

/** Below these directions, embeddings hardly tell films apart. */
export const leastDimensions = 1.5;

/** A sentence about a run in progress whose last look found collapsed embeddings; null while they tell films apart. */
export function collapseWarning(signals: Signals | undefined): string | null {
  const deviation = signals?.[deviationName];
  const dimensions = signals?.[dimensionsName];
  if (deviation === undefined || dimensions === undefined) return null;
  if (deviation >= leastDeviation && dimensions >= leastDimensions) return null;
  return (
    `At the last look the embeddings had collapsed: they deviate by ${formatNumber(deviation)} of 1 and vary in ` +
    `${formatNumber(dimensions, 1)} directions, so that films can hardly be told apart. It may pass; if it stays, ` +
    `stop and try a lower learning rate, a larger batch or another objective.`
  );
}

/** Films that a step of a run in progress reads: a batch, or all training films where there are fewer. */
export function filmsPerStep(job: PretrainingJob, readsReports: boolean, rows: readonly CohortRow[]): number {
  const films = rows.filter(
    ({ split, report }) => split === 'train' && (!readsReports || report.trim() !== ''),
  ).length;
  return films === 0 ? job.settings.batchSize : Math.min(job.settings.batchSize, films);
}
