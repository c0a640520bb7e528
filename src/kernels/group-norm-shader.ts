/**
 * The two shaders of group normalisation. A unit of channels (a group, or several groups that share a vector of four) of one film is the
 * work of `lanes` threads: one that needs no barrier, or a workgroup that adds up in its own memory.
 */
import type { Workgroups } from '../tensors/kernel.ts';
import { float, shader, typeOf } from './wgsl.ts';

/** What the kernels of both directions know. */
export interface GroupNormSizes {
  readonly batch: number;
  readonly pixels: number;
  readonly channels: number;
  readonly groups: number;
  readonly relu: boolean;
  readonly residual: boolean;
  /** Threads to a unit, a power of two. */
  readonly lanes: number;
}

/** How the channels are cut. */
interface Cut {
  /** Channels to a group. */
  readonly group: number;
  readonly width: 4 | 1;
  /** Vectors of a film's pixel, and of a unit. */
  readonly vectors: number;
  readonly perUnit: number;
  readonly units: number;
}

/** Units to a workgroup when each is the work of one thread: few, so that few films still fill all cores. */
const together = 4;

/** Additions after which a sum is put by, so that rounding does not grow with the film. */
const stretch = 64;

function cutOf({ channels, groups }: GroupNormSizes): Cut {
  const group = channels / groups;
  const wide = channels % 4 === 0 && (group % 4 === 0 || 4 % group === 0);
  const width = wide ? 4 : 1;
  const unit = wide ? Math.max(group, 4) : group;
  return { group, width, vectors: channels / width, perUnit: unit / width, units: channels / unit };
}

/** Workgroups of both shaders. */
export function groupNormGrid(sizes: GroupNormSizes): Workgroups {
  const units = sizes.batch * cutOf(sizes).units;
  const groups = sizes.lanes === 1 ? Math.ceil(units / together) : units;
  const across = Math.min(groups, 32768);
  return [across, Math.ceil(groups / across)];
}

/** y and statistics [batch, 2, channels] (each channel's group mean, then 1/√(variance + ε)). */
export function groupNormForwardShader(sizes: GroupNormSizes, epsilon: number): string {
  const { pixels, lanes, relu, residual } = sizes;
  const cut = cutOf(sizes);
  const { vectors, perUnit, width, group } = cut;
  const type = typeOf(width);
  const count = pixels * perUnit; // numbers of each vector lane
  const body = `${unitThread(sizes, cut)}
let pivot = ${ofGroup('x[film]', group, width)};
var total = ${type}(0);
var totalSquares = ${type}(0);
for (var j = 0u; j < ${perUnit}u; j++) {
  for (var begin = lane * ${stretch}u; begin < ${pixels}u; begin += ${lanes * stretch}u) {
    var sum = ${type}(0);
    var squares = ${type}(0);
    for (var i = begin; i < min(begin + ${stretch}u, ${pixels}u); i++) {
      let d = x[film + i * ${vectors}u + j] - pivot;
      sum += d;
      squares += d * d;
    }
    total += sum;
    totalSquares += squares;
  }
}
${overLanes(sizes, ['total', 'totalSquares'], type)}
let off = total / ${float(count)};
let apart = totalSquares - total * off;
let mean = pivot + ${overGroup('off', group, width, true)};
let between = off - ${overGroup('off', group, width, true)};
let inner = apart + ${float(count)} * between * between;
let variance = ${overGroup('inner', group, width, false)} / ${float(pixels * group)};
let scale = 1.0 / sqrt(variance + ${float(epsilon)});
for (var j = 0u; j < ${perUnit}u; j++) {
  let factor = scale * gamma[column + j];
  let shift = beta[column + j];
  for (var i = lane; i < ${pixels}u; i += ${lanes}u) {
    let at = film + i * ${vectors}u + j;
    let v = (x[at] - mean) * factor + shift${residual ? ' + residual[at]' : ''};
    y[at] = ${relu ? `select(v, ${type}(0), v < ${type}(0))` : 'v'};
  }
  if (lane == 0u) {
    statistics[kept + j] = mean;
    statistics[kept + ${vectors}u + j] = scale;
  }
}`;
  const buffers = ['x', 'gamma', 'beta', '*y', '*statistics', ...(residual ? ['residual'] : [])];
  return groupShader(sizes, buffers, type, body);
}

