/**
 * The gradients of group normalisation on WebGPU, the residual's and the ReLU's included: three dispatches.
 *
 * With x̂ = (x − μ)/σ and d = dL/dy where the ReLU let y through:
 *   dL/dγ = Σ d·x̂,  dL/dβ = Σ d,  dL/dx = (γ·d − mean(γ·d) − x̂·mean(γ·d·x̂)) / σ,  means over each group of each film
 */
import type * as tf from '@tensorflow/tfjs-core';
import { asTensor, dispatch, emptyTensor, release } from '../tensors/webgpu-dispatch.ts';
import { float, lineGroups, lineThread, LINE, shader, typeOf, widthOf } from './wgsl.ts';

/** The sizes that the kernels of both directions know. */
export interface GroupNormSizes {
  readonly batch: number;
  readonly pixels: number;
  readonly channels: number;
  readonly groups: number;
  /** Pixels that one thread adds up, and stretches of that length that cover a film. */
  readonly stretch: number;
  readonly stretches: number;
  readonly relu: boolean;
  readonly residual: boolean;
}

/**
 * Gradients with respect to x, gamma, beta and, where there is one, the residual.
 * @param saved x, gamma, statistics [batch, 2, channels] and, with a ReLU, y
 */
export function groupNormBackward(
  dy: tf.Tensor,
  saved: readonly tf.Tensor[],
  sizes: GroupNormSizes,
): tf.Tensor[] {
  const [x, gamma, statistics, y] = saved;
  const { batch, channels, stretches } = sizes;
  const key = JSON.stringify(sizes);
  const seen = y ? [y] : [];

  const parts = emptyTensor([batch, stretches, 2, channels]);
  dispatch(
    { key: `groupNorm gradient stretches ${key}`, code: () => stretchShader(sizes) },
    [dy, x!, statistics!, parts, ...seen],
    lineGroups(batch * stretches * (channels / widthOf(channels))),
  );
  const means = emptyTensor([batch, 2, channels]);
  const [dGamma, dBeta] = [emptyTensor([channels]), emptyTensor([channels])];
  dispatch(
    { key: `groupNorm gradient means ${key}`, code: () => meansShader(sizes) },
    [parts, gamma!, means, dGamma, dBeta],
    lineGroups(batch * sizes.groups + channels),
  );
  const dx = emptyTensor(x!.shape);
  const dResidual = sizes.residual && y ? [emptyTensor(x!.shape)] : [];
  dispatch(
    { key: `groupNorm gradient apply ${key}`, code: () => applyShader(sizes) },
    [dy, x!, statistics!, means, gamma!, dx, ...seen, ...dResidual],
    lineGroups(x!.size / widthOf(channels)),
  );
  release(parts);
  release(means);
  const gradients = [dx, dGamma, dBeta, ...dResidual].map((info) => asTensor(info));
  return sizes.residual && !y ? [...gradients, dy.clone()] : gradients;
}

/** dL/d(sum before the ReLU) at an index. */
function passed(relu: boolean, type: string, at: string): string {
  return relu ? `select(${type}(0), dy[${at}], y[${at}] > ${type}(0))` : `dy[${at}]`;
}

/** Σ d and Σ d·x̂ of each channel over each stretch of pixels. */
function stretchShader({ batch, pixels, channels, stretch, stretches, relu }: GroupNormSizes): string {
  const width = widthOf(channels);
  const [vectors, type] = [channels / width, typeOf(width)];
  return shader(
    [`dy: ${type}`, `x: ${type}`, `statistics: ${type}`, `*parts: ${type}`, ...(relu ? [`y: ${type}`] : [])],
    [LINE],
    `${lineThread(batch * stretches * vectors)}
let c = thread % ${vectors}u;
let part = thread / ${vectors}u;
let b = part / ${stretches}u;
let first = (part % ${stretches}u) * ${stretch}u;
let mean = statistics[b * ${2 * vectors}u + c];
let scale = statistics[b * ${2 * vectors}u + ${vectors}u + c];
var sum = ${type}(0);
var product = ${type}(0);
for (var i = first; i < min(first + ${stretch}u, ${pixels}u); i++) {
  let at = (b * ${pixels}u + i) * ${vectors}u + c;
  let d = ${passed(relu, type, 'at')};
  sum += d;
  product += d * ((x[at] - mean) * scale);
}
parts[part * ${2 * vectors}u + c] = sum;
parts[part * ${2 * vectors}u + ${vectors}u + c] = product;`,
  );
}

/** First one thread a group of a film: mean(γ·d), mean(γ·d·x̂). Then one thread a channel: dL/dβ, dL/dγ. */
function meansShader({ batch, pixels, channels, groups, stretches }: GroupNormSizes): string {
  const width = channels / groups;
  return shader(
    ['parts: f32', 'gamma: f32', '*means: f32', '*dGamma: f32', '*dBeta: f32'],
    [LINE],
    `${lineThread(batch * groups + channels)}
var sum = 0.0;
var product = 0.0;
if (thread < ${batch * groups}u) {
  let b = thread / ${groups}u;
  let first = (thread % ${groups}u) * ${width}u;
  for (var k = 0u; k < ${stretches}u; k++) {
    let at = (b * ${stretches}u + k) * ${2 * channels}u;
    for (var c = first; c < first + ${width}u; c++) {
      sum += gamma[c] * parts[at + c];
      product += gamma[c] * parts[at + ${channels}u + c];
    }
  }
  for (var c = first; c < first + ${width}u; c++) {
    means[b * ${2 * channels}u + c] = sum / ${float(pixels * width)};
    means[b * ${2 * channels}u + ${channels}u + c] = product / ${float(pixels * width)};
  }
} else {
  let c = thread - ${batch * groups}u;
  for (var part = 0u; part < ${batch * stretches}u; part++) {
    sum += parts[part * ${2 * channels}u + c];
    product += parts[part * ${2 * channels}u + ${channels}u + c];
  }
  dBeta[c] = sum;
  dGamma[c] = product;
}`,
  );
}

function applyShader({ batch, pixels, channels, relu, residual }: GroupNormSizes): string {
  const width = widthOf(channels);
  const [vectors, type] = [channels / width, typeOf(width)];
  return shader(
    [
      ...['dy', 'x', 'statistics', 'means', 'gamma'].map((name) => `${name}: ${type}`),
      ...[
        `*dx: ${type}`,
        ...(relu ? [`y: ${type}`] : []),
        ...(relu && residual ? [`*dResidual: ${type}`] : []),
      ],
    ],
    [LINE],
    `${lineThread(batch * pixels * vectors)}
let c = thread % ${vectors}u;
let s = (thread / ${pixels * vectors}u) * ${2 * vectors}u + c;
let scale = statistics[s + ${vectors}u];
let d = ${passed(relu, type, 'thread')};
let normal = (x[thread] - statistics[s]) * scale;
dx[thread] = scale * (gamma[c] * d - means[s] - normal * means[s + ${vectors}u]);
${relu && residual ? 'dResidual[thread] = d;' : ''}`,
  );
}
