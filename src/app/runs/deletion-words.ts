/**
 * What a deletion takes and leaves, in sentences.
 */
import type { ResultDeletion, StudyDeletion } from '../../records/study-record.ts';
import { formatBytes } from '../shared/format.ts';
import { counted, formatCount } from '../../figures/number-words.ts';
import { armWords, type RunLine } from '../shared/run-lines.ts';

/** What goes with a study, and what stays because another study uses it. */
export function studyDeletionSentences({
  results,
  features,
  weights,
  sizeBytes,
  resultsKept,
  keptBy,
}: StudyDeletion): string[] {
  const parts = [
    counted(results, 'result', 'results'),
    ...(features > 0 ? [counted(features, 'set of features', 'sets of features')] : []),
    ...(weights > 0 ? [counted(weights, 'set of pre-trained weights', 'sets of pre-trained weights')] : []),
  ];
  const stays =
    resultsKept > 0
      ? `What stays: ${counted(resultsKept, 'result', 'results')} that another study uses too (${keptBy.join(', ')}).`
      : 'No other study uses its results.';
  return [`What goes: ${parts.join(', ')} and the notes; ${formatBytes(sizeBytes)} in all.`, stays];
}

/** What goes with one result. @param lines of the study on the screen. @param id of the job whose result is to be deleted. */
export function resultDeletionSentences(
  { jobs, sizeBytes, otherStudies }: ResultDeletion,
  lines: readonly RunLine[],
  id: string,
): string[] {
  const standing = jobs.filter((job) => job !== id);
  const inStudy = new Set(standing);
  const counts = new Map<string, number>();
  for (const line of lines)
    if (inStudy.has(line.id)) counts.set(armWords(line), (counts.get(armWords(line)) ?? 0) + 1);
  const list = [...counts].map(([words, count]) => `${formatCount(count)} × ${words}`).join('; ');
  const goes =
    standing.length === 0
      ? `What goes: this result, ${formatBytes(sizeBytes)}. No finished job depends on it.`
      : `What goes: this result and ${counted(standing.length, 'finished job that depends', 'finished jobs that depend')} on it${list ? ` (${list})` : ''}; ${formatBytes(sizeBytes)} in all.`;
  return [
    goes,
    ...(otherStudies.length > 0 ? [`Other studies lose results too: ${otherStudies.join(', ')}.`] : []),
    'The study is then unfinished; Resume computes what is missing again.',
  ];
}
