/**
 * Softmax cross-entropy of each row and its slope in one dispatch: hard labels with class weights, smoothing and rows without a label, or
 * soft targets.
 *
 *   row = −Σ_c t_c · log softmax(z)_c,  slope = softmax(z) · Σ_c t_c − t
 *   t = soft targets, or w · ((1 − ε) · onehot(label) + ε / classes)
 *
 * C. Bishop, "Pattern recognition and machine learning", 2006, section 4.3.4, equation 4.108; smoothing: C. Szegedy et al., 2016,
 * https://arxiv.org/abs/1512.00567, section 7.
 */
import * as tf from '@tensorflow/tfjs-core';
import { runsInSoftware } from '../tensors/backend.ts';
import type { Kernel } from '../tensors/kernel.ts';
import { asTensor, dispatch, emptyTensor } from '../tensors/webgpu-dispatch.ts';
import { rowGroups, rowsMain, type RowThreads } from './row-threads.ts';
import { declarations, float, workgroupFunction } from './wgsl.ts';

/** What a row is compared with. */
export type SoftmaxTargets =
  | {
      /** [rows] int32: class numbers from 0, or `ignoreIndex`. */
      readonly labels: tf.Tensor1D;
      /** [classes] > 0; null for 1. */
      readonly classWeight: tf.Tensor1D | null;
      /** ε in [0, 1). */
      readonly labelSmoothing: number;
      /** Label of rows to leave out: their cross-entropy and slope are 0. Null when every row has a label. */
      readonly ignoreIndex: number | null;
    }
  | {
      /** [rows, classes] */
      readonly soft: tf.Tensor2D;
    };

/**
 * Cross-entropies in nats, [rows]. Differentiable once with respect to the logits, on which alone gradients flow; on WebGPU only.
 * @param logits [rows, classes]
 * @param lanes threads to a row, a power of two; what suits the adapter when left out.
 */
export function softmaxCrossEntropyOfRows(
  logits: tf.Tensor2D,
  targets: SoftmaxTargets,
  lanes = runsInSoftware() ? 1 : 64,
): tf.Tensor1D {
  const [rows, classes] = logits.shape;
  const config: ShaderConfig =
    'soft' in targets
      ? { rows, classes, lanes, kind: 'soft', smoothing: 0, weighted: false, ignore: null }
      : {
          ...{ rows, classes, lanes, kind: 'labels', smoothing: targets.labelSmoothing },
          ...{ weighted: targets.classWeight !== null, ignore: targets.ignoreIndex },
        };
  return tf.customGrad((z, save) => {
    const value = emptyTensor([rows]);
    const slope = emptyTensor([rows, classes]);
    const kernel: Kernel = {
      key: `softmaxCrossEntropy ${JSON.stringify(config)}`,
      code: () => rowsShader(config),
      integers: config.kind === 'labels' ? [1] : [],
    };
    const given = 'soft' in targets ? [targets.soft] : [targets.labels];
    const weight = 'soft' in targets || !targets.classWeight ? [] : [targets.classWeight];
    dispatch(kernel, [z as tf.Tensor, ...given, value, slope, ...weight], rowGroups(config));
    (save as tf.GradSaveFunc)([asTensor(slope)]);
    const gradFunc = (dy: tf.Tensor, [kept]: tf.Tensor[]): tf.Tensor =>
      tf.mul(kept!, tf.reshape(dy, [rows, 1]));
    return { value: asTensor<tf.Tensor1D>(value), gradFunc };
  })(logits);
}

/** A row's cross-entropy and slope by the definition, in double precision. @param targets t, one per class. */
export function softmaxCrossEntropyReference(
  logits: readonly number[],
  targets: readonly number[],
): { readonly value: number; readonly slope: number[] } {
  const greatest = Math.max(...logits);
  const total = logits.reduce((sum, z) => sum + Math.exp(z - greatest), 0);
  const mass = targets.reduce((sum, t) => sum + t, 0);
  const logOf = (z: number): number => z - greatest - Math.log(total);
  return {
    value: -targets.reduce((sum, t, c) => sum + t * logOf(logits[c]!), 0),
    slope: logits.map((z, c) => Math.exp(logOf(z)) * mass - targets[c]!),
  };
}

interface ShaderConfig extends RowThreads {
  readonly classes: number;
  readonly kind: 'labels' | 'soft';
  readonly smoothing: number;
  readonly weighted: boolean;
  readonly ignore: number | null;
}

function rowsShader(config: ShaderConfig): string {
  const { classes, lanes, kind, smoothing, weighted, ignore } = config;
  const each = (body: string): string => `for (var c = lane; c < ${classes}u; c += ${lanes}u) { ${body} }`;
  const weight = weighted ? 'weight[c] * ' : '';
  const target =
    kind === 'soft'
      ? `targets[row * ${classes}u + c]`
      : `${weight}(select(${float(smoothing / classes)}, ${float(1 - smoothing + smoothing / classes)}, i32(c) == label))`;
  const labelled = kind === 'labels' && ignore !== null ? `select(1.0, 0.0, label == ${ignore})` : '1.0';
  const reduced = (value: string, join: 'sum' | 'greatest'): string =>
    lanes === 1 ? value : `${join}_of(lane, ${value})`;
  const buffers = [
    'logits: f32',
    kind === 'soft' ? 'targets: f32' : 'labels: i32',
    '*values: f32',
    '*slopes: f32',
    ...(weighted ? ['weight: f32'] : []),
  ];
  const shared =
    lanes === 1
      ? ''
      : `${workgroupFunction('sum_of', lanes, 'a + b')}
${workgroupFunction('greatest_of', lanes, 'select(b, a, a >= b)')}`;
  return `${declarations(buffers)}
${shared}
${rowsMain(
  config,
  `let start = row * ${classes}u;
${kind === 'labels' ? 'let label = labels[row];' : ''}
let counts = ${labelled};
// Written so that NaN wins: the comparison is false for NaN, and then NaN is taken.
var greatest = logits[start + min(lane, ${classes - 1}u)];
${each('let z = logits[start + c]; greatest = select(z, greatest, greatest >= z);')}
let top = ${reduced('greatest', 'greatest')};
var powers = 0.0;
var mass = 0.0;
${each(`powers += exp(logits[start + c] - top); mass += ${target};`)}
let total = ${reduced('powers', 'sum')};
let targetMass = ${reduced('mass', 'sum')};
let logTotal = log(total);
var value = 0.0;
${each(`let t = ${target};
  let logProbability = logits[start + c] - top - logTotal;
  // A class with target 0 is left out and not multiplied by 0, because its logarithm may be −∞.
  value -= select(0.0, t * logProbability, t != 0.0);
  slopes[start + c] = select(0.0, exp(logProbability) * targetMass - t, counts > 0.0);`)}
let summed = ${reduced('value', 'sum')};
if (lane == 0u) { values[row] = select(0.0, summed, counts > 0.0); }`,
)}`;
}
