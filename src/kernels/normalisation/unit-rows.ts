/**
 * Rows divided by their Euclidean length, one dispatch forward and one back.
 *
 *   y = x / √Σx²,  dx = (dy − y · Σ(y · dy)) / √Σx²
 */
import * as tf from '@tensorflow/tfjs-core';
import { runsInSoftware } from '../../tensors/backend.ts';
import type { Kernel } from '../../tensors/kernel.ts';
import { asTensor, dispatch, emptyTensor } from '../../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../../tensors/webgpu-insides.ts';
import { rowGroups, rowsMain, type RowThreads } from '../row-threads.ts';
import { declarations, laneSum, typeOf, widthOf, workgroupFunction } from '../wgsl.ts';

/** y and dx for a weighting dy, by the definition, in double precision. @param x [rows, dimensions] row-major @param dy of x's shape */
export function unitRowsReference(
  x: Float32Array,
  dimensions: number,
  dy: Float32Array,
): { readonly y: Float32Array; readonly dx: Float32Array } {
  const [y, dx] = [new Float32Array(x.length), new Float32Array(x.length)];
  for (let start = 0; start < x.length; start += dimensions) {
    const row = Array.from(x.subarray(start, start + dimensions));
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    const along = row.reduce((sum, value, i) => sum + (value / length) * dy[start + i]!, 0);
    row.forEach((value, i) => {
      y[start + i] = value / length;
      dx[start + i] = (dy[start + i]! - (value / length) * along) / length;
    });
  }
  return { y, dx };
}

/**
 * Rows of length 1; a row of zeros becomes NaN, as dividing by its length makes it. Differentiable once.
 * @param x [rows, dimensions]
 * @param lanes threads to a row, a power of two; what suits the adapter when left out.
 */
export function unitRows(x: tf.Tensor2D, lanes = runsInSoftware() ? 1 : 64): tf.Tensor2D {
  const [rows, dimensions] = x.shape;
  if (!onWebgpu() || x.size === 0) return composed(x);
  const config = { rows, dimensions, lanes };
  return tf.customGrad((given, save) => {
    const y = emptyTensor([rows, dimensions]);
    const lengths = emptyTensor([rows]);
    const forward: Kernel = { key: `unitRows ${JSON.stringify(config)}`, code: () => forwardShader(config) };
    dispatch(forward, [given as tf.Tensor, y, lengths], rowGroups(config));
    const value = asTensor<tf.Tensor2D>(y);
    (save as tf.GradSaveFunc)([value, asTensor(lengths)]);
    const gradFunc = (dy: tf.Tensor, [unit, kept]: tf.Tensor[]): tf.Tensor => {
      const dx = emptyTensor([rows, dimensions]);
      const kernel: Kernel = {
        key: `unitRows gradient ${JSON.stringify(config)}`,
        code: () => gradientShader(config),
      };
      dispatch(kernel, [dy, unit!, kept!, dx], rowGroups(config));
      return asTensor(dx);
    };
    return { value, gradFunc };
  })(x);
}

function composed(x: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.div<tf.Tensor2D>(x, tf.sqrt(tf.sum(tf.square(x), 1, true))));
}

interface Config extends RowThreads {
  readonly dimensions: number;
}

/** A shader in which each row has `lane` of its threads, `count` vectors from `start` on, and `summed(text)` over them. */
function rowsShader(
  config: Config,
  buffers: (type: string) => readonly string[],
  body: (parts: {
    readonly type: string;
    readonly each: (text: string) => string;
    readonly summed: (value: string) => string;
  }) => string,
): string {
  const { dimensions, lanes } = config;
  const width = widthOf(dimensions);
  const count = dimensions / width;
  const text = body({
    type: typeOf(width),
    each: (step) => `for (var i = lane; i < ${count}u; i += ${lanes}u) { ${step} }`,
    summed: (value) => (lanes === 1 ? laneSum(value, width) : `sum_of(lane, ${laneSum(value, width)})`),
  });
  return `${declarations(buffers(typeOf(width)))}
${lanes === 1 ? '' : workgroupFunction('sum_of', lanes, 'a + b')}
${rowsMain(config, `let start = row * ${count}u;\n${text}`)}`;
}

function forwardShader(config: Config): string {
  return rowsShader(
    config,
    (type) => [`x: ${type}`, `*y: ${type}`, '*lengths: f32'],
    ({ type, each, summed }) => `var squares = ${type}(0);
${each('let v = x[start + i]; squares += v * v;')}
let length = sqrt(${summed('squares')});
${each('y[start + i] = x[start + i] / length;')}
if (lane == 0u) { lengths[row] = length; }`,
  );
}

function gradientShader(config: Config): string {
  return rowsShader(
    config,
    (type) => [`dy: ${type}`, `y: ${type}`, 'lengths: f32', `*dx: ${type}`],
    ({ type, each, summed }) => `var along = ${type}(0);
${each('along += y[start + i] * dy[start + i];')}
let total = ${summed('along')};
let length = lengths[row];
${each('dx[start + i] = (dy[start + i] - y[start + i] * total) / length;')}`,
  );
}
