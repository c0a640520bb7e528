/**
 * The findings and files of a stored study. The latest of each is cached.
 */
import type { ExportedStudy } from '../exports/exported-study.ts';
import type { Progress } from '../progress/progress.ts';
import { dependencies, version } from '../../package.json';
import { findingsCsv } from '../exports/findings-csv.ts';
import { measureRunWith } from '../exports/measure-run.ts';
import { reportHtml } from '../exports/report-html.ts';
import { resultsJson } from '../exports/results-json.ts';
import type { StudyExport } from '../exports/study-export.ts';
import type { Findings } from '../study/findings/findings.ts';
import type { JobResult } from '../study/job.ts';
import { noNotes, type StudyNotes } from '../study/notes.ts';
import { summarize } from '../study/findings/summary.ts';
import { loadStudyWithCohort, type StudyWithCohort } from './stored-runs.ts';
import { noteStore, resultStore } from './stores.ts';

/** Characters of a file that are joined at once. */
const partLength = 2 ** 24;

interface StoredStudy extends StudyWithCohort {
  readonly results: readonly JobResult[];
  readonly notes: StudyNotes;
}

/** The findings of a study. @throws InputError when the study or its cohort is gone. */
export async function conclude(studyId: string, onProgress: (progress: Progress) => void): Promise<Findings> {
  return findingsOf(await loadStudy(studyId), onProgress);
}

/** The files of a study. @throws InputError when the study or its cohort is gone. */
export async function exportStudy(studyId: string): Promise<ExportedStudy> {
  const stored = await loadStudy(studyId);
  const key = JSON.stringify([keyOf(stored), stored.notes]);
  // Three files are asked for one after the other; they are computed once.
  if (key !== exported?.key) exported = { key, files: exportFiles(stored) };
  return exported.files;
}

let exported: { readonly key: string; readonly files: ExportedStudy } | undefined;
/** The latest findings: the page shows them first and then asks for files of the same. */
let concluded: { readonly key: string; readonly findings: Findings } | undefined;

/** What findings depend on beside the cohort, which does not change. */
function keyOf({ study, results }: StoredStudy): string {
  return JSON.stringify([study.id, results.map(({ id, finishedAt }) => [id, finishedAt])]);
}

function exportFiles(stored: StoredStudy): ExportedStudy {
  const findings = findingsOf(stored);
  const whole = describe(stored, findings);
  const runs = resultsJson(whole, measureRunWith(findings.config.statistics));
  return {
    'results.json': blobOf(runs, 'application/json'),
    'findings.csv': new Blob([findingsCsv(findings)], { type: 'text/csv;charset=utf-8' }),
    'report.html': new Blob([reportHtml(whole)], { type: 'text/html;charset=utf-8' }),
  };
}

/** A file of many parts, of which few are in the worker's memory at a time. */
function blobOf(parts: Iterable<string>, type: string): Blob {
  const done: Blob[] = [];
  let some: string[] = [];
  let length = 0;
  for (const part of parts) {
    some.push(part);
    length += part.length;
    if (length < partLength) continue;
    done.push(new Blob(some));
    [some, length] = [[], 0];
  }
  return new Blob([...done, ...some], { type });
}

async function loadStudy(studyId: string): Promise<StoredStudy> {
  const { study, cohort, rows } = await loadStudyWithCohort(studyId);
  const keys = study.plan.map(({ id }) => `${study.cohortFingerprint}/${id}`);
  const results = (await resultStore.getMany(keys)).filter((result) => result !== undefined);
  const notes = (await noteStore.get(studyId)) ?? noNotes;
  return { study, cohort, rows, results, notes };
}

function findingsOf(stored: StoredStudy, onProgress?: (progress: Progress) => void): Findings {
  const key = keyOf(stored);
  if (key === concluded?.key) return concluded.findings;
  const { study, cohort, rows, results } = stored;
  const { config, createdAt, plan } = study;
  const findings = summarize(
    { config, createdAt, plan, results, rows, labelNames: cohort.labelNames },
    (done, total) => onProgress?.({ phase: 'findings', done, total, remainingMs: null }),
  );
  concluded = { key, findings };
  return findings;
}

function describe({ study, cohort, rows, results, notes }: StoredStudy, findings: Findings): StudyExport {
  const adapters = new Set(results.map(({ adapter }) => adapter));
  return {
    findings,
    cohort,
    rows,
    plan: study.plan,
    results,
    notes,
    adapter: [...adapters].join(', '),
    software: {
      'Reading Room': version,
      '@tensorflow/tfjs-core': dependencies['@tensorflow/tfjs-core'],
      '@tensorflow/tfjs-backend-webgpu': dependencies['@tensorflow/tfjs-backend-webgpu'],
      browser: navigator.userAgent,
    },
    createdAt: new Date().toISOString(),
  };
}
