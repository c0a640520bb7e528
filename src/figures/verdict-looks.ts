/**
 * How verdicts look: a tone of the theme and a mark, so that none is told by colour alone.
 */
import type { VerdictWord } from '../study/findings/findings.ts';

/** Tone and mark by verdict. */
export const verdictLooks: Readonly<Record<VerdictWord, { readonly tone: string; readonly mark: string }>> = {
  helped: { tone: 'good', mark: '▲' },
  hurt: { tone: 'bad', mark: '▼' },
  noClearDifference: { tone: '', mark: '=' },
  cannotTell: { tone: 'warn', mark: '?' },
};
