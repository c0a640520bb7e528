/**
 * Looking into weights and their gradients.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NamedVariable } from '../../src/models/parameters.ts';
import { Random } from '../../src/random/random.ts';

/** All weights by name. */
export async function readWeights(variables: readonly NamedVariable[]): Promise<Map<string, Float32Array>> {
  const weights = new Map<string, Float32Array>();
  for (const { name, variable } of variables) {
    weights.set(name, Float32Array.from(await variable.data()));
  }
  return weights;
}

/** Moves every weight a little, so that no gradient is zero only because a neighbour starts at zero. */
export function nudge(variables: readonly NamedVariable[]): void {
  const random = new Random('nudge');
  for (const { variable } of variables) {
    const values = Float32Array.from({ length: variable.size }, () => random.normal(0, 0.1));
    tf.tidy(() => variable.assign(tf.add(variable, tf.tensor(values, variable.shape))));
  }
}

/** Names of the weights that a loss has no gradient for, or one that is zero or not finite everywhere. */
export async function zeroGradients(
  loss: () => tf.Scalar,
  variables: readonly NamedVariable[],
): Promise<string[]> {
  const { value, grads } = tf.variableGrads(
    loss,
    variables.map(({ variable }) => variable),
  );
  const zero: string[] = [];
  for (const { name, variable } of variables) {
    const gradient = grads[variable.name];
    const values = gradient ? await gradient.data() : new Float32Array(1);
    if (!values.some((entry) => entry !== 0) || !values.every(Number.isFinite)) zero.push(name);
  }
  tf.dispose([value, ...Object.values(grads)]);
  return zero;
}

/** Steps of 0.01 against the sign of each gradient, which is how Adam begins. */
export function descend(loss: () => tf.Scalar, variables: readonly NamedVariable[], steps: number): void {
  for (let step = 0; step < steps; step++) {
    const { value, grads } = tf.variableGrads(
      loss,
      variables.map(({ variable }) => variable),
    );
    for (const { variable } of variables) {
      const gradient = grads[variable.name]!;
      tf.tidy(() => variable.assign(tf.sub(variable, tf.mul(tf.sign(gradient), 0.01))));
    }
    tf.dispose([value, ...Object.values(grads)]);
  }
}
