/**
 * How the threads of both directions of a group normalisation lie: one group of one film is a unit, done by one thread, without a
 * barrier, or by a workgroup that adds through its shared memory. The first is fastest in software, the second on a graphics card.
 */
import type { Workgroups } from '../../tensors/kernel.ts';
import { declarations, laneSum, typeOf, widthOf, type Buffer, type Width } from '../wgsl.ts';

/** The sizes that the kernels of both directions know; all of them belong into a kernel's key. */
export interface GroupNormSizes {
  readonly batch: number;
  readonly pixels: number;
  readonly channels: number;
  readonly groups: number;
  readonly relu: boolean;
  readonly residual: boolean;
  /** False: one thread per unit. */
  readonly workgroups: boolean;
  /** Statistics are given, not those of x: they have no gradient. */
  readonly fixed?: boolean;
}

/** What follows from the sizes. */
export interface GroupNormLayout {
  readonly width: Width;
  /** Groups of one channel are taken four to a unit, each lane of a vector with statistics of its own. */
  readonly own: boolean;
  /** Vectors of a film's pixel, and of a unit's pixel. */
  readonly filmVectors: number;
  readonly vectors: number;
  /** Units of a film and of the batch. */
  readonly filmUnits: number;
  readonly units: number;
  /** Of a unit: vectors · 2ᵏ, thread t at vector t % vectors; or 1. */
  readonly threads: number;
  /** Values that a unit's statistics are taken over. */
  readonly count: number;
  /** Types of x's elements and of statistics. */
  readonly type: string;
  readonly statistic: string;
}

const MOST_THREADS = 256;
/** Units of a workgroup where a unit is one thread: as many as SwiftShader runs side by side, so that small batches fill all cores. */
const SIDE_BY_SIDE = 4;
/** Terms that are added one after another before they join the total, so that long sums keep their digits. */
const RUN = 64;

/** The layout for the sizes. */
export function layoutOf({ batch, pixels, channels, groups, workgroups }: GroupNormSizes): GroupNormLayout {
  const perGroup = channels / groups;
  const own = perGroup === 1;
  const width = own ? (workgroups ? widthOf(channels) : 1) : widthOf(perGroup);
  const vectors = own ? 1 : perGroup / width;
  const filmUnits = own ? groups / width : groups;
  let threads = 1;
  if (workgroups && vectors <= MOST_THREADS) {
    threads = vectors;
    while (threads * 2 <= MOST_THREADS && threads < pixels * vectors) threads *= 2;
  }
  const [type, statistic] = [typeOf(width), own ? typeOf(width) : 'f32'];
  return {
    ...{ width, own, vectors, filmUnits, threads, type, statistic },
    filmVectors: channels / width,
    units: batch * filmUnits,
    count: pixels * perGroup,
  };
}

/** Workgroups that cover all units, folded so that no axis passes WebGPU's 65535. */
export function unitGroups({ threads, units }: GroupNormLayout): Workgroups {
  const groups = threads === 1 ? Math.ceil(units / SIDE_BY_SIDE) : units;
  const across = Math.min(groups, 32768);
  return [across, Math.ceil(groups / across)];
}

/** A shader whose body runs for each thread `lane` of each `unit`, of film `b`; `origin` is the unit's first vector. */
export function unitShader(
  buffers: readonly Buffer[],
  sizes: GroupNormSizes,
  layout: GroupNormLayout,
  body: string,
): string {
  const { threads, units, filmUnits, vectors, filmVectors, type } = layout;
  const alone = threads === 1;
  const number = `place.x + place.y * ${unitGroups(layout)[0]}u`;
  return `${declarations(buffers)}
${alone ? '' : `var<workgroup> shared0: array<${type}, ${threads}>;\nvar<workgroup> shared1: array<${type}, ${threads}>;`}
@compute @workgroup_size(${alone ? SIDE_BY_SIDE : threads})
fn main(@builtin(workgroup_id) place: vec3u, @builtin(local_invocation_index) lane: u32) {
let unit = ${alone ? `(${number}) * ${SIDE_BY_SIDE}u + lane` : number};
if (unit >= ${units}u) { return; }
let b = unit / ${filmUnits}u;
let origin = b * ${sizes.pixels * filmVectors}u + unit % ${filmUnits}u * ${vectors}u;
${body}
}`;
}

/** Runs `text` for this thread's vectors of a pixel, `count` of them from `first` on at a time. */
export function eachVector(layout: GroupNormLayout, text: (count: number) => string): string {
  const { threads, vectors } = layout;
  if (threads > 1) return `{ let first = lane % ${vectors}u;\n${text(1)} }`;
  const count = [4, 3, 2, 1].find((size) => vectors % size === 0)!;
  return `for (var first = 0u; first < ${vectors}u; first += ${count}u) {\n${text(count)} }`;
}

/** Runs `text` for this thread's pixels, with `at` the place of vector `first` there. */
export function eachPixel(
  { pixels }: GroupNormSizes,
  { threads, vectors, filmVectors }: GroupNormLayout,
  text: string,
): string {
  const [start, step] = threads === 1 ? ['0u', 1] : [`lane / ${vectors}u`, threads / vectors];
  return `for (var p = ${start}; p < ${pixels}u; p += ${step}u) {
let at = origin + p * ${filmVectors}u + first;
${text} }`;
}

/** Adds terms up over this thread's pixels, in runs. @param sums variables @param terms in the same order, in terms of `at` */
export function addUp(
  { pixels }: GroupNormSizes,
  { threads, vectors, filmVectors, type }: GroupNormLayout,
  sums: readonly string[],
  before: string,
  terms: readonly string[],
): string {
  const [start, step] = threads === 1 ? ['0u', 1] : [`lane / ${vectors}u`, threads / vectors];
  const each = (text: (sum: string, i: number) => string): string => sums.map(text).join('\n');
  return `for (var begin = ${start}; begin < ${pixels}u; begin += ${step * RUN}u) {
${each((_sum, i) => `var run${i} = ${type}(0);`)}
for (var p = begin; p < min(begin + ${step * RUN}u, ${pixels}u); p += ${step}u) {
let at = origin + p * ${filmVectors}u + first;
${before}
${each((_sum, i) => `run${i} += ${terms[i]};`)} }
${each((sum, i) => `${sum} += run${i};`)} }`;
}

/** Adds `sum` and `product` over the unit's threads, per vector: afterwards each thread finds vector c's in shared0[c] and shared1[c]. */
export function shareSums({ threads, vectors }: GroupNormLayout): string {
  return `workgroupBarrier(); // all have read what was shared before
shared0[lane] = sum;
shared1[lane] = product;
for (var half = ${threads / 2}u; half >= ${vectors}u; half /= 2u) {
workgroupBarrier();
if (lane < half) { shared0[lane] += shared0[lane + half]; shared1[lane] += shared1[lane + half]; }
}
workgroupBarrier();`;
}

/** Adds `sum` and `product` over the whole unit, into `total0` and `total1`. */
export function addTotals(layout: GroupNormLayout): string {
  const { threads, vectors, width, own, statistic } = layout;
  const whole = (value: string): string => (own ? value : laneSum(value, width));
  if (threads === 1) return `total0 = ${whole('sum')};\ntotal1 = ${whole('product')};`;
  return `${shareSums(layout)}
total0 = ${statistic}(0);
total1 = ${statistic}(0);
for (var c = 0u; c < ${vectors}u; c++) { total0 += ${whole('shared0[c]')}; total1 += ${whole('shared1[c]')}; }`;
}
