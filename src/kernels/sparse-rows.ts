/**
 * The product of sparse rows with a table on WebGPU: a report holds a hundred of a vocabulary's thousands of terms, and only these are read,
 * multiplied and sent to the device. Forward only: a gradient by column would have to look for its column in every row, which takes longer than
 * the product with the zeros.
 */
import * as tf from '@tensorflow/tfjs-core';
import { asTensor, dispatch, emptyTensor } from '../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../tensors/webgpu-insides.ts';
import { LINE, lineGroups, lineThread, repeat, shader, typeOf, widthOf } from './wgsl.ts';

/** The column of a pair that is not used; it stands behind all that are. */
export const NO_COLUMN = 0x7fff_ffff;

/** A row of few numbers other than zero. */
export interface SparseRow {
  /** Columns of the numbers, ascending. */
  readonly columns: Int32Array;
  readonly values: Float32Array;
}

/**
 * A row as `sparseProduct` takes it: `pairs` columns, then the bits of as many values; pairs that are not used have NO_COLUMN and 0.
 * @throws RangeError when the row has more numbers than there are pairs.
 */
export function packSparseRow({ columns, values }: SparseRow, pairs: number): Int32Array {
  if (columns.length > pairs)
    throw new RangeError(`packSparseRow: ${columns.length} numbers do not fit ${pairs} pairs`);
  const packed = new Int32Array(2 * pairs).fill(NO_COLUMN, columns.length, pairs);
  packed.set(columns);
  packed.set(new Int32Array(values.buffer, values.byteOffset, values.length), pairs);
  return packed;
}

/**
 * rows · table; not differentiable.
 * @param rows int32 [count, 2 · pairs], each as `packSparseRow` gives it. @param table [columns, outputs]. @returns [count, outputs]
 */
export function sparseProduct(rows: tf.Tensor2D, table: tf.Tensor2D): tf.Tensor2D {
  const ours = onWebgpu() && rows.size > 0 && table.size > 0;
  const product = tf.customGrad((weights) => ({
    value: ours
      ? multiplied(rows, weights as tf.Tensor2D)
      : tf.matMul(denseRows(rows, table.shape[0]), weights as tf.Tensor2D),
    gradFunc: () => {
      throw new Error('sparseProduct has no gradient: train on rows with their zeros');
    },
  }));
  return product(table) as tf.Tensor2D;
}

/** rows · table of plain numbers, summed in double precision: [rows, outputs]. */
export function sparseProductReference(
  rows: readonly SparseRow[],
  table: Float32Array,
  outputs: number,
): Float32Array {
  return Float32Array.from({ length: rows.length * outputs }, (_, i) => {
    const { columns, values } = rows[Math.floor(i / outputs)]!;
    return columns.reduce((sum, column, k) => sum + values[k]! * table[column * outputs + (i % outputs)]!, 0);
  });
}

/** The rows with their zeros, for other backends. */
function denseRows(rows: tf.Tensor2D, columns: number): tf.Tensor2D {
  const [count, width] = rows.shape;
  const pairs = width / 2;
  const packed = rows.dataSync();
  const values = new Float32Array(Int32Array.from(packed).buffer);
  const dense = new Float32Array(count * columns);
  for (let row = 0; row < count; row++)
    for (let pair = row * width; pair < row * width + pairs; pair++)
      if (packed[pair]! < columns) dense[row * columns + packed[pair]!] = values[pair + pairs]!;
  return tf.tensor2d(dense, [count, columns]);
}

/** Vectors of outputs to a thread: its row's columns are read once for all of them. */
const SPAN = 4;

function multiplied(rows: tf.Tensor2D, table: tf.Tensor2D): tf.Tensor {
  const [count, rowWidth] = rows.shape;
  const [columns, outputs] = table.shape;
  const width = widthOf(outputs);
  const [vectors, type] = [outputs / width, typeOf(width)];
  const groups = Math.ceil(vectors / SPAN);
  const valid = (i: number, text: string): string =>
    vectors % SPAN === 0 || i === 0 ? text : `if (first + ${i}u < ${vectors}u) { ${text} }`;
  const threads = count * groups;
  const result = emptyTensor([count, outputs]);
  const pairs = rowWidth / 2;
  const kernel = {
    key: `sparse product ${[count, pairs, columns, outputs].join()}`,
    integers: [0],
    code: () =>
      shader(
        ['rows: i32', `table: ${type}`, `*result: ${type}`],
        [LINE],
        `${lineThread(threads)}
let row = thread / ${groups}u;
let first = (thread % ${groups}u) * ${SPAN}u;
let start = row * ${rowWidth}u;
${repeat(SPAN, (i) => `var sum${i} = ${type}(0);`)}
for (var pair = 0u; pair < ${pairs}u; pair++) {
  let column = rows[start + pair];
  if (column >= ${columns}) { break; }
  let value = bitcast<f32>(rows[start + ${pairs}u + pair]);
  let source = u32(column) * ${vectors}u + first;
${repeat(SPAN, (i) => valid(i, `sum${i} += value * table[source + ${i}u];`))}
}
let to = row * ${vectors}u + first;
${repeat(SPAN, (i) => valid(i, `result[to + ${i}u] = sum${i};`))}`,
      ),
  };
  dispatch(kernel, [rows, table, result], lineGroups(threads));
  return asTensor(result);
}
