/**
 * Records in the shape of this version, whichever version of the lab kept them. A record that has the shape already comes back as it is.
 */
import type { MeasuredSpeeds, Speed } from '../study/cost/speed.ts';
import { currentConfig, currentPretraining, renameMembers } from '../study/earlier-versions.ts';
import type { StudyConfig } from '../study/config.ts';
import type { JobResult, PlannedJob, PretrainingJob } from '../study/job.ts';
import type { Checkpoint } from '../training/task.ts';
import type { StudyRecord } from './study-record.ts';

/** A checkpoint; once it counted `looksWithoutImprovement`. */
export function currentCheckpoint(kept: Checkpoint): Checkpoint {
  return renameMembers(kept, {
    looksWithoutImprovement: 'validationsWithoutImprovement',
  }) as Checkpoint;
}

/** Measured speeds; once a validation was a "look". */
export function currentSpeeds(kept: MeasuredSpeeds): MeasuredSpeeds {
  const names = { lookMs: 'validationMs', lookFilms: 'validationFilms' };
  return { ...kept, speeds: kept.speeds.map((speed) => renameMembers(speed, names) as Speed) };
}

/** A study with its plan, of either version of the configuration. */
export function currentStudy(kept: StudyRecord): StudyRecord {
  return { ...kept, config: currentConfig(kept.config) as StudyConfig, plan: kept.plan.map(currentPlanned) };
}

/** A result, of either version of the configuration. */
export function currentResult(kept: JobResult): JobResult {
  return kept.kind === 'pretraining' ? { ...kept, job: currentJob(kept.job) } : kept;
}

function currentPlanned(planned: PlannedJob): PlannedJob {
  const { job } = planned;
  return job.kind === 'pretraining' ? { ...planned, job: currentJob(job) } : planned;
}

function currentJob(job: PretrainingJob): PretrainingJob {
  return { ...job, settings: currentPretraining(job.settings) };
}
