/**
 * Ridge regression of several targets at once: least squares with a penalty on the weights (Hoerl and Kennard, Technometrics 12, 1970).
 */
import { solvePositiveDefinite } from './positive-definite.ts';

/**
 * Weights w that minimize Σᵢ (yᵢ − xᵢ·w)² + penalty·‖w‖² for each column y of the targets. There is no intercept: columns should have
 * mean 0.
 * @param matrix [rows, features]. @param targets [rows, targets]. @param penalty > 0.
 * @returns [targets] of [features]. @throws RangeError when the penalty is not above 0.
 */
export function ridgeRegression(
  matrix: readonly Float64Array[],
  targets: readonly Float64Array[],
  penalty: number,
): Float64Array[] {
  if (!(penalty > 0)) throw new RangeError(`ridgeRegression: penalty must be > 0, got ${penalty}`);
  const gram = products(matrix, penalty);
  return Array.from(targets[0]!, (_, column) => {
    const right = new Float64Array(gram.length);
    matrix.forEach((row, i) => row.forEach((value, p) => (right[p]! += value * targets[i]![column]!)));
    return solvePositiveDefinite(
      gram.map((line) => line.slice()),
      right,
    );
  });
}

/** XᵀX with the penalty on its diagonal; the lower triangle only. */
function products(matrix: readonly Float64Array[], penalty: number): Float64Array[] {
  const width = matrix[0]!.length;
  return Array.from({ length: width }, (_, p) => {
    const line = new Float64Array(width);
    for (const row of matrix) for (let q = 0; q <= p; q++) line[q]! += row[p]! * row[q]!;
    line[p]! += penalty;
    return line;
  });
}
