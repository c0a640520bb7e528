/**
 * `npm run study`: the lab without a window. Serves the built page, drives it in Chromium, saves what a person would download, and prints
 * the findings.
 */
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { countPhrase } from '../count-words.ts';
import { presets } from '../study/presets/registry.ts';
import { InputError } from '../errors.ts';
import { headOfResults } from '../exports/read-results.ts';
import { studyFileNames } from '../exports/registry.ts';
import type { ResultsHead } from '../exports/results-json.ts';
import { openBrowser, type LabBrowser } from './browser.ts';
import { buildWhenNeeded } from './build.ts';
import { findingsLines } from './findings-table.ts';
import { splitAnswerWords } from './import-answers.ts';
import { KeptProfile } from './kept-profile.ts';
import { LabDriver, type EndPhase, type StudyChoice } from './lab-driver.ts';
import { ProgressLine, type Progress } from './progress-line.ts';
import { distFolder } from './repository.ts';
import { serveFolder } from './server.ts';
import { readOptions, studyHelp, type StudyOptions } from './study-options.ts';

/** Outcome of a run of the command. */
export interface StudyRun {
  readonly phase: EndPhase;
  /** The last status line of the lab. */
  readonly line: string;
  /** Null when there was nothing to download. */
  readonly results: ResultsHead | null;
  /** What the import left out or doubted. */
  readonly importProblems: readonly string[];
  readonly pageErrors: readonly string[];
  /** Addresses outside the lab's origin that were asked for; a run with any has failed. */
  readonly foreignRequests: readonly string[];
}

const interruptedCode = 130;

/** What --help prints. */
export const help = studyHelp;

