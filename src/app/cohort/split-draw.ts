/**
 * How much of a split is drawn by seed: all of it, what its column leaves open, or nothing.
 */
import type { Survey } from '../../cohort/importers/importer.ts';

/** What the seed and the shares are needed for. */
export type SplitDraw = 'all' | 'rest' | 'nothing';

/** How much of the split must be drawn. Values without a meaning name no side yet. */
export function splitDraw({ mapping, splitValues }: Pick<Survey, 'mapping' | 'splitValues'>): SplitDraw {
  if (mapping.splitColumn === null) return 'all';
  const meanings = new Set(splitValues.map(({ meaning }) => meaning));
  const named = meanings.has('train') && meanings.has('validation') && meanings.has('test');
  return named && !meanings.has('trainValidation') ? 'nothing' : 'rest';
}
