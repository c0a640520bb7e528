/**
 * Binary cross-entropy on logits and its slope in one dispatch, with missing labels, weighted positives, soft targets and a teacher: the
 * whole distillation loss.
 *
 *   hard = Σ observed · (w·y·softplus(−z) + (1 − y)·softplus(z)) / Σ observed,  soft = mean of q·softplus(−z/s) + (1 − q)·softplus(z/s)
 *   loss = (1 − λ)·hard + λ·share·soft,  q = sigmoid(teacher / τ);  s = share = 1, or as Hinton has it s = τ, share = τ²
 *
 * D. Lopez-Paz, L. Bottou, B. Schölkopf, V. Vapnik, "Unifying distillation and privileged information", 2016,
 * https://arxiv.org/abs/1511.03643, equation 4; G. Hinton, O. Vinyals, J. Dean, "Distilling the knowledge in a neural network", 2015,
 * https://arxiv.org/abs/1503.02531, section 2.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from '../tensors/kernel.ts';
import { asTensor, dispatch, emptyTensor } from '../tensors/webgpu-dispatch.ts';
import { LINE, shader, workgroupFunction } from './wgsl.ts';

/** What the loss is computed from, on WebGPU. */
export interface SigmoidCrossEntropyInputs {
  /** [batch, labels] */
  readonly logits: tf.Tensor2D;
  /** [batch, labels] in [0, 1]; any finite number where not observed. */
  readonly labels: tf.Tensor2D;
  /** [batch, labels], 1 where the label is known, else 0; null when all are. */
  readonly observed: tf.Tensor2D | null;
  /** [labels] > 0; null for 1. */
  readonly positiveWeight: tf.Tensor1D | null;
  /** Null when nobody teaches. */
  readonly teacher: {
    /** [batch, labels] */
    readonly logits: tf.Tensor2D;
    /** [2]: λ in [0, 1] and τ > 0; on the device, so that they may change without a new shader. */
    readonly mixture: tf.Tensor1D;
    /** True softens the student too and multiplies the soft term by τ². */
    readonly softensStudent: boolean;
  } | null;
}

/** The mean loss in nats, a scalar. Differentiable once with respect to the logits, on which alone gradients flow. */
export function sigmoidCrossEntropy(inputs: SigmoidCrossEntropyInputs): tf.Scalar {
  const { labels, observed, positiveWeight, teacher } = inputs;
  return tf.customGrad((z, save) => {
    const logits = z as tf.Tensor2D;
    const value = emptyTensor([]);
    const slope = emptyTensor(logits.shape);
    const given = { observed: observed !== null, weighted: positiveWeight !== null };
    const taught = teacher && { softensStudent: teacher.softensStudent };
    const [count, columns] = [logits.size, logits.shape[1]];
    const kernel: Kernel = {
      key: `sigmoidCrossEntropy ${JSON.stringify([count, columns, given, taught])}`,
      code: () => lossShader(count, columns, given, taught),
    };
    const optional = [observed, positiveWeight, ...(teacher ? [teacher.logits, teacher.mixture] : [])];
    const buffers = [
      logits as tf.Tensor,
      labels,
      value,
      slope,
      ...optional.filter((tensor) => tensor !== null),
    ];
    dispatch(kernel, buffers, [1]);
    (save as tf.GradSaveFunc)([asTensor(slope)]);
    const gradFunc = (dy: tf.Tensor, [kept]: tf.Tensor[]): tf.Tensor => tf.mul(kept!, dy);
    return { value: asTensor<tf.Scalar>(value), gradFunc };
  })(inputs.logits);
}

