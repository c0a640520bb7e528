/**
 * How much of a split is drawn by seed: all of it, what its column leaves open, or nothing.
 */
import type { Survey } from '../../cohort/importers/importer.ts';

/** For which part of the split seed and shares are needed. */
export type SplitDraw = 'all' | 'rest' | 'nothing';

/** How much of the split must be drawn. Values without a meaning do not count. */
export function splitDraw({ mapping, splitValues }: Pick<Survey, 'mapping' | 'splitValues'>): SplitDraw {
  if (mapping.splitColumn === null) return 'all';
  const meanings = new Set(splitValues.map(({ meaning }) => meaning));
  const named = meanings.has('train') && meanings.has('validation') && meanings.has('test');
  return named && !meanings.has('trainValidation') ? 'nothing' : 'rest';
}
