/**
 * A table of vectors looked up by token id.
 */
import * as tf from '@tensorflow/tfjs-core';
import { gatherRows } from '../../kernels/embedding.ts';
import type { ParameterScope } from '../parameter-scope.ts';
import { truncatedNormal } from './initializers.ts';

/** A table and its look-up; the table is shared with decoders that are tied to it. */
export interface Embedding {
  /** [count, dimensions] */
  readonly table: tf.Variable;
  /** @param ids int32, any shape, in [0, count). @returns [...ids' shape, dimensions] */
  readonly lookUp: (ids: tf.Tensor) => tf.Tensor;
}

/** Builds "weight" [count, dimensions], truncated normal 0.02. */
export function buildEmbedding(scope: ParameterScope, count: number, dimensions: number): Embedding {
  const table = scope.weight('weight', [count, dimensions], truncatedNormal(0.02));
  return {
    table,
    lookUp: (ids) => {
      const rows = gatherRows(table as tf.Tensor2D, tf.reshape(ids, [-1]));
      return tf.reshape(rows, [...ids.shape, dimensions]);
    },
  };
}
