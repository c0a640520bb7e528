/**
 * Single runs from the stores, joined with their cohort: measured again and compared without training.
 */
import type { Cohort, CohortRow } from '../cohort/cohort.ts';
import { InputError } from '../errors.ts';
import { onSharedRows, pairAurocs, type PairedAuroc, type RunComparison } from '../exports/compare-runs.ts';
import { labelPredictions } from '../exports/labelled-predictions.ts';
import { measureAgain, type RunMeasurement } from '../exports/measure-run.ts';
import type { RunResult } from '../study/job.ts';
import { jobKey, jobKeyPrefix } from './job-key.ts';
import type { StudyRecord } from './study-record.ts';
import { openStudy } from './open-study.ts';
import { cohortStore, resultStore, rowStore } from './stores.ts';

/** A study with its cohort, without its results. */
export interface StudyWithCohort {
  readonly study: StudyRecord;
  readonly cohort: Cohort;
  readonly rows: readonly CohortRow[];
}

/** Reads a study and its cohort. @throws InputError when one of them is gone. */
export async function loadStudyWithCohort(studyId: string): Promise<StudyWithCohort> {
  const study = await openStudy(studyId);
  const [cohort, rows] = await Promise.all([cohortStore.get(study.cohortId), rowStore.get(study.cohortId)]);
  if (!cohort || !rows) {
    throw new InputError(`The cohort of the study "${study.config.name}" was deleted; import it again.`);
  }
  return { study, cohort, rows };
}

/** See `EvaluatorApi.measure`. */
export async function measureStoredRun(
  studyId: string,
  runId: string,
  metrics: readonly string[],
  threshold: number | null,
): Promise<RunMeasurement> {
  const { study, cohort, rows } = await loadStudyWithCohort(studyId);
  const run = await loadRun(study, runId);
  const finished = await isFinished(study);
  const join = (side: 'validation' | 'test') => labelPredictions(run[side], run.job.label, cohort, rows);
  const sides = { validation: join('validation'), test: finished ? join('test') : null };
  return measureAgain(sides, metrics, threshold, study.config.statistics);
}

/** See `EvaluatorApi.compareRuns`. */
export async function compareStoredRuns(
  studyId: string,
  leftId: string,
  rightId: string,
): Promise<RunComparison> {
  const { study, cohort, rows } = await loadStudyWithCohort(studyId);
  const [left, right] = await Promise.all([loadRun(study, leftId), loadRun(study, rightId)]);
  const { label } = left.job;
  if (right.job.label !== label)
    throw new InputError(
      `These runs learn different labels, "${label}" and "${right.job.label}"; choose two of one label.`,
    );
  const { statistics } = study.config;
  const pair = (side: 'validation' | 'test'): PairedAuroc => {
    const [a, b] = onSharedRows(left[side], right[side]);
    const join = (predictions: typeof a) => labelPredictions(predictions, label, cohort, rows);
    return pairAurocs(join(a), join(b), statistics);
  };
  return {
    confidence: statistics.confidence,
    resamples: statistics.bootstrapSamples,
    validation: pair('validation'),
    test: (await isFinished(study)) ? pair('test') : null,
  };
}

async function loadRun({ plan, cohortFingerprint }: StudyRecord, runId: string): Promise<RunResult> {
  const planned = plan.some(({ id }) => id === runId);
  const result = planned ? await resultStore.get(jobKey(cohortFingerprint, runId)) : undefined;
  if (result?.kind !== 'run')
    throw new InputError(`The run ${runId.slice(0, 10)} has no result; run the study first.`);
  return result;
}

/** True when every job of the plan has a result: only then are test patients looked at. */
async function isFinished({ plan, cohortFingerprint }: StudyRecord): Promise<boolean> {
  const keys = new Set(await resultStore.keys(jobKeyPrefix(cohortFingerprint)));
  return plan.every(({ id }) => keys.has(jobKey(cohortFingerprint, id)));
}
