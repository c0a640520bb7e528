/**
 * Projection heads: what stands between an embedding and a loss of pre-training, and is thrown away afterwards.
 */
import * as tf from '@tensorflow/tfjs-core';
import { standardisedColumns } from '../kernels/normalisation/standardised-columns.ts';
import { constant, kaimingNormal } from './layers/initializers.ts';
import { buildLinear } from './layers/linear.ts';
import type { ParameterScope } from './parameter-scope.ts';

/** The map over [batch, inputs]. */
export type Projection = (x: tf.Tensor2D) => tf.Tensor2D;

/** The shape of a projection head. */
export interface ProjectionConfig {
  /** Width of the input, of each hidden layer, and of the output. */
  readonly widths: readonly number[];
  /** True normalises each hidden layer over the batch, with a learned scale and shift; the head keeps no running statistics. */
  readonly batchNorm: boolean;
}

const epsilon = 1e-5;

/** Builds layers "0", "1", … with a ReLU between them. @throws RangeError with fewer than two widths. */
export function buildProjection(scope: ParameterScope, { widths, batchNorm }: ProjectionConfig): Projection {
  if (widths.length < 2) throw new RangeError('buildProjection: expected the widths of input and output');
  const layers = widths.slice(1).map((outputs, i): Projection => {
    const layer = scope.within(i);
    const inputs = widths[i]!;
    const map = buildLinear(layer, inputs, outputs, { weight: kaimingNormal(inputs) });
    if (i === widths.length - 2) return (x) => map(x);
    const normalise = batchNorm ? buildBatchNormOfRows(layer.within('norm'), outputs) : null;
    return (x) => tf.relu(normalise ? normalise(map(x)) : map(x));
  });
  return (x) => layers.reduce((value, layer) => layer(value), x);
}

/** (x − mean) / √(variance + 1e-5) · weight + bias over the batch; gradients flow through mean and variance. */
function buildBatchNormOfRows(scope: ParameterScope, width: number): Projection {
  const weight = scope.weight('weight', [width], constant(1));
  const bias = scope.weight('bias', [width], constant(0));
  return (x) => tf.add(tf.mul(standardisedColumns(x, epsilon), weight), bias);
}