/** Loss and slope on arrays, in double precision; labels vary fastest. */
export function sigmoidCrossEntropyReference(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  columns: number,
  observed: ArrayLike<number> | null,
  positiveWeight: ArrayLike<number> | null,
  teacher: {
    readonly logits: ArrayLike<number>;
    readonly lambda: number;
    readonly temperature: number;
    readonly softensStudent: boolean;
  } | null,
): { readonly loss: number; readonly slope: number[] } {
  const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  const sigmoid = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));
  const { lambda = 0, temperature = 1, softensStudent = false } = teacher ?? {};
  const divisor = softensStudent ? temperature : 1;
  const indices = Array.from({ length: logits.length }, (_, i) => i);
  const seen = indices.map((i) => (observed ? observed[i]! : 1));
  const known = Math.max(
    seen.reduce((sum, value) => sum + value, 0),
    1,
  );
  let loss = 0;
  const slope = indices.map((i) => {
    const [z, y, w] = [logits[i]!, labels[i]!, positiveWeight ? positiveWeight[i % columns]! : 1];
    const hardShare = ((1 - lambda) * seen[i]!) / known;
    if (hardShare > 0) loss += hardShare * (w * y * softplus(-z) + (1 - y) * softplus(z));
    let gradient = hardShare > 0 ? hardShare * ((1 - y) * sigmoid(z) - w * y * sigmoid(-z)) : 0;
    if (teacher) {
      const share = (lambda * divisor ** 2) / logits.length;
      const q = sigmoid(teacher.logits[i]! / temperature);
      loss += share * (q * softplus(-z / divisor) + (1 - q) * softplus(z / divisor));
      gradient += (share / divisor) * (sigmoid(z / divisor) - q);
    }
    return gradient;
  });
  return { loss, slope };
}

/** One workgroup: losses are small, and both sums must be known before the first slope. */
function lossShader(
  count: number,
  columns: number,
  given: { readonly observed: boolean; readonly weighted: boolean },
  taught: { readonly softensStudent: boolean } | null,
): string {
  const buffers = [
    ...['logits: f32', 'labels: f32', '*loss: f32', '*slope: f32'],
    ...(given.observed ? ['observed: f32'] : []),
    ...(given.weighted ? ['weight: f32'] : []),
    ...(taught ? ['taught: f32', 'mixture: f32'] : []),
  ];
  const eachOf = (body: string): string => `for (var i = id.x; i < ${count}u; i += ${LINE}u) { ${body} }`;
  const seen = given.observed ? 'observed[i]' : '1.0';
  const positives = given.weighted ? `weight[i % ${columns}u] * labels[i]` : 'labels[i]';
  const text = shader(
    buffers,
    [LINE],
    `${
      given.observed
        ? `var known = 0.0;
${eachOf('known += observed[i];')}
let total = max(sum_of(id.x, known), 1.0);`
        : `let total = ${count}.0;`
    }
${
  taught
    ? `let lambda = mixture[0];
let divisor = ${taught.softensStudent ? 'mixture[1]' : '1.0'};
let softShare = lambda * divisor * divisor / ${count}.0;
let hardShare = 1.0 - lambda;`
    : 'let hardShare = 1.0;'
}
var value = 0.0;
${eachOf(`let z = logits[i];
  let positive = ${positives};
  let negative = 1.0 - labels[i];
  let part = hardShare * ${seen} / total;
  // A term with weight 0 is left out and not multiplied by 0, because an unobserved value may be NaN.
  value += select(0.0, part * (positive * softplus(-z) + negative * softplus(z)), part != 0.0);
  var gradient = select(0.0, part * (negative * sigmoid(z) - positive * sigmoid(-z)), part != 0.0);
  ${
    taught
      ? `let q = sigmoid(taught[i] / mixture[1]);
  let soft = z / divisor;
  value += softShare * (q * softplus(-soft) + (1.0 - q) * softplus(soft));
  gradient += softShare / divisor * (sigmoid(soft) - q);`
      : ''
  }
  slope[i] = gradient;`)}
let summed = sum_of(id.x, value);
if (id.x == 0u) { loss[0] = summed; }`,
  );
  return `${workgroupFunction('sum_of', LINE, 'a + b')}
// log(1 + e) keeps its digits where e is small.
fn softplus(z: f32) -> f32 {
  let e = exp(-abs(z));
  return select(z, 0.0, z < 0.0) + select(log(1.0 + e), e - 0.5 * e * e, e < 1e-3);
}
fn sigmoid(z: f32) -> f32 {
  let e = exp(-abs(z));
  return select(1.0, e, z < 0.0) / (1.0 + e);
}
${text}`;
}
