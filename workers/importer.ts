/**
 * The importer's worker: joins folder reading, cohort building and storage, and offers them to the page.
 */
import { expose } from 'comlink';
import { squareFound, type BuildOptions, type FilmSource, type SquaredFilm } from '../src/cohort/build.ts';
import type { Cohort, LabelReading, SplitOrigin } from '../src/cohort/cohort.ts';
import type { CohortMapping, FolderFile, Watch } from '../src/cohort/importers/importer.ts';
import { areSameFiles } from '../src/cohort/importers/folder-contents.ts';
import { chooseImporter, importers } from '../src/cohort/importers/registry.ts';
import { originOfColumn } from '../src/cohort/official-split.ts';
import { gatherFilms, packKey } from '../src/cohort/packs.ts';
import { ProblemList, problemsAsCsv } from '../src/cohort/problems.ts';
import type { SyntheticDials } from '../src/cohort/synthetic/dials.ts';
import { drawSyntheticCohort, syntheticFilmCount } from '../src/cohort/synthetic/generator.ts';
import { syntheticLabelNames } from '../src/cohort/synthetic/labels.ts';
import { InputError } from '../src/errors.ts';
import { RemainingTime } from '../src/progress/remaining-time.ts';
import { forgetCohort, keepCohort, type CohortWords } from './cohort-keeper.ts';
import type { ImporterApi, ImportOptions, Progress } from './contract.ts';
import { reportRejections } from './report-rejections.ts';
import { cohortStore, filmStore, rowStore } from './stores.ts';

let folder: readonly FolderFile[] = [];
let stopping = new AbortController();

/** Progress as the page wants it. The page's answer is not waited for: a slow page must not slow the import. */
function sinkFor(phase: string, onProgress: (progress: Progress) => void): Parameters<typeof keepCohort>[3] {
  stopping = new AbortController();
  return {
    signal: stopping.signal,
    onProgress: (done, total, remainingMs) => onProgress({ phase, done, total, remainingMs }),
  };
}

/** Progress and stopping of a look at a folder; the time left is that of the phase. */
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

async function importFolder(
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
  const source: FilmSource = {
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

async function importSynthetic(
  dials: SyntheticDials,
  options: ImportOptions,
  onProgress: (progress: Progress) => void,
): Promise<Cohort> {
  const source: FilmSource = {
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

function* withoutSides(dials: SyntheticDials, side: number): Generator<SquaredFilm> {
  for (const film of drawSyntheticCohort(dials, side)) yield { ...film, split: null };
}

async function cohortWith(id: string): Promise<Cohort> {
  const cohort = await cohortStore.get(id);
  if (!cohort) throw new InputError('This cohort is no longer stored here; import it again.');
  return cohort;
}

const api: ImporterApi = {
  async survey(files, mapping, onProgress = () => undefined) {
    // The page hands the whole folder over at each correction; what was read of it before still holds.
    if (!areSameFiles(folder, files)) folder = files;
    const watch = watchFor(onProgress);
    const importer = (mapping && importers[mapping.importer]) ?? (await chooseImporter(folder));
    return importer.survey(folder, mapping, watch);
  },
  importFolder,
  importSynthetic,
  cancel() {
    stopping.abort();
    return Promise.resolve();
  },
  async cohorts() {
    const all = await cohortStore.values();
    return all.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  },
  async rows(cohortId) {
    await cohortWith(cohortId);
    return (await rowStore.get(cohortId)) ?? [];
  },
  async films(cohortId, indices) {
    const { side } = await cohortWith(cohortId);
    const pixels = await gatherFilms(indices, side, (pack) => filmStore.get(packKey(cohortId, pack)));
    return { side, pixels };
  },
  deleteCohort: forgetCohort,
  problemsAsCsv: (problems) => Promise.resolve(problemsAsCsv(problems)),
};

reportRejections();
expose(api);
