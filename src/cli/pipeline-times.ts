/**
 * What the driver suite tells of compile times: the pipelines that tests made, by kernel, the slowest first.
 */
import { existsSync, readFileSync } from 'node:fs';

/** The variable that names the file in which the tests gather times; one JSON value a line. */
export const pipelineTimesVariable = 'LAB_PIPELINE_TIMES';

/** One pipeline's time until its first workgroup had run. */
export interface PipelineTime {
  /** The kernel's key, with all that its text depends on. */
  readonly label: string;
  /** Milliseconds to make the pipeline, and of its first dispatch of one workgroup, where drivers compile what they put off. */
  readonly createMs: number;
  readonly firstMs: number;
}

/** The pipelines of one kernel. */
export interface KernelTimes {
  readonly kernel: string;
  readonly pipelines: number;
  readonly totalSeconds: number;
  readonly slowestSeconds: number;
  /** The key of the slowest. */
  readonly slowest: string;
}

/** Seconds from which on a pipeline is slow. */
export const slowSeconds = 2;

/** The kernel's name in its key: the words before its sizes, which are numbers or JSON. */
export function kernelName(label: string): string {
  return label.split(/ (?=\d+(?:[ ,.]|$))|[[{]/)[0]!.trim() || label;
}

/** Times by kernel, the one with the slowest pipeline first. */
export function timesByKernel(times: readonly PipelineTime[]): KernelTimes[] {
  const kernels = new Set(times.map(({ label }) => kernelName(label)));
  return [...kernels]
    .map((kernel) => {
      const own = times.filter(({ label }) => kernelName(label) === kernel);
      const sorted = own.toSorted((a, b) => millisecondsOf(b) - millisecondsOf(a));
      return {
        kernel,
        pipelines: own.length,
        totalSeconds: own.reduce((sum, time) => sum + millisecondsOf(time), 0) / 1000,
        slowestSeconds: millisecondsOf(sorted[0]!) / 1000,
        slowest: sorted[0]!.label,
      };
    })
    .sort((a, b) => b.slowestSeconds - a.slowestSeconds);
}

function millisecondsOf({ createMs, firstMs }: PipelineTime): number {
  return createMs + firstMs;
}

/** Lines that name the kernels with a slow pipeline, and one with the sum of all. */
export function slowLines(times: readonly PipelineTime[]): string[] {
  const kernels = timesByKernel(times);
  const slow = kernels.filter(({ slowestSeconds }) => slowestSeconds > slowSeconds);
  const seconds = kernels.reduce((sum, { totalSeconds }) => sum + totalSeconds, 0);
  return [
    `${times.length} pipelines were compiled in ${seconds.toFixed(0)} s; ${
      slow.length === 0 ? 'none' : 'these kernels have one that'
    } took more than ${slowSeconds} s${slow.length === 0 ? '.' : ':'}`,
    ...slow.map(
      ({ kernel, pipelines, slowestSeconds, slowest }) =>
        `  ${slowestSeconds.toFixed(1)} s  ${kernel} (slowest of ${pipelines}: ${sizesOf(slowest)})`,
    ),
  ];
}

/** A key without its kernel's name, cut where a line would grow too long. */
function sizesOf(label: string): string {
  const sizes = label.slice(kernelName(label).length).trim().replaceAll('"', '');
  return sizes.length > 160 ? `${sizes.slice(0, 160)}…` : sizes;
}

/** The times that tests left in a file; none where it is not there. */
export function readPipelineTimes(file: string): PipelineTime[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as PipelineTime);
}
