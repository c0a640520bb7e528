/**
 * Which jobs depend on a job's result: students on their teachers, probes on their features, and everything that starts from a
 * pre-training.
 */
import { needsOf, type PlannedJob } from './job.ts';

/**
 * Ids of the jobs that need a job, directly or through others, in the order of the plan; the job itself is not among them.
 * @param plan each job after everything that it needs. @returns none when the plan has no such job.
 */
export function dependentsOf(plan: readonly PlannedJob[], id: string): string[] {
  const touched = new Set([id]);
  const dependents: string[] = [];
  for (const planned of plan) {
    if (planned.id === id || !needsOf(planned).some((need) => touched.has(need))) continue;
    touched.add(planned.id);
    dependents.push(planned.id);
  }
  return dependents;
}
