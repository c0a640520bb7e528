/**
 * Group normalisation forward on WebGPU: one dispatch. Each unit goes over its numbers three times: for the mean, for the variance, for y.
 *
 * The mean is added around a value of x, and the second pass corrects both sums (the corrected two-pass algorithm of T. Chan, G. Golub,
 * R. LeVeque, "Algorithms for computing the sample variance", 1983), so that a mean far from zero costs no digits.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { dispatch, emptyTensor, writable } from '../../tensors/webgpu-dispatch.ts';
import {
  addTotals,
  addUp,
  eachPixel,
  eachVector,
  layoutOf,
  unitGroups,
  unitShader,
  type GroupNormSizes,
} from './group-norm-layout.ts';
import { float, repeat } from '../wgsl.ts';

/** Running statistics [channels] that a batch moves: running ← (1 − momentum) · running + momentum · (mean, unbiased variance). */
export interface RunningStatistics {
  readonly mean: tf.Variable;
  readonly variance: tf.Variable;
  readonly momentum: number;
}

/** What the forward takes. */
export interface GroupNormInputs {
  readonly x: tf.TensorInfo;
  readonly gamma: tf.TensorInfo;
  readonly beta: tf.TensorInfo;
  readonly residual?: tf.TensorInfo | undefined;
  /** For batches seen as one film with groups of one channel. */
  readonly running?: RunningStatistics | undefined;
}

/** y, and for the gradient: means [batch, groups] and 1/√(variance + ε) [batch, groups] film by film, then gamma [channels]. */
export function groupNormForward(
  { x, gamma, beta, residual, running }: GroupNormInputs,
  sizes: GroupNormSizes,
  epsilon: number,
): { y: tf.TensorInfo; saved: tf.TensorInfo } {
  const y = emptyTensor(x.shape);
  const saved = emptyTensor([2 * sizes.batch * sizes.groups + sizes.channels]);
  const moved = running ? [writable(running.mean), writable(running.variance)] : [];
  dispatch(
    {
      key: `groupNorm ${JSON.stringify(sizes)} ${epsilon} ${running?.momentum ?? ''}`,
      code: () => forwardShader(sizes, epsilon, running?.momentum),
    },
    [x, gamma, beta, y, saved, ...(residual ? [residual] : []), ...moved],
    unitGroups(layoutOf(sizes)),
  );
  return { y, saved };
}

function forwardShader(sizes: GroupNormSizes, epsilon: number, momentum: number | undefined): string {
  const layout = layoutOf(sizes);
  const { type, statistic, own, width, threads, filmUnits, vectors, units, count } = layout;
  const all = (size: number, term: (u: number) => string): string =>
    Array.from({ length: size }, (_, u) => term(u)).join(' + ');
  const n = float(count);
  return unitShader(
    [
      ...[`x: ${type}`, `gamma: ${type}`, `beta: ${type}`, `*y: ${type}`, `*saved: ${statistic}`],
      ...(sizes.residual ? [`residual: ${type}`] : []),
      ...(momentum === undefined ? [] : [`*runningMean: ${statistic}`, `*runningVariance: ${statistic}`]),
    ],
    sizes,
    layout,
    `let pivot = x[origin]${!own && width === 4 ? '.x' : ''};
var total0 = ${statistic}(0);
var total1 = ${statistic}(0);
var sum = ${type}(0);
var product = ${type}(0);
${eachVector(layout, (size) => addUp(sizes, layout, ['sum'], '', [all(size, (u) => `(x[at + ${u}] - pivot)`)]))}
${addTotals(layout)}
var mean = pivot + total0 / ${n};
sum = ${type}(0);
${eachVector(layout, (size) =>
  addUp(
    sizes,
    layout,
    ['sum', 'product'],
    repeat(size, (u) => `let d${u} = x[at + ${u}] - mean;`),
    [all(size, (u) => `d${u}`), all(size, (u) => `d${u} * d${u}`)],
  ),
)}
${addTotals(layout)}
let shift = total0 / ${n};
mean += shift;
let squares = total1 - total0 * shift;
let scale = 1.0 / sqrt(squares / ${n} + ${float(epsilon)});
let u = unit % ${filmUnits}u;
if (${threads === 1 ? 'true' : 'lane == 0u'}) {
saved[b * ${2 * filmUnits}u + u] = mean;
saved[b * ${2 * filmUnits}u + ${filmUnits}u + u] = scale;
${momentum === undefined ? '' : moveRunning(momentum, count)}
}
${eachVector(
  layout,
  (size) => `let c = u * ${vectors}u + first;
${repeat(size, (k) => `let g${k} = gamma[c + ${k}];\nlet f${k} = scale * g${k};\nlet b${k} = beta[c + ${k}];`)}
if (b == 0u) {
${repeat(size, (k) => storeGamma(2 * units, own ? 1 : width, k))}
}
${eachPixel(
  sizes,
  layout,
  repeat(size, (k) => {
    const value = `(x[at + ${k}] - mean) * f${k} + b${k}${sizes.residual ? ` + residual[at + ${k}]` : ''}`;
    const kept = sizes.relu ? `select(v, ${type}(0), v < ${type}(0))` : 'v';
    return `{ let v = ${value}; y[at + ${k}] = ${kept}; }`;
  }),
)}`,
)}`,
  );
}

/** Several threads may write the same gamma, all with the same value. */
function storeGamma(start: number, parts: number, k: number): string {
  if (parts === 1) return `saved[${start}u + c + ${k}] = g${k};`;
  return repeat(parts, (e) => `saved[${start}u + (c + ${k}) * ${parts} + ${e}] = g${k}[${e}];`);
}

function moveRunning(momentum: number, count: number): string {
  const [kept, moved] = [float(1 - momentum), float(momentum)];
  return `runningMean[u] = runningMean[u] * ${kept} + mean * ${moved};
runningVariance[u] = runningVariance[u] * ${kept} + squares / ${float(Math.max(count - 1, 1))} * ${moved};`;
}
