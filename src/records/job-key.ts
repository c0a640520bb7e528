/**
 * The keys under which a job's result, features, weights and checkpoint are kept: `${cohort fingerprint}/${job id}`.
 */

/** The key of one job of one cohort. */
export function jobKey(cohortFingerprint: string, id: string): string {
  return `${jobKeyPrefix(cohortFingerprint)}${id}`;
}

/** What the keys of all jobs of a cohort begin with. */
export function jobKeyPrefix(cohortFingerprint: string): string {
  return `${cohortFingerprint}/`;
}
