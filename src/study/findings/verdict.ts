/**
 * What can be said of a use of reports, in one word and in sentences that carry their numbers.
 *
 * A gain is credited to the report only net of self-distillation: soft targets alone help a student, so that a student must beat the
 * baseline and the control that was taught without reports.
 */
import { judgedArms } from '../arms/registry.ts';
import type { Cell, ComparedTo, Comparison, Condition, Verdict, VerdictWord } from './findings.ts';
import { fewestPatients, type Rules } from './paired-difference.ts';
import { countPhrase } from '../../count-words.ts';
import {
  armPhrase,
  capitalized,
  decimals,
  detectablePhrase,
  differencePhrase,
  pPhrase,
  setupPhrase,
  sizePhrase,
} from '../phrases.ts';
import { conditionKey } from '../selection.ts';

/**
 * The word for a pair of comparisons. An interval "lies above 0" when that over patients does and, with two seeds or more, that across seeds too.
 * - helped: both differences lie above 0 and the Holm-adjusted p against the baseline is below 1 − confidence;
 * - hurt: the difference to the baseline lies below 0;
 * - noClearDifference: two one-sided tests show that the difference to the baseline is within ± margin;
 * - cannotTell: all else, and whenever fewer than `fewestPatients` test patients are of the rarer class.
 * @param overControl null when there is no control; reports are then never said to have helped.
 */
export function judge(
  overBaseline: Comparison,
  overControl: Comparison | null,
  { confidence }: Rules,
): VerdictWord {
  const { difference, equivalenceP } = overBaseline;
  if (!hasEnoughPatients(overBaseline)) return 'cannotTell';
  if (difference.low === null || difference.high === null) return 'cannotTell';
  if (liesBelow(overBaseline)) return 'hurt';
  if (beatsReference(overBaseline, confidence) && overControl && liesAbove(overControl)) return 'helped';
  return equivalenceP !== null && equivalenceP < 1 - confidence ? 'noClearDifference' : 'cannotTell';
}

/** Whether a verdict may stand on the test patients of a comparison. */
export function hasEnoughPatients({ rarerClassPatients }: Comparison): boolean {
  return rarerClassPatients >= fewestPatients;
}

/** Whether the difference lies above 0, over patients and across seeds, and the Holm-adjusted p is below 1 − confidence. */
export function beatsReference(comparison: Comparison, confidence: number): boolean {
  const { adjustedP } = comparison;
  return liesAbove(comparison) && adjustedP !== null && adjustedP < 1 - confidence;
}

/** Whether neither interval reaches further from 0 than the margin. */
export function isWithinMargin({ difference, acrossSeeds }: Comparison, margin: number): boolean {
  const ends = [difference.low, difference.high, acrossSeeds?.low ?? 0, acrossSeeds?.high ?? 0];
  return ends.every((end) => end !== null && Math.abs(end) <= margin);
}

/** Why a difference to a reference is no verdict, as a sentence that goes on after a colon; null when it lies above 0 and stands after Holm. */
export function reasonForNoVerdict(
  comparison: Comparison,
  reference: string,
  rivals: string,
  rules: Rules,
): string | null {
  const { difference, acrossSeeds, rarerClassPatients } = comparison;
  if (!hasEnoughPatients(comparison))
    return `only ${countPhrase(rarerClassPatients, 'test patient')} of the rarer class, and on fewer than ${fewestPatients} no verdict can stand.`;
  if (difference.low === null || difference.high === null)
    return `the difference to ${reference} has no interval on these test patients.`;
  if (difference.high < 0)
    return `the loss against ${reference} is there for these training runs, but not across seeds: other runs may not show it.`;
  if (difference.low <= 0)
    return `they agree with no difference to ${reference}, and with one that reaches beyond the margin of ${rules.margin} AUROC.`;
  if (acrossSeeds && acrossSeeds.low <= 0)
    return `the gain over ${reference} is there for these training runs, but not across seeds: other runs may not show it.`;
  if (!beatsReference(comparison, rules.confidence))
    return `the gain over ${reference} is not significant after correction for the number of ${rivals} tested.`;
  return null;
}

function liesAbove({ difference: { low }, acrossSeeds }: Comparison): boolean {
  return low !== null && low > 0 && (acrossSeeds === null || acrossSeeds.low > 0);
}

function liesBelow({ difference: { high }, acrossSeeds }: Comparison): boolean {
  return high !== null && high < 0 && (acrossSeeds === null || acrossSeeds.high < 0);
}

/**
 * A verdict for each student whose comparisons to baseline and control are both there. While either is unfinished there is none.
 * @param cells finished conditions. @param comparisons with adjusted p.
 */
