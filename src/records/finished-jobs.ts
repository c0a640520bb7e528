/**
 * Which jobs of a plan have a result already.
 */
import type { Cohort } from '../cohort/cohort.ts';
import type { PlannedJob } from '../study/job.ts';
import { jobKey, jobKeyPrefix } from './job-key.ts';
import { featureStore, resultStore, weightStore } from './stores.ts';

/** Ids of the jobs whose result is stored. Features and weights may have been wiped by themselves; their jobs are then to be done again. */
export async function finishedIds(cohort: Cohort, plan: readonly PlannedJob[]): Promise<ReadonlySet<string>> {
  const [results, features, weights] = await Promise.all(
    [resultStore, featureStore, weightStore].map(
      async (store) => new Set(await store.keys(jobKeyPrefix(cohort.fingerprint))),
    ),
  );
  const kept = { run: results!, features: features!, pretraining: weights! };
  const isDone = ({ id, job }: PlannedJob): boolean =>
    [results!, kept[job.kind]].every((keys) => keys.has(jobKey(cohort.fingerprint, id)));
  return new Set(plan.filter(isDone).map(({ id }) => id));
}
