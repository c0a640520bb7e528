/**
 * What can be said of a pre-training, for the image-only classifier that starts from it, in one word and in a sentence that carries its numbers.
 *
 * Pre-training can help even when pairs of film and report are shuffled, because the encoder still learns from the films. So a gain is
 * credited to the reports only net of the same recipe on shuffled pairs.
 */
import type { PretrainingRecipe } from '../../training/pre-training.ts';
import type { PretrainingArm } from '../config.ts';
import type { Cell, Comparison, PretrainingVerdict, VerdictWord } from './findings.ts';
import type { Rules } from './paired-difference.ts';
import { countPhrase } from '../../count-words.ts';
import {
  capitalized,
  decimals,
  detectablePhrase,
  differencePhrase,
  pPhrase,
  sizePhrase,
} from '../phrases.ts';
import { usesReports } from '../recipes.ts';
import { conditionKey } from '../selection.ts';
import {
  beatsReference,
  comparisonKey,
  conditionOf,
  reasonForNoVerdict,
  hasEnoughPatients,
  isWithinMargin,
  judge,
  seedsPhrase,
} from './verdict.ts';
import { tuningWords } from './words.ts';

/**
 * The word for a pre-training.
 * - films only: helped when the difference to none lies above 0, as `judge` reads that, and the Holm-adjusted p is below 1 − confidence;
 * - with reports: helped only when it also beats its control on shuffled pairs, as `judge` says.
 * @param overControl null when there is none.
 */
export function judgePretraining(
  overNone: Comparison,
  overControl: Comparison | null,
  withReports: boolean,
  rules: Rules,
): VerdictWord {
  if (!withReports && hasEnoughPatients(overNone) && beatsReference(overNone, rules.confidence))
    return 'helped';
  return judge(overNone, withReports ? overControl : null, rules);
}

/**
 * A verdict for each recipe whose comparison to none is there, and to its control where the study has one. Controls themselves get none: their
 * comparisons are shown, but shuffled pairs are no use of reports.
 * @param cells finished conditions. @param comparisons with adjusted p.
 */
export function givePretrainingVerdicts(
  cells: readonly Cell[],
  comparisons: readonly Comparison[],
  pretrainings: readonly PretrainingArm[],
  rules: Rules,
): readonly PretrainingVerdict[] {
  const byKey = new Map(comparisons.map((c) => [comparisonKey(c, c.comparedTo), c]));
  const cellByKey = new Map(cells.map((cell) => [conditionKey(cell), cell]));
  const recipes = new Map(
    pretrainings.flatMap((arm): [string, PretrainingRecipe][] => (arm === 'none' ? [] : [[arm.name, arm]])),
  );
  return cells.flatMap((cell) => {
    const recipe = recipes.get(cell.pretraining);
    if (cell.arm !== 'imageOnly' || !recipe || recipe.permutedReports) return [];
    const overNone = byKey.get(comparisonKey(cell, 'noPretraining'));
    const none = cellByKey.get(conditionKey({ ...cell, pretraining: 'none' }));
    if (!overNone || !none) return [];
    const withReports = usesReports(recipe);
    const overControl = byKey.get(comparisonKey(cell, 'permutedPairs')) ?? null;
    const word = judgePretraining(overNone, overControl, withReports, rules);
    const numbers = numbersPhrase(cell, none, overNone, overControl, rules);
    const sentence = `${opening(word, overNone, overControl, withReports, rules)} ${capitalized(numbers)}`;
    return [{ ...conditionOf(cell), word, usesReports: withReports, sentence, overNone, overControl }];
  });
}

function numbersPhrase(
  cell: Cell,
  none: Cell,
  overNone: Comparison,
  overControl: Comparison | null,
  rules: Rules,
): string {
  const control = overControl
    ? `; over the same on shuffled pairs ${differencePhrase(overControl, rules.confidence)}`
    : '';
  return (
    `${sizePhrase(cell.trainingSize)} (${cell.imageEncoder}, ${tuningWords[cell.tuning]}), the image-only classifier pre-trained by ` +
    `${cell.pretraining} reached a mean AUROC of ${decimals(cell.metrics['auroc']?.value ?? null)} for ${cell.label}, without pre-training ` +
    `${decimals(none.metrics['auroc']?.value ?? null)}: difference ${differencePhrase(overNone, rules.confidence)}${control}. ` +
    `${countPhrase(cell.testPatients, 'test patient')}, ${cell.testPositives} of ${countPhrase(cell.testFilms, 'film')} positive, ` +
    `${seedsPhrase(cell, none, 'without it')}.`
  );
}

function opening(
  word: VerdictWord,
  overNone: Comparison,
  overControl: Comparison | null,
  withReports: boolean,
  rules: Rules,
): string {
  const small = isWithinMargin(overNone, rules.margin)
    ? `, but by less than the margin of ${rules.margin} AUROC`
    : '';
  switch (word) {
    case 'helped':
      return withReports
        ? `Reports helped in pre-training, beyond what shuffled pairs do${small}.`
        : `Pre-training on films alone helped${small}.`;
    case 'hurt':
      return `This pre-training hurt${small}.`;
    case 'noClearDifference':
      return `No difference from no pre-training that matters (within ±${rules.margin} AUROC, ${pPhrase(overNone.equivalenceP)}).`;
    case 'cannotTell':
      return `These data cannot tell: ${doubt(overNone, overControl, rules)}${detectablePhrase(overNone)}`;
    default:
      return word satisfies never;
  }
}

function doubt(overNone: Comparison, overControl: Comparison | null, rules: Rules): string {
  return (
    reasonForNoVerdict(overNone, 'no pre-training', 'pre-trainings', rules) ??
    (overControl
      ? 'the pre-training helped, but not clearly more than the same on shuffled pairs, so that the gain is not credited to the reports.'
      : 'the pre-training helped, but its control on shuffled pairs was not run, so that the gain is not credited to the reports.')
  );
}