/** dx, the films' parts of dγ and dβ [batch, channels], and with a ReLU before which something was added, the gradient of that. */
export function groupNormBackwardShader(sizes: GroupNormSizes): string {
  const { pixels, lanes, relu } = sizes;
  const cut = cutOf(sizes);
  const { vectors, perUnit, width, group } = cut;
  const type = typeOf(width);
  const passed = relu ? `select(${type}(0), dy[at], y[at] > ${type}(0))` : 'dy[at]';
  const body = `${unitThread(sizes, cut)}
let mean = statistics[kept];
let scale = statistics[kept + ${vectors}u];
var first = ${type}(0);
var second = ${type}(0);
for (var j = 0u; j < ${perUnit}u; j++) {
  var total = ${type}(0);
  var totalNormal = ${type}(0);
  for (var begin = lane * ${stretch}u; begin < ${pixels}u; begin += ${lanes * stretch}u) {
    var sum = ${type}(0);
    var normal = ${type}(0);
    for (var i = begin; i < min(begin + ${stretch}u, ${pixels}u); i++) {
      let at = film + i * ${vectors}u + j;
      let d = ${passed};
      sum += d;
      normal += d * (x[at] - mean);
    }
    total += sum;
    totalNormal += normal;
  }
  ${overLanes(sizes, ['total', 'totalNormal'], type)}
  totalNormal *= scale;
  if (lane == 0u) {
    shift[b * ${vectors}u + column + j] = total;
    stretchBy[b * ${vectors}u + column + j] = totalNormal;
  }
  first += gamma[column + j] * total;
  second += gamma[column + j] * totalNormal;
}
let meanFirst = ${overGroup('first', group, width, false)} / ${float(pixels * group)};
let meanSecond = ${overGroup('second', group, width, false)} / ${float(pixels * group)};
for (var j = 0u; j < ${perUnit}u; j++) {
  let weight = gamma[column + j];
  for (var i = lane; i < ${pixels}u; i += ${lanes}u) {
    let at = film + i * ${vectors}u + j;
    let d = ${passed};
    dx[at] = scale * (weight * d - meanFirst - (x[at] - mean) * scale * meanSecond);
    ${givesResidual(sizes) ? 'dResidual[at] = d;' : ''}
  }
}`;
  const buffers = [
    ...['x', 'dy', 'gamma', 'statistics', '*dx', '*stretchBy', '*shift'],
    ...(relu ? ['y'] : []),
    ...(givesResidual(sizes) ? ['*dResidual'] : []),
  ];
  return groupShader(sizes, buffers, type, body);
}

/** Without a ReLU the residual's gradient is dy itself. */
export function givesResidual({ relu, residual }: GroupNormSizes): boolean {
  return relu && residual;
}

function groupShader(sizes: GroupNormSizes, buffers: readonly string[], type: string, body: string): string {
  const size = sizes.lanes === 1 ? together : sizes.lanes;
  const typed = buffers.map((buffer) => `${buffer}: ${type}`);
  const text = shader(typed, [size], body).replace(
    'global_invocation_id) id: vec3u',
    'workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32',
  );
  if (sizes.lanes === 1) return text;
  return `var<workgroup> a: array<${type}, ${size}>;
var<workgroup> b_: array<${type}, ${size}>;
${text}`;
}

/** Names the thread's film, unit and lane, and where they begin. */
function unitThread({ batch, pixels, lanes }: GroupNormSizes, { vectors, perUnit, units }: Cut): string {
  const total = batch * units;
  const groups = lanes === 1 ? Math.ceil(total / together) : total;
  const number = `group.x + group.y * ${Math.min(groups, 32768)}u`;
  const thread =
    lanes === 1
      ? `let thread = (${number}) * ${together}u + local;
if (thread >= ${total}u) { return; }
const lane = 0u;`
      : `let thread = ${number};
if (thread >= ${total}u) { return; }
let lane = local;`;
  return `${thread}
let b = thread / ${units}u;
let column = thread % ${units}u * ${perUnit}u;
let film = b * ${pixels * vectors}u + column;
let kept = b * ${2 * vectors}u + column;`;
}

/** Adds two values over the threads of a unit, in a fixed order. */
function overLanes(
  { lanes }: GroupNormSizes,
  [first, second]: readonly [string, string],
  type: string,
): string {
  if (lanes === 1) return '';
  return `workgroupBarrier();
a[lane] = ${first};
b_[lane] = ${second};
for (var half = ${lanes / 2}u; half > 0u; half /= 2u) {
  workgroupBarrier();
  if (lane < half) {
    a[lane] += a[lane + half];
    b_[lane] += b_[lane + half];
  }
}
workgroupBarrier();
${first} = ${type}(a[0]);
${second} = ${type}(b_[0]);`;
}

/** One number of each group, in all its channels. */
function ofGroup(value: string, group: number, width: 4 | 1): string {
  if (width === 1 || group === 1) return value;
  return group === 2 ? `${value}.xxzz` : `${value}.xxxx`;
}

/** Sum, or mean, of a vector's elements over the channels of each group. */
function overGroup(value: string, group: number, width: 4 | 1, mean: boolean): string {
  if (width === 1 || group === 1) return value;
  if (group === 2) return `((${value}.xxzz + ${value}.yyww)${mean ? ' * 0.5' : ''})`;
  return `vec4f(dot(${value}, vec4f(${mean ? '0.25' : '1'})))`;
}