/** Runs a study from command-line words. @returns 0 only if every run of the study finished. */
export async function run(words: readonly string[]): Promise<number> {
  const asked = readOptions(words);
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    const outcome = await runStudy(asked, interruption.signal);
    return reportRun(outcome, asked);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    console.error(
      asked.profile === null
        ? '\nStopped. The temporary browser profile was removed; nothing was saved.'
        : `\nStopped. What was done is kept in ${asked.profile}; the same command goes on there.`,
    );
    return interruptedCode;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/**
 * Runs a study and saves its files.
 * @throws InputError with the lab's own sentence when it cannot be imported or started, or when the profile holds something else.
 */
export async function runStudy(
  asked: StudyOptions,
  signal: AbortSignal,
  progress: Progress = new ProgressLine(asked.quiet),
): Promise<StudyRun> {
  const kept = asked.profile === null ? null : new KeptProfile(asked.profile);
  kept?.holdsCohort(cohortWords(asked));
  const say = (line: string): void => progress.say(line);
  await buildWhenNeeded(say);
  const server = await serveFolder(distFolder, kept?.note.port ?? 0);
  let browser: LabBrowser | undefined;
  try {
    keepPort(kept, server.origin);
    browser = await openBrowser({ origin: server.origin, ...(kept ? { profile: kept.folder } : {}), say });
    return await untilAborted(driveStudy(browser, server.origin, asked, kept, progress), signal);
  } finally {
    progress.end();
    await browser?.close();
    await server.close();
  }
}

/** @throws InputError when the profile's port is taken: at another one the browser would show an empty lab. */
function keepPort(kept: KeptProfile | null, origin: string): void {
  const port = Number(new URL(origin).port);
  if (kept?.note.port !== undefined && kept.note.port !== port)
    throw new InputError(
      `The data of the profile ${kept.folder} belong to port ${kept.note.port}, which another program uses now. End that program, or choose another folder for --profile.`,
    );
  kept?.keep({ port });
}

/** Which cohort is asked for, in words that are the same for the same one. */
export function cohortWords({
  cohort,
  drawing,
  importing,
}: Pick<StudyOptions, 'cohort' | 'drawing' | 'importing'>): string {
  const { splitValues, ...others } = importing;
  const settings = Object.entries({
    ...drawing,
    ...others,
    ...(splitValues === undefined ? {} : { splitValues: splitAnswerWords(splitValues) }),
  }).map(([name, value]) => `${name} ${value}`);
  return [cohort ?? 'drawn', ...settings].join(', ');
}

/** Which study is asked for: its whole configuration, and what of it. */
function studyWords({ preset, file, labels, smoke }: StudyChoice): string {
  const config = file === undefined ? JSON.stringify(presets[preset]) : readFileSync(file, 'utf8');
  return createHash('sha256').update(JSON.stringify({ config, labels, smoke })).digest('hex');
}

async function driveStudy(
  { context, foreignRequests }: LabBrowser,
  origin: string,
  asked: StudyOptions,
  kept: KeptProfile | null,
  progress: Progress,
): Promise<StudyRun> {
  const driver = new LabDriver(await context.newPage(), origin);
  const show = (line: string): void => progress.show(line);
  const importProblems = await bringCohort(driver, asked, kept, progress);
  const { phase, line } = await runToEnd(driver, asked.study, kept, progress);
  let results: ResultsHead | null = null;
  if (phase === 'finished') {
    mkdirSync(asked.out, { recursive: true });
    show('Computing the findings …');
    await driver.download(asked.out);
    results = headOfResults(readFirstLine(join(asked.out, 'results.json')));
  }
  return { phase, line, results, importProblems, pageErrors: driver.pageErrors, foreignRequests };
}

/** The file as a whole may be longer than a string can be. */
function readFirstLine(path: string): string {
  const file = openSync(path, 'r');
  const chunks: Buffer[] = [];
  try {
    for (;;) {
      const chunk = Buffer.alloc(2 ** 20);
      const read = chunk.subarray(0, readSync(file, chunk));
      const end = read.indexOf('\n');
      chunks.push(end < 0 ? read : read.subarray(0, end));
      if (end >= 0 || read.length === 0) return Buffer.concat(chunks).toString('utf8');
    }
  } finally {
    closeSync(file);
  }
}

/** Imports or draws the cohort, unless the profile holds it. @returns what the import left out or doubted. */
async function bringCohort(
  driver: LabDriver,
  asked: StudyOptions,
  kept: KeptProfile | null,
  progress: Progress,
): Promise<readonly string[]> {
  const words = cohortWords(asked);
  if (kept?.holdsCohort(words)) {
    progress.say(
      `Going on with the cohort that ${kept.folder} holds, as it was imported: what has changed in its folder since then is not in it.`,
    );
    return [];
  }
  const show = (line: string): void => progress.show(line);
  const problems =
    asked.cohort === null ? [] : await driver.importFolder(asked.cohort, asked.importing, show);
  if (asked.cohort === null) await driver.drawSyntheticCohort(asked.drawing, show);
  kept?.keep({ cohort: words });
  return problems;
}

/** Starts the study, or takes up the one that the profile holds, and waits for its end. */
async function runToEnd(
  driver: LabDriver,
  choice: StudyChoice,
  kept: KeptProfile | null,
  progress: Progress,
): Promise<{ phase: EndPhase; line: string }> {
  const words = studyWords(choice);
  if (kept?.note.study === words) {
    const { done, all } = await driver.resumeStudy();
    const line = `${done} of ${countPhrase(all, 'run')} of the study that ${kept.folder} holds ${done === 1 ? 'is' : 'are'} done.`;
    progress.say(line);
    if (done === all) return { phase: 'finished', line };
  } else {
    await driver.startStudy(choice);
    kept?.keep({ study: words });
  }
  return driver.untilStudyEnds((line) => progress.show(line));
}

function reportRun(outcome: StudyRun, { out, profile }: StudyOptions): number {
  const { phase, line, results, importProblems, pageErrors, foreignRequests } = outcome;
  for (const problem of importProblems) console.error(`Import: ${problem}`);
  for (const error of pageErrors) console.error(`The page reported an error: ${error}`);
  for (const address of foreignRequests)
    console.error(`A request left the lab, which must never happen: ${address}`);
  if (results) {
    for (const text of findingsLines(results)) console.log(text);
    console.log(`${studyFileNames.join(', ')}: in ${out}`);
    if (profile !== null)
      console.log(`${profile} holds the cohort's films and reports; delete it when you are done with it.`);
  }
  if (phase !== 'finished')
    console.error(`The study ${phase === 'failed' ? 'failed' : 'was stopped'}: ${line}`);
  else if (!results?.finished) console.error('Some runs of the study have no result.');
  return phase === 'finished' && results?.finished && foreignRequests.length === 0 ? 0 : 1;
}

/** The promise's outcome, or a rejection as soon as the signal comes. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const interrupted = new Promise<never>((_, reject) => {
    const stop = (): void => reject(new Error('interrupted'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([promise, interrupted]);
}
