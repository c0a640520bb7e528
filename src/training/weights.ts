/**
 * Weights between the device and the host: named Float32Arrays, as checkpoints keep them.
 */
import * as tf from '@tensorflow/tfjs-core';
import { assignInPlace } from '../kernels/assign.ts';
import type { NamedVariable } from '../models/parameters.ts';

/** Values by weight name. */
export type Weights = Readonly<Record<string, Float32Array>>;

/**
 * Reads the present values of variables.
 * @returns copies: training on does not change them.
 */
export async function readWeights(variables: readonly NamedVariable[]): Promise<Weights> {
  // The tensors are named first and read afterwards: an assignment during the wait must not mix two steps.
  const reads = variables.map(async ({ name, variable }) => {
    const values = await variable.data();
    return [name, new Float32Array(values)] as const;
  });
  return Object.fromEntries(await Promise.all(reads));
}

/**
 * Sets variables to values that were read before.
 *
 * All values travel in one upload and are cut apart on the device, so that no weight stays on the host, where TensorFlow.js would compute
 * small operations with another rounding than on the device. So training continues bit for bit.
 * @throws RangeError when a weight is missing or has another size; nothing is changed then.
 */
export function writeWeights(variables: readonly NamedVariable[], weights: Weights): void {
  assertWeightsFit(variables, weights);
  tf.tidy(() => {
    const flat = tf.tensor1d(concatenated(variables, weights));
    let offset = 0;
    for (const { variable } of variables) {
      assignInPlace(variable, tf.reshape(tf.slice(flat, offset, variable.size), variable.shape));
      offset += variable.size;
    }
  });
}

/** @throws RangeError naming the first weight that is missing or has another size. */
export function assertWeightsFit(variables: readonly NamedVariable[], weights: Weights): void {
  for (const { name, variable } of variables) {
    const size = weights[name]?.length;
    if (size !== variable.size) {
      throw new RangeError(
        `writeWeights: weight "${name}" must have ${variable.size} values, got ${size ?? 'none'}; the checkpoint belongs to another model`,
      );
    }
  }
}

/** The name of the first weight with a value that is NaN or infinite; undefined when all are finite. */
export function firstNotFinite(weights: Weights): string | undefined {
  return Object.keys(weights).find((name) => !weights[name]!.every(Number.isFinite));
}

/** Whether all values are 0, as after a device was lost without an error. */
export function areAllZero(weights: Weights): boolean {
  return Object.values(weights).every((values) => values.every((value) => value === 0));
}

/** TensorFlow.js keeps tensors below this size on the host until an operation needs them on the device. */
const smallestDeviceTensor = 1000;

function concatenated(variables: readonly NamedVariable[], weights: Weights): Float32Array {
  const size = variables.reduce((sum, { variable }) => sum + variable.size, 0);
  const flat = new Float32Array(Math.max(size, smallestDeviceTensor));
  let offset = 0;
  for (const { name, variable } of variables) {
    flat.set(weights[name]!, offset);
    offset += variable.size;
  }
  return flat;
}
