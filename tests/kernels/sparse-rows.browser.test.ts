/** Sparse rows times a table on WebGPU, against the definition and the cpu backend. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  NO_COLUMN,
  packSparseRow,
  sparseProduct,
  sparseProductReference,
  type SparseRow,
} from '../../src/kernels/sparse-rows.ts';
import { Random } from '../../src/random/random.ts';
import { startWebgpu } from '../../src/tensors/backend.ts';
import { difference, draws, hasWebgpu, on } from './device.ts';

const webgpu = await hasWebgpu();
/** float32 sums of up to 300 normal draws. */
const TOLERANCE = 2e-6;

/** Rows with up to `most` numbers; the first is empty, the last has `most` where there is room. */
function drawRows(count: number, most: number, columns: number): SparseRow[] {
  const random = new Random(`${count}/${most}/${columns}`);
  return Array.from({ length: count }, (_, row) => {
    const wanted = row === 0 && count > 1 ? 0 : row === count - 1 ? most : random.integer(most + 1);
    const all = Array.from({ length: columns }, (_unused, column) => [random.uniform(), column] as const);
    const taken = all.sort((a, b) => a[0] - b[0]).slice(0, wanted);
    const own = Int32Array.from(taken, ([, column]) => column).sort();
    return { columns: own, values: Float32Array.from(own, () => random.normal()) };
  });
}

function packed(rows: readonly SparseRow[], pairs: number): tf.Tensor2D {
  const numbers = rows.flatMap((row) => [...packSparseRow(row, pairs)]);
  return tf.tensor2d(Int32Array.from(numbers), [rows.length, 2 * pairs], 'int32');
}

// Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)('sparse rows on WebGPU (skipped where the browser has no WebGPU adapter)', () => {
  beforeAll(async () => {
    await startWebgpu();
  });

  it.each([
    [1, 1, 1, 1],
    [3, 2, 5, 7],
    [17, 6, 40, 12],
    [64, 100, 604, 64],
    [70, 31, 129, 68], // a last span that is not whole
    [5, 300, 300, 132],
  ])('%i rows of up to %i numbers in %i columns, %i outputs', async (count, most, columns, outputs) => {
    const rows = drawRows(count, most, columns);
    const table = draws([columns, outputs], 'table');
    const compute = (): tf.Tensor[] => [
      sparseProduct(packed(rows, most + 2), tf.tensor2d(table, [columns, outputs])),
    ];
    const reference = sparseProductReference(rows, table, outputs);
    for (const backend of ['webgpu', 'cpu'] as const) {
      const [product] = await on(backend, compute);
      expect(difference(product!, reference), backend).toBeLessThan(TOLERANCE);
    }
  });

  it('lets what is not finite through to the rows that hold it only', async () => {
    const rows = [
      { columns: Int32Array.of(0, 2), values: Float32Array.of(1, 2) },
      { columns: Int32Array.of(1), values: Float32Array.of(3) },
    ];
    const [value] = await on('webgpu', () => [
      sparseProduct(packed(rows, 4), tf.tensor2d([1, 2, 3, 4, Infinity, NaN], [3, 2])),
    ]);
    expect([...value!]).toEqual([Infinity, NaN, 9, 12]);
  });

  it('has no gradient, and says so', () => {
    const rows = packed([{ columns: Int32Array.of(0), values: Float32Array.of(1) }], 1);
    const slope = tf.grad((table) => sparseProduct(rows, table as tf.Tensor2D));
    expect(() => slope(tf.ones([2, 2]))).toThrow('no gradient');
  });

  it('packs columns, then the bits of values; what does not fit is refused', () => {
    const row = { columns: Int32Array.of(4, 9), values: Float32Array.of(1, -2) };
    expect([...packSparseRow(row, 3)]).toEqual([4, 9, NO_COLUMN, 0x3f80_0000, 0xc000_0000 | 0, 0]);
    expect(() => packSparseRow(row, 1)).toThrow('2 numbers do not fit 1 pairs');
  });
});
