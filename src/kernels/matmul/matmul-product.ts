/**
 * What a matrix product multiplies, and the product by its definition.
 */

/** C = A·B of one batch entry, with A [rows, inner] and B [inner, columns] after the transpositions. */
export interface Product {
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  /** A lies in memory as [inner, rows]. */
  readonly transposeA: boolean;
  /** B lies in memory as [columns, inner]. */
  readonly transposeB: boolean;
  /** One A (or B) serves the whole batch. */
  readonly sharedA: boolean;
  readonly sharedB: boolean;
}

/** C in row-major order, [batch, rows, columns], by the definition. */
export function matMulReference(a: Float32Array, b: Float32Array, p: Product): Float32Array {
  const c = new Float32Array(p.batch * p.rows * p.columns);
  for (let n = 0, at = 0; n < p.batch; n++) {
    const a0 = p.sharedA ? 0 : n * p.rows * p.inner;
    const b0 = p.sharedB ? 0 : n * p.inner * p.columns;
    for (let i = 0; i < p.rows; i++) {
      for (let j = 0; j < p.columns; j++, at++) {
        let sum = 0;
        for (let k = 0; k < p.inner; k++) {
          const left = a[a0 + (p.transposeA ? k * p.rows + i : i * p.inner + k)]!;
          sum += left * b[b0 + (p.transposeB ? j * p.inner + k : k * p.columns + j)]!;
        }
        c[at] = sum;
      }
    }
  }
  return c;
}
