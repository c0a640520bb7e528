/** A loss and its gradients against a case of the golden numbers. */
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { excess, numbers, type ReferenceArray, type ReferenceCase } from './reference.ts';

type Arrays = Readonly<Record<string, ReferenceArray>>;

/** A tensor with a reference array's numbers, float32 unless it holds integers. */
export function tensorOf(array: ReferenceArray): tf.Tensor {
  return tf.tensor(numbers(array), [...array.shape], array.dtype === 'int' ? 'int32' : 'float32');
}

/** Compares an array of the case with numbers of ours. */
export function expectAgrees(
  { name, tolerance }: ReferenceCase,
  what: string,
  got: ArrayLike<number>,
  expected: ReferenceArray,
): void {
  const { atol, rtol } = tolerance!;
  expect(excess(got, expected, atol, rtol), `${name}: ${what}`).toBeLessThanOrEqual(0);
}

/**
 * Compares a loss and its gradients with the case's.
 * @param loss of all inputs, in their order in the case; differentiated in those that the case has a gradient for.
 */
export async function checkLoss(
  reference: ReferenceCase,
  loss: (...inputs: tf.Tensor[]) => tf.Scalar,
): Promise<void> {
  const { name, tolerance, gradients = {} } = reference;
  const { atol, rtol, gradient_atol = atol, gradient_rtol = rtol } = tolerance!;
  const inputs = Object.entries(reference.inputs as Arrays).map(
    ([input, array]) => [input, tensorOf(array)] as const,
  );
  const differentiated = inputs.filter(([input]) => gradients[input]);
  expect(differentiated.length, `${name}: inputs with a gradient`).toBe(Object.keys(gradients).length);
  expect(differentiated.length, `${name}: inputs with a gradient`).toBeGreaterThan(0);
  const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) => {
    const all = inputs.map(([input, tensor]) => {
      const place = differentiated.findIndex(([other]) => other === input);
      return place < 0 ? tensor : given[place]!;
    });
    return loss(...all);
  })(differentiated.map(([, tensor]) => tensor));
  const expected = (reference.expected as Arrays)['loss']!;
  expectAgrees(reference, 'loss', await value.data(), expected);
  for (const [i, [input]] of differentiated.entries()) {
    const difference = excess(await grads[i]!.data(), gradients[input]!, gradient_atol, gradient_rtol);
    expect(difference, `${name}: gradient of ${input}`).toBeLessThanOrEqual(0);
  }
  tf.dispose([value, grads, inputs.map(([, tensor]) => tensor)]);
}