export function giveVerdicts(
  cells: readonly Cell[],
  comparisons: readonly Comparison[],
  rules: Rules,
): readonly Verdict[] {
  const byKey = new Map(comparisons.map((c) => [comparisonKey(c, c.comparedTo), c]));
  const cellByKey = new Map(cells.map((cell) => [conditionKey(cell), cell]));
  return cells.flatMap((cell) => {
    if (!judgedArms.includes(cell.arm)) return [];
    const overBaseline = byKey.get(comparisonKey(cell, 'baseline'));
    const overControl = byKey.get(comparisonKey(cell, 'selfDistilled'));
    const baseline = cellByKey.get(conditionKey({ ...cell, arm: 'imageOnly' }));
    if (!overBaseline || !overControl || !baseline) return [];
    const word = judge(overBaseline, overControl, rules);
    const sentence = verdictSentence(word, cell, baseline, overBaseline, overControl, rules);
    return [{ ...conditionOf(cell), word, sentence, overBaseline, overControl }];
  });
}

/** The same text for the same comparison. */
export function comparisonKey(condition: Condition, comparedTo: ComparedTo): string {
  return `${conditionKey(condition)} ${comparedTo}`;
}

/** The condition of a cell, without its numbers. */
export function conditionOf({
  label,
  arm,
  tuning,
  pretraining,
  imageEncoder,
  trainingSize,
}: Condition): Condition {
  return { label, arm, tuning, pretraining, imageEncoder, trainingSize };
}

function verdictSentence(
  word: VerdictWord,
  cell: Cell,
  baseline: Cell,
  overBaseline: Comparison,
  overControl: Comparison,
  rules: Rules,
): string {
  const numbers =
    `${sizePhrase(cell.trainingSize)} (${setupPhrase(cell)}), ${armPhrase(cell.arm)} reached a mean AUROC of ` +
    `${decimals(cell.metrics['auroc']?.value ?? null)} for ${cell.label}, the image-only baseline ` +
    `${decimals(baseline.metrics['auroc']?.value ?? null)}: difference ${differencePhrase(overBaseline, rules.confidence)}; ` +
    `over the self-distilled control ${differencePhrase(overControl, rules.confidence)}. ` +
    `${countPhrase(cell.testPatients, 'test patient')}, ${cell.testPositives} of ${countPhrase(cell.testFilms, 'film')} positive, ` +
    `${seedsPhrase(cell, baseline)}.`;
  return `${opening(word, overBaseline, overControl, rules)} ${capitalized(numbers)}`;
}

/** How many seeds agree on the sign: the spread over training runs, which the interval over patients does not hold. */
export function seedsPhrase(cell: Cell, baseline: Cell, reference = 'the baseline'): string {
  const known = new Map(baseline.seeds.map(({ seed, auroc }) => [seed, auroc]));
  const pairs = cell.seeds
    .map(({ seed, auroc }) => [auroc, known.get(seed) ?? null] as const)
    .filter((pair): pair is readonly [number, number] => pair[0] !== null && pair[1] !== null);
  const higher = pairs.filter(([own, other]) => own > other).length;
  return pairs.length === 0
    ? 'no seed with a defined AUROC on both sides'
    : `higher than ${reference} in ${higher} of ${countPhrase(pairs.length, 'seed')}`;
}

function opening(word: VerdictWord, overBaseline: Comparison, overControl: Comparison, rules: Rules): string {
  const small = isWithinMargin(overBaseline, rules.margin)
    ? `, but by less than the margin of ${rules.margin} AUROC`
    : '';
  switch (word) {
    case 'helped':
      return `Reports helped, beyond what distillation does without them${small}.`;
    case 'hurt':
      return `This use of reports hurt${small}.`;
    case 'noClearDifference':
      return `No difference from the baseline that matters (within ±${rules.margin} AUROC, ${pPhrase(overBaseline.equivalenceP)}).`;
    case 'cannotTell':
      return `These data cannot tell: ${doubt(overBaseline, overControl, rules)}${detectablePhrase(overBaseline)}`;
    default:
      return word satisfies never;
  }
}

function doubt(overBaseline: Comparison, overControl: Comparison, rules: Rules): string {
  const doubted = reasonForNoVerdict(overBaseline, 'the baseline', 'arms', rules);
  if (doubted !== null) return doubted;
  const { high } = overControl.difference;
  return high !== null && high < 0
    ? 'the student beats the baseline, but does worse than the self-distilled control, so that the gain is not credited to the report.'
    : 'the student beats the baseline, but not clearly the self-distilled control, so that the gain is not credited to the report.';
}
