/**
 * Plans a study on a stored cohort, and keeps it.
 */
import { InputError } from '../errors.ts';
import { fingerprint } from '../identity/fingerprint.ts';
import { assertRecipes } from '../pretraining/check-recipes.ts';
import { openCohort, type OpenCohort } from '../records/open-cohort.ts';
import { studyStore } from '../records/stores.ts';
import type { StudyRecord } from '../records/study-record.ts';
import type { StudyConfig } from '../study/config.ts';
import { firstConfig } from '../study/earlier-versions.ts';
import { fitToCohort } from '../study/fit.ts';
import type { PlannedJob } from '../study/job.ts';
import { planStudy, type CohortOfStudy } from '../study/plan.ts';
import { studyProblems } from '../study/problems.ts';
import { assertEncodersStored } from './imported-encoders.ts';

/** Plans a study and keeps it; the same study of the same cohort is kept once. @throws InputError naming what does not fit the cohort. */
export async function createStudy(cohortId: string, asked: StudyConfig): Promise<StudyRecord> {
  const open = await openCohort(cohortId);
  const { cohort } = open;
  const { config, plan } = await planFor(open, asked);
  const id = await fingerprint({ config: firstConfig(config), cohort: cohort.fingerprint });
  const known = await studyStore.get(id);
  const record: StudyRecord = {
    id,
    cohortId,
    cohortFingerprint: cohort.fingerprint,
    config,
    plan,
    createdAt: known?.createdAt ?? new Date().toISOString(),
  };
  await studyStore.set(id, record);
  return record;
}

/** The study as it runs on a cohort, with its plan. @throws InputError naming what does not fit. */
export async function planFor(
  open: OpenCohort,
  asked: StudyConfig,
): Promise<{ config: StudyConfig; plan: readonly PlannedJob[] }> {
  const config = fitToCohort(asked, open.cohort, open.rows, { preset: false, smoke: false });
  const problems = studyProblems(config, open.cohort, open.rows);
  if (problems.length > 0) throw new InputError(problems.join(' '));
  await assertEncodersStored([...config.imageEncoders, config.textEncoder]);
  assertRecipes(config.pretrainings);
  return { config, plan: await planStudy(config, studiedCohort(open)) };
}

function studiedCohort({ cohort, rows }: OpenCohort): CohortOfStudy {
  return { fingerprint: cohort.fingerprint, labelNames: cohort.labelNames, rows };
}
