/**
 * How much the report knows of a label, in a word, from the intervals of the text-only AUROC and of its difference to the image-only
 * baseline.
 */
import type { Comparison, Estimate, ReportKnowledge } from './findings.ts';
import { fewestPatients } from './paired-difference.ts';

/** A text-only AUROC whose whole interval is at least this is read as "the report says it outright". */
const outrightAuroc = 0.95;

/** A text-only AUROC whose interval holds 0.5 and ends below this is read as "the report does not know". */
const unknowingAuroc = 0.6;

/** The words as they stand in a sentence and, with a large first letter, as a headline. */
export const knowledgeWords: Readonly<Record<ReportKnowledge, string>> = {
  saysItOutright: 'the report says it outright: teaching equals labelling',
  knowsMore: 'the report knows more than the image-only model learned from the film',
  knowsSomething: 'the report knows something of it',
  doesNotKnow: 'the report does not seem to know it',
  cannotTell: 'cannot tell what the report knows',
};

/**
 * The word for these intervals.
 * @param auroc of the text-only probe. @param compared the probe to the image-only baseline; undefined where not compared.
 */
export function knowledgeOf(
  { low, high }: Estimate,
  compared: Pick<Comparison, 'difference' | 'rarerClassPatients'> | undefined,
): ReportKnowledge {
  if (compared && compared.rarerClassPatients < fewestPatients) return 'cannotTell';
  if (low === null || high === null) return 'cannotTell';
  if (low >= outrightAuroc) return 'saysItOutright';
  if (low <= 0.5) return high < unknowingAuroc ? 'doesNotKnow' : 'cannotTell';
  const least = compared?.difference.low ?? null;
  return least !== null && least > 0 ? 'knowsMore' : 'knowsSomething';
}

/** The same with its reason, to end a sentence on the text-only AUROC. */
export function readText(
  auroc: Estimate,
  compared: Pick<Comparison, 'difference' | 'rarerClassPatients'> | undefined,
): string {
  const knowledge = knowledgeOf(auroc, compared);
  switch (knowledge) {
    case 'saysItOutright':
      return 'the report says it nearly outright, so that a teacher who reads it may only repeat the label';
    case 'doesNotKnow':
    case 'knowsMore':
      return knowledgeWords[knowledge];
    case 'knowsSomething':
      return (compared?.difference.high ?? 0) < 0
        ? 'the report knows something of it, but less than the image-only model learned from the film'
        : 'the report knows something of it; whether more than the film, these data cannot tell';
    case 'cannotTell':
      return auroc.low === null || (compared && compared.rarerClassPatients < fewestPatients)
        ? 'these test patients are too few to say what the report knows'
        : 'it is not shown that the report knows anything of it';
    default:
      return knowledge satisfies never;
  }
}
