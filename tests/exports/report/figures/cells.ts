/** Cells to draw: five arms of one label, setup and size. */
import type { Cell } from '../../../../src/study/findings/findings.ts';
import { fullStudy } from '../../full-study.ts';

/** Everything that was found. */
export const { findings } = fullStudy();

/** Of the largest size, without pre-training. */
export const cells: readonly Cell[] = findings.cells.filter(
  ({ trainingSize, pretraining }) => trainingSize === 'all' && pretraining === 'none',
);

/** The arms' names as words of a drawing stand there, in their order. */
export function namesIn(markup: string): string[] {
  return [...markup.matchAll(/<text[^>]*>\s*([^<]*?)\s*<\/text/g)].map(([, words]) => words!);
}
