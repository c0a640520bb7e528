/**
 * Threads of kernels that take rows by themselves: one thread to a row in software, many that share it on a graphics card.
 */
import type { Workgroups } from '../tensors/kernel.ts';

/** Rows, and threads to each, a power of two. */
export interface RowThreads {
  readonly rows: number;
  readonly lanes: number;
}

/** Rows to a workgroup when each is the work of one thread. */
const together = 8;

/** Workgroups for all rows, folded so that no axis passes WebGPU's 65535. */
export function rowGroups({ rows, lanes }: RowThreads): Workgroups {
  const groups = Math.max(1, lanes === 1 ? Math.ceil(rows / together) : rows);
  const across = Math.min(groups, 32768);
  return [across, Math.ceil(groups / across)];
}

/**
 * WGSL of main whose body has the `row` of a thread and its place `lane` among the row's threads; threads past the last row end. A barrier
 * may stand in the body: a workgroup of many threads has one row.
 */
export function rowsMain(threads: RowThreads, body: string): string {
  const { rows, lanes } = threads;
  const group = `(group.x + group.y * ${rowGroups(threads)[0]}u)`;
  const own =
    lanes === 1
      ? `let row = ${group} * ${together}u + local;\nconst lane = 0u;`
      : `let row = ${group};\nlet lane = local;`;
  return `@compute @workgroup_size(${lanes === 1 ? together : lanes})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
${own}
if (row >= ${rows}u) { return; }
${body}
}`;
}
