/**
 * The gradients of group normalisation on WebGPU, the residual's and the ReLU's included: one dispatch, and the sums over films.
 *
 * With x̂ = (x − μ)/σ and d = dL/dy where the ReLU let y through:
 *   dL/dγ = Σ d·x̂,  dL/dβ = Σ d,  dL/dx = (γ·d − mean(γ·d) − x̂·mean(γ·d·x̂)) / σ,  means over each group of each film
 * Where the statistics were given instead, they do not depend on x, and dL/dx = γ·d / σ.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { asTensor, dispatch, emptyTensor, release } from '../../tensors/webgpu-dispatch.ts';
import {
  addUp,
  eachPixel,
  eachVector,
  layoutOf,
  shareSums,
  unitGroups,
  unitShader,
  type GroupNormLayout,
  type GroupNormSizes,
} from './group-norm-layout.ts';
import { sumSplits } from '../reduce.ts';
import { float, laneSum, repeat } from '../wgsl.ts';

/**
 * Gradients with respect to x, gamma, beta and, where there is one, the residual.
 * @param saved x, what the forward saved and, with a ReLU, y
 */
export function groupNormBackward(
  dy: tf.Tensor,
  saved: readonly tf.Tensor[],
  sizes: GroupNormSizes,
): tf.Tensor[] {
  const [x, statistics, y] = saved;
  const { batch, channels } = sizes;
  const dx = emptyTensor(x!.shape);
  const perFilm = batch === 1 ? [channels] : [batch, channels];
  const parts = [emptyTensor(perFilm), emptyTensor(perFilm)];
  const dResidual = sizes.residual && y ? [emptyTensor(x!.shape)] : [];
  dispatch(
    { key: `groupNorm gradient ${JSON.stringify(sizes)}`, code: () => backwardShader(sizes) },
    [dy, x!, statistics!, dx, ...parts, ...(y ? [y] : []), ...dResidual],
    unitGroups(layoutOf(sizes)),
  );
  const sums = batch === 1 ? parts : parts.map((part) => sumSplits(part, batch, [channels]));
  if (batch > 1) parts.forEach(release);
  const gradients = [dx, ...sums, ...dResidual].map((info) => asTensor(info));
  return sizes.residual && !y ? [...gradients, dy.clone()] : gradients;
}

function backwardShader(sizes: GroupNormSizes): string {
  const layout = layoutOf(sizes);
  const { type, statistic, own, width, threads, filmUnits, filmVectors, vectors, units, count } = layout;
  const { relu, residual, fixed } = sizes;
  const alone = threads === 1;
  const passed = (k: number): string =>
    relu ? `select(${type}(0), dy[at + ${k}], y[at + ${k}] > ${type}(0))` : `dy[at + ${k}]`;
  const whole = (value: string): string => (own ? value : laneSum(value, width));
  const part = `b * ${filmVectors}u + u * ${vectors}u`;
  const gammas = (size: number): string =>
    repeat(size, (k) => `let g${k} = ${gammaAt(layout, 2 * units, `u * ${vectors}u + first + ${k}`)};`);

  const addVectors = eachVector(layout, (size) => {
    const names = Array.from({ length: size }, (_, k) => [`sum${k}`, `product${k}`]).flat();
    const terms = Array.from({ length: size }, (_, k) => [
      `d${k}`,
      `d${k} * ((x[at + ${k}] - mean) * scale)`,
    ]);
    const before = repeat(size, (k) => `let d${k} = ${passed(k)};`);
    return `${names.map((name) => `var ${name} = ${type}(0);`).join('\n')}
${addUp(sizes, layout, names, before, terms.flat())}
${alone ? `${gammas(size)}\n${repeat(size, (k) => storeVector(`sum${k}`, `product${k}`, `g${k}`, `${part} + first + ${k}`))}` : 'sum = sum0;\nproduct = product0;'}`;
  });

  function storeVector(sum: string, product: string, gamma: string, at: string): string {
    return `total0 += ${whole(`${gamma} * ${sum}`)};
total1 += ${whole(`${gamma} * ${product}`)};
dBeta[${at}] = ${sum};
dGamma[${at}] = ${product};`;
  }

  const addThreads = `${shareSums(layout)}
for (var c = 0u; c < ${vectors}u; c++) {
let gamma = ${gammaAt(layout, 2 * units, `u * ${vectors}u + c`)};
total0 += ${whole('gamma * shared0[c]')};
total1 += ${whole('gamma * shared1[c]')};
}
if (lane < ${vectors}u) {
dBeta[${part} + lane] = shared0[lane];
dGamma[${part} + lane] = shared1[lane];
}`;

  return unitShader(
    [
      ...[`dy: ${type}`, `x: ${type}`, `saved: ${statistic}`],
      ...[`*dx: ${type}`, `*dGamma: ${type}`, `*dBeta: ${type}`],
      ...(relu ? [`y: ${type}`] : []),
      ...(relu && residual ? [`*dResidual: ${type}`] : []),
    ],
    sizes,
    layout,
    `let u = unit % ${filmUnits}u;
let mean = saved[b * ${2 * filmUnits}u + u];
let scale = saved[b * ${2 * filmUnits}u + ${filmUnits}u + u];
var total0 = ${statistic}(0);
var total1 = ${statistic}(0);
${alone ? '' : `var sum = ${type}(0);\nvar product = ${type}(0);`}
${addVectors}
${alone ? '' : addThreads}
let mean0 = total0 / ${float(count)};
let mean1 = total1 / ${float(count)};
${eachVector(
  layout,
  (size) => `${gammas(size)}
${eachPixel(
  sizes,
  layout,
  repeat(size, (k) => {
    const answer = fixed ? '' : ` - mean0 - (x[at + ${k}] - mean) * scale * mean1`;
    return `{ let d = ${passed(k)};
dx[at + ${k}] = scale * (g${k} * d${answer});
${relu && residual ? `dResidual[at + ${k}] = d;` : ''} }`;
  }),
)}`,
)}`,
  );
}

/** The saved gamma of a film's vector, where the buffer's elements may be narrower than the vector. */
function gammaAt({ own, width }: GroupNormLayout, start: number, c: string): string {
  if (own || width === 1) return `saved[${start}u + ${c}]`;
  const lanes = Array.from({ length: width }, (_, e) => `saved[${start}u + (${c}) * ${width}u + ${e}u]`);
  return `vec4f(${lanes.join(', ')})`;
}
