/**
 * The findings and files of a stored study. The latest findings are cached.
 */
import type { Progress } from '../progress/progress.ts';
import { dependencies, version } from '../../package.json';
import { studyFiles, type StudyFile, type StudyFileName } from '../exports/registry.ts';
import type { StudyExport } from '../exports/study-export.ts';
import type { Findings } from '../study/findings/findings.ts';
import type { JobResult } from '../study/job.ts';
import { noNotes, type StudyNotes } from '../study/notes.ts';
import { summarize } from '../study/findings/summary.ts';
import { resultsOf } from './open-study.ts';
import { loadStudyWithCohort, type StudyWithCohort } from './stored-runs.ts';
import { noteStore } from './stores.ts';

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

/** A file of a study. @throws InputError when the study or its cohort is gone. */
export async function exportStudy(studyId: string, name: StudyFileName): Promise<Blob> {
  const stored = await loadStudy(studyId);
  const { type, writer }: StudyFile = studyFiles[name];
  const write = await writer();
  return blobOf(write(describe(stored)), type);
}

/** The latest findings: the page shows them first and then asks for files of the same. */
let concluded: { readonly key: string; readonly findings: Findings } | undefined;

/** What findings depend on beside the cohort, which does not change. */
function keyOf({ study, results }: StoredStudy): string {
  return JSON.stringify([study.id, results.map(({ id, finishedAt }) => [id, finishedAt])]);
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
  const results = await resultsOf(study);
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

function describe(stored: StoredStudy): StudyExport {
  const { study, cohort, rows, results, notes } = stored;
  const adapters = new Set(results.map(({ adapter }) => adapter));
  return {
    findings: findingsOf(stored),
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
