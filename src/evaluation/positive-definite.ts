/**
 * Systems of equations with a symmetric positive definite matrix.
 */

/**
 * Solves A·x = b by Cholesky's factorization A = L·Lᵀ.
 * @param a [n, n], symmetric and positive definite; only its lower triangle is read, and it is overwritten with L. @param b [n].
 * @returns x [n]. @throws RangeError when A is not positive definite.
 */
export function solvePositiveDefinite(a: readonly Float64Array[], b: Float64Array): Float64Array {
  const n = b.length;
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i]![j]!;
      for (let k = 0; k < j; k++) sum -= a[i]![k]! * a[j]![k]!;
      if (i === j && !(sum > 0))
        throw new RangeError('solvePositiveDefinite: the problem has no single optimum');
      a[i]![j] = i === j ? Math.sqrt(sum) : sum / a[j]![j]!;
    }
    for (let k = 0; k < i; k++) x[i]! -= a[i]![k]! * x[k]!;
    x[i]! /= a[i]![i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= a[k]![i]! * x[k]!;
    x[i]! /= a[i]![i]!;
  }
  return x;
}
