/**
 * A study as it is kept, and what a deletion takes away with it.
 */
import type { StudyConfig } from '../study/config.ts';
import type { PlannedJob } from '../study/job.ts';

/** A study as it is kept. */
export interface StudyRecord {
  readonly id: string;
  readonly cohortId: string;
  readonly cohortFingerprint: string;
  readonly config: StudyConfig;
  readonly plan: readonly PlannedJob[];
  /** ISO 8601. */
  readonly createdAt: string;
}

/** What goes when a study is deleted, and what stays. */
export interface StudyDeletion {
  /** Results, features and weights that go. */
  readonly results: number;
  readonly features: number;
  readonly weights: number;
  /** Content of all records that go, checkpoints and notes among them. */
  readonly sizeBytes: number;
  /** Results of the study that stay because other studies of the cohort use them, and these studies by name. */
  readonly resultsKept: number;
  readonly keptBy: readonly string[];
}

/** What goes when one result is deleted. */
export interface ResultDeletion {
  /** Ids of the jobs whose results go: the job itself and the finished ones that depend on it, in any study of the cohort. */
  readonly jobs: readonly string[];
  readonly sizeBytes: number;
  /** Other studies that lose results by it, by name. */
  readonly otherStudies: readonly string[];
}
