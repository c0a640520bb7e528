/** A tiny study in the stores, as if some of its jobs had been done: values are made up, keys are real. */
import { createStudy } from '../../src/jobs/plan-study.ts';
import { jobKey } from '../../src/records/job-key.ts';
import { featureStore, resultStore, weightStore } from '../../src/records/stores.ts';
import type { StudyRecord } from '../../src/records/study-record.ts';
import type { StudyConfig } from '../../src/study/config.ts';
import type { JobResult } from '../../src/study/job.ts';
import { tinyStudy } from '../workers/tiny-study.ts';

/** Plans the study on the cohort "tiny" and stores a record of 4 numbers for each job that `done` lets through. */
export async function keepTinyStudy(
  changes: Partial<StudyConfig> = {},
  done: (job: StudyRecord['plan'][number]) => boolean = () => true,
): Promise<StudyRecord> {
  const study = await createStudy('tiny', { ...tinyStudy, ...changes });
  for (const planned of study.plan.filter(done)) {
    const key = jobKey(study.cohortFingerprint, planned.id);
    await resultStore.set(key, { kind: planned.job.kind, id: planned.id } as JobResult);
    if (planned.job.kind === 'features') await featureStore.set(key, new Float32Array(4));
    if (planned.job.kind === 'pretraining') await weightStore.set(key, { weight: new Float32Array(4) });
  }
  return study;
}
