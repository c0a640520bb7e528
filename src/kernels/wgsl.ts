/**
 * The few pieces of WGSL text that all kernels are written with.
 *
 * Kernels read and write vec4f where the last axis is a multiple of 4 and f32 otherwise: `Width` says which.
 */
import { runsInSoftware } from '../tensors/backend.ts';
import type { Workgroups } from '../tensors/kernel.ts';

/** Floats that a thread reads at once. */
export type Width = 4 | 1;

/** One storage buffer of a shader, as "name" (vec4f), "name: type", with "*" in front when the shader writes it. */
export type Buffer = string;

/** Threads of a workgroup in kernels that number their threads along one axis. */
export const LINE = 64;

/**
 * Below this number of multiplications compile time matters more than run time, so the tile is small: the kernel takes no longer than its
 * dispatch either way, and large tiles compile for a third of a second or more.
 */
export const FEW_PRODUCTS = 2 ** 19;

/** 4 when vectors of four fit the axis exactly, else 1. */
export function widthOf(length: number): Width {
  return length % 4 === 0 ? 4 : 1;
}

/** The WGSL type of one element at a width. */
export function typeOf(width: Width): 'vec4f' | 'f32' {
  return width === 4 ? 'vec4f' : 'f32';
}

/** The text of element `lane` of a value of the given width. */
export function lane(value: string, width: Width, index: number): string {
  return width === 4 ? `${value}.${'xyzw'[index]}` : value;
}

/** The sum of a value's lanes, as an f32 expression. */
export function laneSum(value: string, width: Width): string {
  return width === 4 ? `dot(${value}, vec4f(1))` : value;
}

/** The text of `part` for 0, 1, …, count − 1, one after another. */
export function repeat(count: number, part: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => part(index)).join('\n');
}

/** The text of one lane of four vectors: of the four lanes they make the 4 × 4 block turned. */
export function turnedLane(vector: (index: number) => string, index: number): string {
  return `vec4f(${[0, 1, 2, 3].map((v) => lane(vector(v), 4, index)).join(', ')})`;
}

/** The text of the dot products of a value with four vectors. */
export function fourDots(value: string, vector: (index: number) => string): string {
  return `vec4f(${[0, 1, 2, 3].map((v) => `dot(${value}, ${vector(v)})`).join(', ')})`;
}

/** An f32 literal that WGSL reads back to the same float. */
export function float(value: number): string {
  const text = String(Math.fround(value));
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
}

/** The declarations of a shader's buffers, at group 0, bindings 0, 1, 2, … */
export function declarations(buffers: readonly Buffer[]): string {
  const declared = buffers.map((buffer, binding) => {
    const [name, type = 'vec4f'] = buffer.replace('*', '').split(':');
    const access = buffer.startsWith('*') ? 'read_write' : 'read';
    return `@group(0) @binding(${binding}) var<storage, ${access}> ${name!.trim()}: array<${type.trim()}>;`;
  });
  return declared.join('\n');
}

/** A shader with its buffers, a workgroup size and the body of main, in which `id` is the thread's number along x, y, z. */
export function shader(
  buffers: readonly Buffer[],
  size: readonly [x: number, y?: number],
  body: string,
): string {
  return `${declarations(buffers)}
@compute @workgroup_size(${size[0]}, ${size[1] ?? 1})
fn main(@builtin(global_invocation_id) id: vec3u) {
${body}
}`;
}

/** WGSL that numbers threads 0, 1, … as `thread` and ends those at or past `count`; pairs with `lineGroups`. */
export function lineThread(count: number): string {
  const across = lineGroups(count)[0] * LINE;
  return `let thread = id.x + id.y * ${across}u;
if (thread >= ${count}u) { return; }`;
}

/** Workgroups for `count` threads numbered along one line, folded so that no axis passes WebGPU's 65535. */
export function lineGroups(count: number): readonly [number, number] {
  const groups = Math.max(1, Math.ceil(count / LINE));
  const across = Math.min(groups, 32768);
  return [across, Math.ceil(groups / across)];
}

/** Workgroups for several jobs of so many threads, each in whole workgroups, so that none straddles two; pairs with `jobs`. */
export function jobGroups(counts: readonly number[]): readonly [number, number] {
  return lineGroups(counts.reduce((sum, count) => sum + inLines(count), 0));
}

/**
 * WGSL that runs each job's text with `thread` counted from the job's first, and ends the thread with it. For short texts: software
 * adapters run through all of them.
 */
export function jobs(counts: readonly number[], text: (job: number) => string): string {
  let past = 0;
  const branches = counts.map((count, job) => {
    const start = past;
    past += inLines(count);
    return `if (line < ${past}u) {
  let thread = line - ${start}u;
  if (thread < ${count}u) { ${text(job)} }
  return;
}`;
  });
  return `let line = id.x + id.y * ${jobGroups(counts)[0] * LINE}u;
${branches.join('\n')}`;
}

/** Threads in whole workgroups. */
export function inLines(count: number): number {
  return Math.ceil(count / LINE) * LINE;
}

/**
 * WGSL of a function `name(thread, value)` that joins the values of a workgroup's threads in a fixed order and gives all threads the
 * result; every thread must call it. @param joined the WGSL of a and b joined. @param threads a power of two
 */
export function workgroupFunction(name: string, threads: number, joined: string): string {
  return `var<workgroup> ${name}_values: array<f32, ${threads}>;
fn ${name}(thread: u32, value: f32) -> f32 {
  workgroupBarrier();
  ${name}_values[thread] = value;
  for (var half = ${threads / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) {
      let a = ${name}_values[thread];
      let b = ${name}_values[thread + half];
      ${name}_values[thread] = ${joined};
    }
  }
  workgroupBarrier();
  return ${name}_values[0];
}`;
}

/**
 * A workgroup for x by y threads (and z as it is) that wastes none across a narrow x, and the groups that cover them. A graphics card's is
 * two of its widths of 32 or one of 64; software runs four threads at a time, and has few of them, so that a short y is shared out evenly.
 */
export function tileGroups(
  x: number,
  y: number,
  z = 1,
  software = runsInSoftware(),
): { size: readonly [number, number]; groups: Workgroups } {
  let across = software ? 4 : 16;
  while (across > 1 && x <= across / 2) across /= 2;
  const most = (software ? 16 : 64) / across;
  const whole = Math.max(1, 4 / across);
  const down = software ? Math.ceil(evenShare(y, most) / whole) * whole : most;
  const size = [across, down] as const;
  return { size, groups: [Math.ceil(x / size[0]), Math.ceil(y / size[1]), z] };
}

/** The equal share, at most `most`, in which `length` is cut into the fewest pieces. */
export function evenShare(length: number, most: number): number {
  return Math.ceil(length / Math.ceil(length / Math.min(most, Math.max(length, 1))));
}

/** A count of splits (a power of two, at most `most`) that brings `threads` up to `wanted` while each split keeps `least` of `length`. */
export function splitsFor(
  threads: number,
  wanted: number,
  length: number,
  least: number,
  most = 256,
): number {
  let splits = 1;
  while (threads * splits < wanted && splits < most && length / (splits * 2) >= least) splits *= 2;
  return splits;
}
