/**
 * The stores with the types of their records; keys are said beside each.
 */
import type { Cohort, CohortRow } from '../cohort/cohort.ts';
import type { JobResult } from '../study/job.ts';
import type { StudyNotes } from '../study/notes.ts';
import type { TuningRecord } from '../kernels/tuning/autotune.ts';
import { TypedStore } from '../storage/typed-store.ts';
import type { MeasuredSpeeds } from '../study/cost/speed.ts';
import type { Checkpoint } from '../training/task.ts';
import type { Weights } from '../training/weights.ts';
import { currentCheckpoint, currentResult, currentSpeeds, currentStudy } from './earlier-records.ts';
import { jobKey } from './job-key.ts';
import type { StudyRecord } from './study-record.ts';
import type { StoredEncoder, StoredEncoderFiles } from './stored-encoder.ts';

/** Cohorts by id. Written last, so that a cohort that can be read is whole. */
export const cohortStore = new TypedStore<Cohort>('cohorts', 'strict');

/** All rows of a cohort, by cohort id. */
export const rowStore = new TypedStore<readonly CohortRow[]>('rows');

/** Packs of `imagesPerPack` images, side × side bytes each, by `${cohortId}/${pack number, six digits}`. */
export const imageStore = new TypedStore<Uint8Array<ArrayBuffer>>('films');

/** Studies by id. */
export const studyStore = new TypedStore<StudyRecord>('studies', 'strict', currentStudy);

/** A person's notes on a study and its runs, by study id. */
export const noteStore = new TypedStore<StudyNotes>('notes', 'strict');

/** Results by `jobKey`: studies of one cohort share them. */
export const resultStore = new TypedStore<JobResult>('results', 'strict', currentResult);

/** Weights and buffers of V after pre-training, by name, by `jobKey`. */
export const weightStore = new TypedStore<Weights>('weights', 'strict');

/**
 * Features, rows × dimensions, by `jobKey`; embeddings of reports, wordings × dimensions, by
 * `reportEmbeddingsKey`.
 */
export const featureStore = new TypedStore<Float32Array<ArrayBuffer>>('features');

/** The key of what an imported text encoder makes of a cohort's reports. @param encoderId without the prefix of its name. */
export function reportEmbeddingsKey(cohortFingerprint: string, encoderId: string): string {
  return jobKey(cohortFingerprint, `text/${encoderId}`);
}

/** Checkpoints of runs in progress, by `jobKey`. */
export const checkpointStore = new TypedStore<Checkpoint>('checkpoints', 'relaxed', currentCheckpoint);

/** Models that people brought, by `about/${id}`, see `importedIdOf`. Written last, so that a model that can be read is whole. */
export const encoderStore = new TypedStore<StoredEncoder>('encoders', 'strict');

/** The files of these models, by `files/${id}`. */
export const encoderFileStore = new TypedStore<StoredEncoderFiles>('encoders', 'strict');

/** Which kernels run on which adapter, by `kernels/${adapter}`. */
export const tuningStore = new TypedStore<TuningRecord>('settings');

/** How fast an adapter does kinds of work, by `speed/${adapter}`. */
export const speedStore = new TypedStore<MeasuredSpeeds>('settings', 'strict', currentSpeeds);
