/**
 * What the exports are written from: everything known of a study, as plain data.
 */
import type { Cohort, CohortRow } from '../cohort/cohort.ts';
import type { Findings, Metrics } from '../study/findings/findings.ts';
import type { JobResult, PlannedJob } from '../study/job.ts';
import type { StudyNotes } from '../study/notes.ts';

/** A study with its cohort, plan, results and findings. */
export interface StudyExport {
  readonly findings: Findings;
  readonly cohort: Cohort;
  readonly rows: readonly CohortRow[];
  readonly plan: readonly PlannedJob[];
  readonly results: readonly JobResult[];
  /** What a person wrote about the study; left out = nothing. */
  readonly notes?: StudyNotes;
  /** The graphics device that trained, in words. */
  readonly adapter: string;
  /** Versions by package name, the lab's own first. */
  readonly software: Readonly<Record<string, string>>;
  /** ISO 8601 time of the export. */
  readonly createdAt: string;
}

/** One side's predictions with what is known of the films, row by row; films without the label are left out. */
export interface LabelledPredictions {
  readonly imageIds: readonly string[];
  readonly patientIds: readonly string[];
  readonly labels: readonly (0 | 1)[];
  /** In [0, 1]. */
  readonly probabilities: readonly number[];
}

/** Metrics with patient-level intervals of one run's test predictions; the statistics come from outside. */
export type MeasureRun = (test: LabelledPredictions, validation: LabelledPredictions) => Metrics;
