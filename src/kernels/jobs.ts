/**
 * Several short jobs in one dispatch, each in whole workgroups. Results are the same to the last bit as in dispatches of their own.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { runsInSoftware } from '../tensors/backend.ts';
import type { Job, Kernel, MergeableJob, Workgroups } from '../tensors/kernel.ts';
import { dispatch } from '../tensors/webgpu-dispatch.ts';
import { jobGroups, jobs, LINE, shader } from './wgsl.ts';

/** Threads of a job that is short in software. */
const FEW_THREADS = 2048;

/** One kernel for all, with buffers [read₀, written₀, read₁, written₁, …]. */
export function jobsKernel(several: readonly Job[]): {
  readonly kernel: Kernel;
  readonly workgroups: Workgroups;
} {
  const threads = several.map((job) => job.threads);
  const code = (): string =>
    shader(
      several.flatMap(({ reads, writes }, n) => [`from${n}: ${reads}`, `*to${n}: ${writes}`]),
      [LINE],
      jobs(threads, (n) => several[n]!.text(`from${n}`, `to${n}`)),
    );
  return {
    kernel: { key: several.map(({ key }) => key).join(' | '), code },
    workgroups: jobGroups(threads),
  };
}

/** Runs a job in a dispatch of its own. @param options as of a kernel */
export function runJob(
  job: Job,
  from: tf.TensorInfo,
  to: tf.TensorInfo,
  options: Pick<Kernel, 'repeatable'> = {},
): void {
  const { kernel, workgroups } = jobsKernel([job]);
  dispatch({ ...kernel, ...options }, [from, to], workgroups);
}

/**
 * Runs a job that finishes what others began; in a captured step it may wait, to end together with others. In software every thread
 * executes the code of all jobs in the dispatch, so only short jobs are merged there.
 */
export function runEnding(job: Job, from: tf.TensorInfo, to: tf.TensorInfo): void {
  const { kernel, workgroups } = jobsKernel([job]);
  const waits = !runsInSoftware() || job.threads <= FEW_THREADS;
  dispatch({ ...kernel, ...(waits && { mergeable: mergeable(job) }) }, [from, to], workgroups);
}

/** The job as one that may be merged with others. */
export function mergeable(job: Job): MergeableJob {
  return { ...job, merge: jobsKernel };
}
