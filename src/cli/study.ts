/**
 * `npm run study`: the lab without a window. Serves the built page, drives it in Chromium, saves what a person would download, and prints
 * the findings.
 */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { presets } from '../study/presets/registry.ts';
import { drawingOf, drawingWords } from '../study/drawing.ts';
import { InputError } from '../errors.ts';
import type { ResultsFile } from '../exports/results-json.ts';
import { openBrowser, type LabBrowser } from './browser.ts';
import { buildWhenNeeded } from './build.ts';
import { findingsLines } from './findings-table.ts';
import { LabDriver, type EndPhase, type ImportChoice, type StudyChoice } from './lab-driver.ts';
import { ProgressLine } from './progress-line.ts';
import { distFolder } from './repository.ts';
import { serveFolder } from './server.ts';

/** What to run. */
export interface StudyOptions {
  /** A folder of films, reports and labels; null = the synthetic cohort. */
  readonly cohort: string | null;
  /** Words of the cohort page's address that say which synthetic cohort to draw; empty = the page's own. */
  readonly drawing: Readonly<Record<string, string>>;
  readonly study: StudyChoice;
  readonly importing: ImportChoice;
  /** Folder for results.json, findings.csv and report.html; made when it is not there. */
  readonly out: string;
  readonly quiet: boolean;
}

/** How it went. */
export interface StudyRun {
  readonly phase: EndPhase;
  /** The lab's last words on it. */
  readonly line: string;
  /** Null when there was nothing to download. */
  readonly results: ResultsFile | null;
  /** What the import left out or doubted. */
  readonly importProblems: readonly string[];
  readonly pageErrors: readonly string[];
  /** Addresses outside the lab's origin that were asked for; a run with any has failed. */
  readonly foreignRequests: readonly string[];
}

const interruptedCode = 130;

/** Runs a study from command-line words. @returns 0 only if every run of the study finished. */
export async function run(words: readonly string[]): Promise<number> {
  const options = readOptions(words);
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    const outcome = await runStudy(options, interruption.signal);
    return reportRun(outcome, options);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    console.error('\nStopped. The temporary browser profile was removed; nothing was saved.');
    return interruptedCode;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/** Reads the command line. @throws InputError naming the option that cannot be used. */
export function readOptions(words: readonly string[]): StudyOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      cohort: { type: 'string' },
      study: { type: 'string', default: 'demo' },
      labels: { type: 'string', default: '' },
      out: { type: 'string', default: 'results' },
      smoke: { type: 'boolean', default: false },
      seed: { type: 'string' },
      side: { type: 'string' },
      dials: { type: 'string' },
      patients: { type: 'string' },
      split: { type: 'string' },
      quiet: { type: 'boolean', default: false },
    },
  });
  const seed = readWhole('--seed', values.seed, 0);
  const side = readWhole('--side', values.side, 8);
  const drawing = readDrawing(values);
  return {
    cohort: values.cohort === undefined ? null : readFolder(values.cohort),
    drawing,
    study: { ...readStudy(values.study), labels: splitLabels(values.labels), smoke: values.smoke },
    importing:
      values.cohort === undefined
        ? {}
        : { ...(seed === undefined ? {} : { seed }), ...(side === undefined ? {} : { side }) },
    out: resolve(values.out),
    quiet: values.quiet,
  };
}

/** Runs a study and saves its files. @throws InputError with the lab's own sentence when it cannot be imported or started. */
export async function runStudy(options: StudyOptions, signal: AbortSignal): Promise<StudyRun> {
  const progress = new ProgressLine(options.quiet);
  const say = (line: string): void => progress.say(line);
  await buildWhenNeeded(say);
  const server = await serveFolder(distFolder);
  let browser: LabBrowser | undefined;
  try {
    browser = await openBrowser({ origin: server.origin, say });
    return await untilAborted(driveStudy(browser, server.origin, options, progress), signal);
  } finally {
    progress.end();
    await browser?.close();
    await server.close();
  }
}

async function driveStudy(
  { context, foreignRequests }: LabBrowser,
  origin: string,
  { cohort, drawing, importing, study, out }: StudyOptions,
  progress: ProgressLine,
): Promise<StudyRun> {
  const driver = new LabDriver(await context.newPage(), origin);
  const show = (line: string): void => progress.show(line);
  const importProblems = cohort === null ? [] : await driver.importFolder(cohort, importing, show);
  if (cohort === null) await driver.drawSyntheticCohort(drawing, show);
  await driver.startStudy(study);
  const { phase, line } = await driver.untilStudyEnds(show);
  let results: ResultsFile | null = null;
  if (phase === 'finished') {
    mkdirSync(out, { recursive: true });
    show('Computing the findings …');
    await driver.download(out);
    results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as ResultsFile;
  }
  return { phase, line, results, importProblems, pageErrors: driver.pageErrors, foreignRequests };
}

function reportRun(outcome: StudyRun, { out }: StudyOptions): number {
  const { phase, line, results, importProblems, pageErrors, foreignRequests } = outcome;
  for (const problem of importProblems) console.error(`Import: ${problem}`);
  for (const error of pageErrors) console.error(`The page reported an error: ${error}`);
  for (const address of foreignRequests)
    console.error(`A request left the lab, which must never happen: ${address}`);
  if (results) {
    for (const text of findingsLines(results)) console.log(text);
    console.log(`results.json, findings.csv and report.html are in ${out}`);
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

/** The options that ask for a synthetic cohort, as the cohort page's address takes them. @throws InputError when one cannot be used. */
function readDrawing(
  values: Readonly<Record<string, string | boolean | undefined>>,
): Readonly<Record<string, string>> {
  const given = drawingWords.flatMap((word) => (values[word] === undefined ? [] : [word]));
  if (values['cohort'] === undefined) {
    const query = Object.fromEntries(given.map((word) => [word, String(values[word])]));
    drawingOf(query);
    return query;
  }
  const foreign = given.filter((word) => word !== 'seed' && word !== 'side');
  if (foreign.length > 0)
    throw new InputError(
      `--${foreign.join(', --')} belong${foreign.length === 1 ? 's' : ''} to the synthetic cohort; leave --cohort out, or leave ${foreign.length === 1 ? 'it' : 'them'} out.`,
    );
  return {};
}

function readFolder(text: string): string {
  const folder = resolve(text);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new InputError(
      `--cohort must be a folder with films and a labels table; ${folder} is not a folder.`,
    );
  }
  return folder;
}

function readStudy(text: string): { preset: string; file?: string } {
  if (!text.endsWith('.json')) return { preset: readPreset(text) };
  const file = resolve(text);
  if (!existsSync(file)) throw new InputError(`--study names ${file}, but there is no such file.`);
  return { preset: '', file };
}

function readPreset(name: string): string {
  if (Object.hasOwn(presets, name)) return name;
  throw new InputError(
    `--study must be a preset or a file that ends in .json, got "${name}". The presets are: ${Object.keys(presets).join(', ')}.`,
  );
}

function splitLabels(text: string): readonly string[] {
  return text
    .split(',')
    .map((label) => label.trim())
    .filter(Boolean);
}

function readWhole(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least) {
    throw new InputError(`${option} must be a whole number of at least ${least}, got "${text}".`);
  }
  return value;
}
