/**
 * Blocks that keep only their inputs for the backward pass and run again in it: less memory for about one more forward pass.
 *
 * T. Chen, B. Xu, C. Zhang, C. Guestrin, "Training deep nets with sublinear memory cost", 2016, https://arxiv.org/abs/1604.06174.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ParameterScope } from './parameter-scope.ts';

/**
 * f(…inputs), of which nothing but the inputs is kept; the backward pass computes f once more.
 *
 * The gradients are those of f itself, bit for bit, where each input goes into f only; an input that is used elsewhere too gets the sum
 * of its parts in another order.
 * @param f gives the same numbers whenever it runs on the same inputs and variables, and writes no variable (batch normalisation, which
 *   writes its running statistics, would do so twice).
 * @param inputs float32 tensors through which f is differentiated.
 * @param variables those that f uses; a gradient reaches no other.
 * @param constants what f is given after its inputs and not differentiated through (films, token ids); f must take no tensor from elsewhere,
 *   which would be gone by the backward pass.
 * @throws RangeError in the backward pass when f's result does not depend on one of the inputs or variables.
 */
export function recomputed<Result extends tf.Tensor>(
  f: (...inputs: tf.Tensor[]) => Result,
  inputs: readonly tf.Tensor[],
  variables: readonly tf.Variable[],
  constants: readonly tf.Tensor[] = [],
): Result {
  const count = inputs.length;
  const run = tf.customGrad((...all) => {
    const save = all.at(-1) as unknown as tf.GradSaveFunc;
    const given = all.slice(0, count) as tf.Tensor[];
    save([...given, ...constants]);
    const gradFunc = (dy: Result, saved: tf.Tensor[]): tf.Tensor[] => {
      const fixed = saved.slice(count);
      return gradientsOf((...again) => f(...again, ...fixed), saved.slice(0, count), variables, dy);
    };
    return { value: f(...given, ...constants), gradFunc };
  });
  return run(...inputs, ...variables);
}

/**
 * A block that is `recomputed`: its first argument is its input, the rest are settings; its variables are those that `build` registers.
 * @throws RangeError when the block registers buffers, which a second run would write again.
 */
export function recomputedBlock<Input extends tf.Tensor, Rest extends readonly unknown[]>(
  scope: ParameterScope,
  build: () => (x: Input, ...rest: Rest) => Input,
): (x: Input, ...rest: Rest) => Input {
  const [weights, buffers] = [scope.variables.length, scope.buffers.length];
  const block = build();
  if (scope.buffers.length > buffers) {
    throw new RangeError(
      `recomputedBlock: "${scope.buffers[buffers]!.name}" would be updated twice a step; a block that is recomputed must keep no statistics`,
    );
  }
  const variables = scope.variables.slice(weights).map(({ variable }) => variable);
  return (x, ...rest) => recomputed((y) => block(y as Input, ...rest), [x], variables);
}

/** Gradients of f for its inputs, then for its variables. */
function gradientsOf<Result extends tf.Tensor>(
  f: (...inputs: tf.Tensor[]) => Result,
  inputs: tf.Tensor[],
  variables: readonly tf.Variable[],
  dy: Result,
): tf.Tensor[] {
  const { state } = tf.engine();
  const outerTape = state.activeTape;
  try {
    return tf.tidy(() => {
      const sources = [...inputs, ...variables];
      const { grads } = tf.engine().gradients(() => f(...inputs), sources, dy, true);
      const missing = grads.findIndex((gradient: tf.Tensor | undefined) => !gradient);
      if (missing >= 0) {
        const name = variables[missing - inputs.length]?.name ?? `input ${missing}`;
        throw new RangeError(`recomputed: the result does not depend on "${name}"`);
      }
      return grads;
    });
  } finally {
    // Computing a gradient within a backward pass starts a new tape and drops the current one, whose tensors are still to be freed.
    state.activeTape = outerTape;
  }
}
