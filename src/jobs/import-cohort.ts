/**
 * Surveys a folder, imports it, or draws a synthetic cohort; the person may stop each.
 */
import { squareFound, type BuildOptions, type IncomingImages, type SquaredImage } from '../cohort/build.ts';
import type { Cohort, LabelReading, SplitOrigin } from '../cohort/cohort.ts';
import type { CohortMapping, FolderFile, Survey, Watch } from '../cohort/importers/importer.ts';
import { areSameFiles } from '../cohort/importers/folder-contents.ts';
import { chooseImporter, importers } from '../cohort/importers/registry.ts';
import { originOfColumn } from '../cohort/official-split.ts';
import { ProblemList } from '../cohort/problems.ts';
import type { SyntheticDials } from '../cohort/synthetic/dials.ts';
import { drawSyntheticCohort, syntheticFilmCount } from '../cohort/synthetic/generator.ts';
import { syntheticLabelNames } from '../cohort/synthetic/labels.ts';
import { InputError } from '../errors.ts';
import { RemainingTime } from '../progress/remaining-time.ts';
import { keepCohort, type CohortWords } from '../records/cohort-keeper.ts';
import type { ImportOptions } from '../cohort/import-options.ts';
import type { Progress } from '../progress/progress.ts';

/** The folder that was surveyed last, and the controller that stops the current work. */
let folder: readonly FolderFile[] = [];
let stopping = new AbortController();

/** Reports progress to the page without waiting for its answer, so that a slow page does not slow the import. */
function sinkFor(phase: string, onProgress: (progress: Progress) => void): Parameters<typeof keepCohort>[3] {
  stopping = new AbortController();
  return {
    signal: stopping.signal,
    onProgress: (done, total, remainingMs) => onProgress({ phase, done, total, remainingMs }),
  };
}

/** Progress and stopping of a survey; the time left is that of the phase. */
function watchFor(onProgress: (progress: Progress) => void): Watch {
  stopping = new AbortController();
  let phase = '';
  let time = new RemainingTime(performance.now());
  return {
    signal: stopping.signal,
    onProgress: (now, done, total) => {
      if (now !== phase) time = new RemainingTime(performance.now());
      phase = now;
      time.update(done, performance.now());
      onProgress({ phase, done, total, remainingMs: total > 0 ? time.range(total) : null });
    },
  };
}

function seeded({ seed, fractions }: BuildOptions): SplitOrigin {
  return { kind: 'seeded', seed, fractions };
}

/** See `ImporterApi.survey`. Files that were read before are not read again when the page passes the same folder with a correction. */
export async function surveyFolder(
  files: readonly FolderFile[],
  mapping: CohortMapping | null,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<Survey> {
  if (!areSameFiles(folder, files)) folder = files;
  const watch = watchFor(onProgress);
  const importer = (mapping && importers[mapping.importer]) ?? (await chooseImporter(folder));
  return importer.survey(folder, mapping, watch);
}

/** Stops the survey or the import that is running. */
export function stopImport(): void {
  stopping.abort();
}

/** See `ImporterApi.importFolder`. */
export async function importFolder(
  mapping: CohortMapping,
  options: ImportOptions,
  onProgress: (progress: Progress) => void,
): Promise<Cohort> {
  const importer = importers[mapping.importer];
  if (!importer || folder.length === 0) throw new InputError('No folder is open; choose a folder first.');
  const { films, problems } = await importer.find(folder, mapping, watchFor(onProgress));
  const sink = sinkFor('Reading films', onProgress);
  const filmProblems = new ProblemList();
  const { splitColumn, splitValues, labelColumns, labelReadings } = mapping;
  const source: IncomingImages = {
    films: squareFound(films, options, filmProblems),
    total: films.length,
    labelNames: labelColumns,
  };
  const words: CohortWords = {
    name: options.name,
    source: { kind: 'folder', importer: importer.name },
    labelNames: labelColumns,
    ...(Object.keys(labelReadings).length > 0 && { labelReadings: readingsOf(labelColumns, labelReadings) }),
    splitOrigin:
      splitColumn === null ? seeded(options) : originOfColumn(splitColumn, splitValues, films, options),
  };
  return keepCohort(source, options, words, sink, () => [...problems, ...filmProblems.list()]);
}

/** The readings of the labels that are kept. */
function readingsOf(
  labels: readonly string[],
  readings: Readonly<Record<string, LabelReading>>,
): Record<string, LabelReading> {
  return Object.fromEntries(labels.flatMap((name) => (readings[name] ? [[name, readings[name]]] : [])));
}

/** See `ImporterApi.importSynthetic`. */
export async function importSynthetic(
  dials: SyntheticDials,
  options: ImportOptions,
  onProgress: (progress: Progress) => void,
): Promise<Cohort> {
  const source: IncomingImages = {
    films: withoutSides(dials, options.side),
    total: syntheticFilmCount(dials),
    labelNames: syntheticLabelNames,
  };
  const words: CohortWords = {
    name: options.name,
    source: { kind: 'synthetic', dials: { ...dials } },
    labelNames: syntheticLabelNames,
    splitOrigin: seeded(options),
  };
  return keepCohort(source, options, words, sinkFor('Drawing films', onProgress), () => []);
}

function* withoutSides(dials: SyntheticDials, side: number): Generator<SquaredImage> {
  for (const film of drawSyntheticCohort(dials, side)) yield { ...film, split: null };
}
