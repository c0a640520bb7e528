/**
 * Resamples a vision transformer's position embedding to another grid of patches, so that weights of one film size serve another.
 * Bicubic with antialiasing (kernel of Keys, 1981, with a = −0.5), which is what timm does.
 */

/** Rows and columns of patches. */
export type PatchGrid = readonly [rows: number, columns: number];

const sharpness = -0.5;

/** Keys' cubic convolution kernel; zero beyond 2. */
function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((sharpness + 2) * x - (sharpness + 3)) * x * x + 1;
  if (x < 2) return sharpness * (((x - 5) * x + 8) * x - 4);
  return 0;
}

/**
 * The resampling as a matrix, so that it can stand in a model and be differentiated through.
 * @returns [newRows · newColumns, rows · columns] row-major; each row sums to 1.
 */
export function positionResampling(
  [rows, columns]: PatchGrid,
  [newRows, newColumns]: PatchGrid,
): Float32Array {
  const vertical = resamplingWeights(rows, newRows);
  const horizontal = resamplingWeights(columns, newColumns);
  const matrix = new Float32Array(newRows * newColumns * rows * columns);
  let at = 0;
  for (let y = 0; y < newRows; y++) {
    for (let x = 0; x < newColumns; x++) {
      for (const wy of vertical[y]!) for (const wx of horizontal[x]!) matrix[at++] = wy * wx;
    }
  }
  return matrix;
}

/**
 * @param embedding [prefix + rows · columns, dimensions] row-major: the prefix, then the grid row by row.
 * @param prefix rows that belong to no patch: the class token's, registers'.
 * @returns the same for the new grid; the rows of the prefix are kept as they are.
 */
export function resamplePositionEmbedding(
  embedding: ArrayLike<number>,
  dimensions: number,
  [rows, columns]: PatchGrid,
  [newRows, newColumns]: PatchGrid,
  prefix = 1,
): Float32Array {
  if (embedding.length !== (prefix + rows * columns) * dimensions) {
    throw new RangeError(
      `resamplePositionEmbedding: ${embedding.length} values for ${prefix} + ${rows} × ${columns} rows of ${dimensions}`,
    );
  }
  const vertical = resamplingWeights(rows, newRows);
  const horizontal = resamplingWeights(columns, newColumns);
  const result = new Float32Array((prefix + newRows * newColumns) * dimensions);
  for (let i = 0; i < prefix * dimensions; i++) result[i] = embedding[i]!;
  for (let y = 0; y < newRows; y++) {
    for (let x = 0; x < newColumns; x++) {
      const place = (prefix + y * newColumns + x) * dimensions;
      for (let d = 0; d < dimensions; d++) {
        let sum = 0;
        vertical[y]!.forEach((wy, row) => {
          horizontal[x]!.forEach((wx, column) => {
            sum += wy * wx * embedding[(prefix + row * columns + column) * dimensions + d]!;
          });
        });
        result[place + d] = sum;
      }
    }
  }
  return result;
}

/** For each new place the weight of each old one; they sum to 1. When shrinking, the kernel is widened to cover all that it replaces. */
function resamplingWeights(from: number, to: number): number[][] {
  const scale = from / to;
  const width = Math.max(scale, 1);
  return Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * scale;
    const weights = Array.from({ length: from }, (_old, i) => cubic((i + 0.5 - centre) / width));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.map((weight) => weight / sum);
  });
}
