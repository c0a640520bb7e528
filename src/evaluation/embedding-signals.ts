/**
 * What is measured of embeddings while an encoder learns without labels: names, numbers and bounds that the measuring and the showing share.
 */

/** Measurements by name. */
type Measured = Readonly<Record<string, number>>;

/** Ways in which partners are looked for. */
export const directions = ['imageToReport', 'reportToImage'] as const;

/** A way in which partners are looked for. */
export type Direction = (typeof directions)[number];

/** Numbers of nearest neighbours among which a partner counts as found. */
export const neighbourCounts = [1, 5, 10] as const;

/** Films of each side that are looked at, at most. */
export const mostFilms = 400;

/** Names of signals. */
export const signalNames = {
  /** Mean over the probed labels of the AUROC of a linear probe on validation patients. */
  probe: 'linearProbeAuroc',
  /** The same of one label. */
  probeOf: (label: string): string => `linearProbeAuroc ${label}`,
  /** Share of films (or reports) whose partner is among the k nearest. */
  recall: (direction: Direction, k: number): string => `${direction} recall@${k}`,
  /** See `EmbeddingSpread`. */
  deviation: 'embeddingDeviation',
  effectiveDimensions: 'effectiveDimensions',
} as const;

/** Below this deviation, embeddings hardly tell films apart. */
export const leastDeviation = 0.02;

/** Below so many directions, embeddings hardly tell films apart. */
export const leastDimensions = 1.5;

/** Deviation and directions in words where the embeddings have collapsed; null where they tell films apart, or were not measured. */
export function collapseWords(signals: Measured): string | null {
  const deviation = signals[signalNames.deviation];
  const dimensions = signals[signalNames.effectiveDimensions];
  if (deviation === undefined || dimensions === undefined) return null;
  if (deviation >= leastDeviation && dimensions >= leastDimensions) return null;
  return (
    `over the validation films they deviate by ${deviation.toFixed(3)} of 1 and vary in ${dimensions.toFixed(1)} directions, ` +
    'so that films can hardly be told apart'
  );
}
