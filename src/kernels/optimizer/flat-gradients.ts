/**
 * All gradients of a step in one buffer, and their global norm √Σ‖g‖², without reading anything back.
 *
 * R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural networks", ICML 2013,
 * https://arxiv.org/abs/1211.5063, section 3.2.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from '../../tensors/kernel.ts';
import { asTensor, bufferLimit, dispatch, emptyTensor, release } from '../../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../../tensors/webgpu-insides.ts';
import { joinTensors, type FlatLayout } from './flat-layout.ts';
import { tensorGroups } from '../tensor-groups.ts';
import { LINE, lineGroups, shader, typeOf, widthOf, workgroupFunction } from '../wgsl.ts';

/** The gradients of a step. */
export interface FlatGradients {
  /** [4 × (vectors + 1)]: the gradients as the layout says, then their norm and three zeros. */
  readonly values: tf.Tensor1D;
  /** NaN and infinity in any gradient show in it. */
  readonly norm: tf.Scalar;
}

/** Vectors that one thread copies, squares and adds. */
const perThread = 16;

/** √Σx² over all values of all arrays, added in double precision. */
export function globalNormReference(arrays: readonly Float32Array[]): number {
  let sum = 0;
  for (const array of arrays) for (const value of array) sum += value * value;
  return Math.sqrt(sum);
}

/**
 * Gathers the gradients.
 * @param gradients one a tensor of the layout, of its size; where one is missing the buffer holds anything, and the norm leaves it out.
 */
export function gatherGradients(
  layout: FlatLayout,
  gradients: readonly (tf.Tensor | undefined)[],
): FlatGradients {
  if (!onWebgpu()) return composed(layout, gradients);
  const present = layout.sizes.flatMap((size, i) => (gradients[i] && size > 0 ? [i] : []));
  const flat = emptyTensor([4 * (layout.vectors + 1)]);
  const groupsOf = (i: number): number => Math.ceil(Math.ceil(layout.sizes[i]! / 4) / (perThread * LINE));
  const total = present.reduce((sum, i) => sum + groupsOf(i), 0);
  const squares = emptyTensor([Math.max(1, total * LINE)]);
  const atOnce = bufferLimit() - 2;
  let first = 0;
  const vectorsOf = present.map((i) => Math.ceil(layout.sizes[i]! / 4));
  for (const group of tensorGroups(vectorsOf, atOnce)) {
    const some = group.map((place) => present[place]!);
    const groups = some.map(groupsOf);
    const key = `gather ${first} ${some.map((i) => `${layout.offsets[i]}:${layout.sizes[i]}`).join()}`;
    const start = first;
    const kernel: Kernel = { key, code: () => gatherShader(layout, some, groups, start) };
    const count = groups.reduce((sum, n) => sum + n, 0);
    dispatch(kernel, [flat, squares, ...some.map((i) => gradients[i]!)], lineGroups(count * LINE));
    first += count;
  }
  const norm = emptyTensor([]);
  const root: Kernel = {
    key: `gather norm ${layout.vectors} ${total}`,
    code: () => normShader(layout.vectors, total),
  };
  dispatch(root, [squares, flat, norm], [1]);
  release(squares);
  return { values: asTensor(flat), norm: asTensor(norm) };
}

/** The threads of a workgroup read neighbouring vectors, so that a graphics card reads whole lines of memory. */
function gatherShader(
  { sizes, offsets }: FlatLayout,
  some: readonly number[],
  groups: readonly number[],
  start: number,
): string {
  let past = 0;
  const branches = some.map((i, n) => {
    const from = past;
    past += groups[n]!;
    const size = sizes[i]!;
    const value =
      size % 4 === 0
        ? `g${n}[i]`
        : `vec4f(g${n}[4u * i], ${[1, 2, 3].map((k) => `select(0.0, g${n}[min(4u * i + ${k}u, ${size - 1}u)], 4u * i + ${k}u < ${size}u)`).join(', ')})`;
    return `if (workgroup < ${past}u) {
  let begin = (workgroup - ${from}u) * ${perThread * LINE}u + local;
  for (var i = begin; i < min(begin + ${perThread * LINE}u, ${Math.ceil(size / 4)}u); i += ${LINE}u) {
    let g = ${value};
    flat[${offsets[i]}u + i] = g;
    sum += dot(g, g);
  }
}`;
  });
  const across = lineGroups(past * LINE)[0];
  return shader(
    ['*flat: vec4f', '*squares: f32', ...some.map((i, n) => `g${n}: ${typeOf(widthOf(sizes[i]!))}`)],
    [LINE],
    `let local = id.x % ${LINE}u;
let workgroup = id.x / ${LINE}u + id.y * ${across}u;
if (workgroup >= ${past}u) { return; }
var sum = 0.0;
${branches.join(' else ')}
squares[${start * LINE}u + workgroup * ${LINE}u + local] = sum;`,
  );
}

function normShader(vectors: number, groups: number): string {
  return `${workgroupFunction('sum_of', LINE, 'a + b')}
${shader(
  ['squares: f32', '*flat: vec4f', '*norm: f32'],
  [LINE],
  `var sum = 0.0;
for (var i = id.x; i < ${groups * LINE}u; i += ${LINE}u) { sum += squares[i]; }
let root = sqrt(sum_of(id.x, sum));
if (id.x == 0u) {
  norm[0] = root;
  flat[${vectors}u] = vec4f(root, 0, 0, 0);
}`,
)}`;
}

function composed(layout: FlatLayout, gradients: readonly (tf.Tensor | undefined)[]): FlatGradients {
  const [values, norm] = tf.tidy(() => {
    const flat = joinTensors(layout, gradients);
    const root = tf.sqrt<tf.Scalar>(tf.sum(tf.square(flat)));
    return [tf.concat1d([flat, tf.reshape(root, [1]), tf.zeros([3])]), root] as [tf.Tensor1D, tf.Scalar];
  });
  return { values, norm };
}
