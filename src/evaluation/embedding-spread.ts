/**
 * Whether embeddings still tell examples apart: how far they spread, and over how many directions.
 */

/** The spread of embeddings. */
export interface EmbeddingSpread {
  /**
   * Mean over dimensions of the standard deviation of embeddings of length 1, times √dimensions: 1 where they point everywhere, 0 where they
   * are all the same. X. Chen, K. He, "Exploring simple Siamese representation learning", 2021, https://arxiv.org/abs/2011.10566, section 4.1.
   */
  readonly deviation: number;
  /**
   * (Σλ)² / Σλ² over the eigenvalues λ of their covariance (the participation ratio): the number of directions that vary, were all that vary to
   * vary alike. From 1 to the dimensions; 0 where nothing varies.
   */
  readonly effectiveDimensions: number;
}

/** @param rows [examples, dimensions], at least one example. */
export function embeddingSpread(rows: readonly Float32Array[]): EmbeddingSpread {
  const dimensions = rows[0]!.length;
  const units = rows.map((row) => {
    const length = Math.hypot(...row);
    return row.map((value) => (length > 0 ? value / length : 0));
  });
  const deviations = variances(units).map(Math.sqrt);
  const deviation = (deviations.reduce((sum, value) => sum + value, 0) / dimensions) * Math.sqrt(dimensions);
  return { deviation, effectiveDimensions: participationRatio(rows) };
}

/** From the traces of the covariance and of its square, without its eigenvalues. */
function participationRatio(rows: readonly Float32Array[]): number {
  const centred = centre(rows);
  const trace = variances(rows).reduce((sum, value) => sum + value, 0);
  // The trace of C² is Σᵢⱼ (xᵢ·xⱼ)² / n² over pairs of examples, or Σ C² over pairs of dimensions: the smaller of both is summed.
  const vectors = rows.length <= rows[0]!.length ? centred : transpose(centred);
  let squares = 0;
  for (const a of vectors) {
    for (const b of vectors) {
      let product = 0;
      for (let i = 0; i < a.length; i++) product += a[i]! * b[i]!;
      squares += (product / rows.length) ** 2;
    }
  }
  return squares > 0 ? trace ** 2 / squares : 0;
}

/** Of each dimension, with divisor examples. */
function variances(rows: readonly Float32Array[]): number[] {
  const centred = centre(rows);
  return Array.from(rows[0]!, (_, d) => centred.reduce((sum, row) => sum + row[d]! ** 2, 0) / rows.length);
}

function centre(rows: readonly Float32Array[]): Float64Array[] {
  const means = Array.from(rows[0]!, (_, d) => rows.reduce((sum, row) => sum + row[d]!, 0) / rows.length);
  return rows.map((row) => Float64Array.from(row, (value, d) => value - means[d]!));
}

function transpose(rows: readonly Float64Array[]): Float64Array[] {
  return Array.from(rows[0]!, (_, d) => Float64Array.from(rows, (row) => row[d]!));
}
