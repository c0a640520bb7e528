/**
 * What can be said of a use of reports, in one word and in sentences that carry their numbers.
 *
 * A gain is credited to the report only net of self-distillation: soft targets alone help a student, so that a student must beat the
 * baseline and the control that was taught without reports.
 */
import type { ArmName, StatisticsSettings } from './config.ts';
import type { Cell, ComparedTo, Comparison, Condition, Estimate, Verdict, VerdictWord } from './findings.ts';
import {
  armPhrase,
  capitalized,
  countPhrase,
  decimals,
  intervalPhrase,
  pPhrase,
  setupPhrase,
  signed,
  sizePhrase,
} from './phrases.ts';
import { conditionKey } from './selection.ts';

/** The arms that use reports to train a model that sees images only; the shuffled control is no use of reports. */
export const judgedArms: readonly ArmName[] = ['student', 'studentOfReport'];

type Rules = Pick<StatisticsSettings, 'confidence' | 'margin'>;

/**
 * The word for a pair of comparisons.
 * - helped: both intervals lie above 0 and the Holm-adjusted p against the baseline is below 1 − confidence;
 * - hurt: the interval of the difference to the baseline lies below 0;
 * - noClearDifference: that interval holds 0 and stays within ± margin;
 * - cannotTell: all else.
 * @param overControl null when there is no control; reports are then never said to have helped.
 */
export function judge(
  overBaseline: Comparison,
  overControl: Comparison | null,
  { confidence, margin }: Rules,
): VerdictWord {
  const { low, high } = overBaseline.difference;
  if (low === null || high === null) return 'cannotTell';
  if (high < 0) return 'hurt';
  if (beatsReference(overBaseline, confidence) && overControl && liesAbove(overControl.difference))
    return 'helped';
  return low <= 0 && low >= -margin && high <= margin ? 'noClearDifference' : 'cannotTell';
}

/** Whether the interval lies above 0 and the Holm-adjusted p is below 1 − confidence. */
export function beatsReference({ difference, adjustedP }: Comparison, confidence: number): boolean {
  return liesAbove(difference) && adjustedP !== null && adjustedP < 1 - confidence;
}

function liesAbove({ low }: Estimate): boolean {
  return low !== null && low > 0;
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
    `${decimals(baseline.metrics['auroc']?.value ?? null)}: difference ${differencePhrase(overBaseline, rules)}; ` +
    `over the self-distilled control ${differencePhrase(overControl, rules)}. ` +
    `${countPhrase(cell.testPatients, 'test patient')}, ${cell.testPositives} of ${countPhrase(cell.testFilms, 'film')} positive, ` +
    `${seedsPhrase(cell, baseline)}.`;
  return `${opening(word, overBaseline, overControl, rules)} ${capitalized(numbers)}`;
}

/** "+0.031 (95 % CI +0.002 to +0.060; p = 0.03, after Holm p = 0.06)". */
export function differencePhrase({ difference, p, adjustedP }: Comparison, { confidence }: Rules): string {
  const tests = p === null ? 'p undefined' : `${pPhrase(p)}, after Holm ${pPhrase(adjustedP)}`;
  return `${signed(difference.value)} (${intervalPhrase(difference, confidence, true)}; ${tests})`;
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
  switch (word) {
    case 'helped':
      return 'Reports helped, beyond what distillation does without them.';
    case 'hurt':
      return 'This use of reports hurt.';
    case 'noClearDifference':
      return `No difference from the baseline as large as the margin of ${rules.margin} AUROC.`;
    case 'cannotTell':
      return `These data cannot tell: ${doubt(overBaseline, overControl, rules)}`;
    default:
      return word satisfies never;
  }
}

function doubt(overBaseline: Comparison, overControl: Comparison, { confidence, margin }: Rules): string {
  const { low, high } = overBaseline.difference;
  if (low === null || high === null)
    return 'the difference to the baseline has no interval on these test patients.';
  if (low <= 0) return `the interval holds 0 and reaches beyond the margin of ${margin} AUROC.`;
  if (!beatsReference(overBaseline, confidence))
    return 'the gain over the baseline does not stand after correction for the number of arms tested.';
  const { high: highOverControl } = overControl.difference;
  return highOverControl !== null && highOverControl < 0
    ? 'the student beats the baseline, but does worse than the self-distilled control, so that the gain is not credited to the report.'
    : 'the student beats the baseline, but not clearly the self-distilled control, so that the gain is not credited to the report.';
}
