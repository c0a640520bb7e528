/**
 * The affine map of a layer with what stands around it, as few dispatches: linear(x) = activation(x·W + b) + residual, and the two-layer
 * perceptron of transformers, whose hidden gradient leaves its product already multiplied by GELU′.
 *
 * Forward one dispatch per layer; backward one for the input, one for weight and bias (and sums of parts where the product is split).
 */
import * as tf from '@tensorflow/tfjs-core';
import { asTensor, heldAsFloat } from '../../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../../tensors/webgpu-insides.ts';
import { gelu, geluReference, timesGeluGradient } from '../gelu.ts';
import { matMul, type Ending, type Multiplied } from './matmul.ts';
import { matMulReference, type Product } from './matmul-product.ts';

/** Weight [inputs, outputs] and bias [outputs] of a layer. */
export interface Affine {
  readonly weight: tf.Tensor;
  readonly bias: tf.Tensor;
}

/** What follows the affine map. */
export interface LinearEnding {
  readonly activation?: 'linear' | 'gelu';
  /** [..., outputs], added to the result. */
  readonly residual?: tf.Tensor | undefined;
}

/**
 * activation(x·W + b) + residual over the last axis; differentiable once in every tensor.
 * @param x [..., inputs] @returns [..., outputs]
 */
export function linear(x: tf.Tensor, { weight, bias }: Affine, options: LinearEnding = {}): tf.Tensor {
  const { activation = 'linear', residual } = options;
  if (!runsHere(x)) {
    const y = composedLinear(x, { weight, bias });
    const activated = activation === 'gelu' ? gelu(y) : y;
    return residual ? tf.add(activated, residual) : activated;
  }
  const curved = activation === 'gelu';
  const op = tf.customGrad((...args) => {
    const [input, w, b, added] = args as tf.Tensor[];
    const save = args.at(-1) as tf.GradSaveFunc;
    const { c, activationInput } = forward(input!, w!, {
      ...{ bias: b!, activation, keepsInput: curved },
      residual: residual ? added : undefined,
    });
    save([input!, w!, ...(activationInput ? [asTensor(activationInput)] : [])]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [from, through, before] = saved;
      const d = before ? timesGeluGradient(dy, before) : dy;
      const gradients = [inputGradient(d, through!, from!.shape), ...weightGradients(from!, d)];
      return residual ? [...gradients, dy] : gradients;
    };
    return { value: asTensor(c), gradFunc };
  });
  return op(x, weight, bias, ...(residual ? [residual] : []));
}

/**
 * second(GELU(first(x))) + residual over the last axis; differentiable once in every tensor.
 * @param x [..., inputs] @returns [..., outputs]
 */
export function perceptron(x: tf.Tensor, first: Affine, second: Affine, residual?: tf.Tensor): tf.Tensor {
  if (!runsHere(x)) {
    return linear(linear(x, first, { activation: 'gelu' }), second, { residual });
  }
  const op = tf.customGrad((...args) => {
    const [input, w1, b1, w2, b2, added] = args as tf.Tensor[];
    const save = args.at(-1) as tf.GradSaveFunc;
    const hidden = forward(input!, w1!, { bias: b1!, activation: 'gelu', keepsInput: true });
    const [h, before] = [asTensor(hidden.c), asTensor(hidden.activationInput!)];
    const { c } = forward(h, w2!, { bias: b2!, residual: residual ? added : undefined });
    save([input!, w1!, w2!, h, before]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [from, through1, through2, middle, at] = saved as [
        ...[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor],
      ];
      const d = inputGradient(dy, through2, middle.shape, at);
      const gradients = [
        inputGradient(d, through1, from.shape),
        ...weightGradients(from, d),
        ...weightGradients(middle, dy),
      ];
      return residual ? [...gradients, dy] : gradients;
    };
    return { value: asTensor(c), gradFunc };
  });
  const { weight, bias } = first;
  return op(x, weight, bias, second.weight, second.bias, ...(residual ? [residual] : []));
}

/** linear(x) in row-major order, by the definition; x [rows, inner], weight [inner, columns], residual [rows, columns]. */
export function linearReference(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  activation: 'linear' | 'gelu' = 'linear',
  residual?: Float32Array,
): Float32Array {
  const columns = bias.length;
  const inner = weight.length / columns;
  const product = matMulReference(x, weight, productOf({ rows: x.length / inner, inner, columns }));
  return product.map((sum, i) => {
    const y = sum + bias[i % columns]!;
    return (activation === 'gelu' ? geluReference(y).value : y) + (residual?.[i] ?? 0);
  });
}

/** Whether our kernels can take x; what is held as integers or is empty is left to TensorFlow.js. */
function runsHere(x: tf.Tensor): boolean {
  return onWebgpu() && x.size > 0 && heldAsFloat(x);
}

/** x·W and its ending, x seen as rows. */
function forward(x: tf.Tensor, weight: tf.Tensor, ending: Ending): Multiplied {
  const [inner, columns] = weight.shape as [number, number];
  const shape = [...x.shape.slice(0, -1), columns];
  return matMul(x, weight, productOf({ rows: x.size / inner, inner, columns }), shape, ending);
}

/** dy·Wᵀ, times GELU′(at) where `at` is given. */
function inputGradient(dy: tf.Tensor, weight: tf.Tensor, shape: number[], at?: tf.Tensor): tf.Tensor {
  const [columns, inner] = weight.shape as [number, number];
  const product = productOf({ rows: dy.size / inner, inner, columns, transposeB: true });
  return asTensor(matMul(dy, weight, product, shape, at ? { geluGradientAt: at } : {}).c);
}

/** xᵀ·dy and the column sums of dy. */
function weightGradients(x: tf.Tensor, dy: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const [rows, columns] = [x.shape.at(-1)!, dy.shape.at(-1)!];
  const product = productOf({ rows, inner: x.size / rows, columns, transposeA: true });
  const { c, columnSums } = matMul(x, dy, product, [rows, columns], { sumsColumns: true });
  return [asTensor(c), asTensor(columnSums!)];
}

function productOf(sizes: Pick<Product, 'rows' | 'inner' | 'columns'> & Partial<Product>): Product {
  return { batch: 1, transposeA: false, transposeB: false, sharedA: false, sharedB: false, ...sizes };
}

function composedLinear(x: tf.Tensor, { weight, bias }: Affine): tf.Tensor {
  const rows = tf.reshape(x, [-1, weight.shape[0]]);
  const y = tf.add(tf.matMul(rows, weight as tf.Tensor2D), bias);
  return tf.reshape(y, [...x.shape.slice(0, -1), weight.shape[1]!]);
}
