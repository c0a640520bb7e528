/**
 * Rows divided by their Euclidean length, one dispatch forward and one back.
 *
 *   y = x / √Σx²,  dx = (dy − y · Σ(y · dy)) / √Σx²
 */
import * as tf from '@tensorflow/tfjs-core';
import { runsInSoftware } from '../tensors/backend.ts';
import type { Kernel, Workgroups } from '../tensors/kernel.ts';
import { asTensor, dispatch, emptyTensor } from '../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../tensors/webgpu-insides.ts';
import { declarations, laneSum, typeOf, widthOf, workgroupFunction } from './wgsl.ts';

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
    dispatch(forward, [given as tf.Tensor, y, lengths], groupsOf(config));
    const value = asTensor<tf.Tensor2D>(y);
    (save as tf.GradSaveFunc)([value, asTensor(lengths)]);
    const gradFunc = (dy: tf.Tensor, [unit, kept]: tf.Tensor[]): tf.Tensor => {
      const dx = emptyTensor([rows, dimensions]);
      const kernel: Kernel = {
        key: `unitRows gradient ${JSON.stringify(config)}`,
        code: () => gradientShader(config),
      };
      dispatch(kernel, [dy, unit!, kept!, dx], groupsOf(config));
      return asTensor(dx);
    };
    return { value, gradFunc };
  })(x);
}

function composed(x: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.div<tf.Tensor2D>(x, tf.sqrt(tf.sum(tf.square(x), 1, true))));
}

interface Config {
  readonly rows: number;
  readonly dimensions: number;
  readonly lanes: number;
}

/** Rows to a workgroup when each is the work of one thread. */
const together = 8;

function groupsOf({ rows, lanes }: Config): Workgroups {
  const groups = lanes === 1 ? Math.ceil(rows / together) : rows;
  const across = Math.min(groups, 32768);
  return [across, Math.ceil(groups / across)];
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
  const { rows, dimensions, lanes } = config;
  const width = widthOf(dimensions);
  const count = dimensions / width;
  const across = groupsOf(config)[0];
  const thread =
    lanes === 1
      ? `let row = (group.x + group.y * ${across}u) * ${together}u + local;\nconst lane = 0u;`
      : `let row = group.x + group.y * ${across}u;\nlet lane = local;`;
  return `${declarations(buffers(typeOf(width)))}
${lanes === 1 ? '' : workgroupFunction('sum_of', lanes, 'a + b')}
@compute @workgroup_size(${lanes === 1 ? together : lanes})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
${thread}
if (row >= ${rows}u) { return; }
let start = row * ${count}u;
${body({
  type: typeOf(width),
  each: (text) => `for (var i = lane; i < ${count}u; i += ${lanes}u) { ${text} }`,
  summed: (value) => (lanes === 1 ? laneSum(value, width) : `sum_of(lane, ${laneSum(value, width)})`),
})}
}`;
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
