/**
 * The answer for a label, and what was learned about why: is the label in the text, what is the teacher's ceiling, and how much of it
 * reaches the student? Every statement is hedged by its interval.
 */
import { judgedArms, type ArmName } from '../arms/registry.ts';
import type { StatisticsSettings } from '../config.ts';
import type {
  Cell,
  Comparison,
  Condition,
  Estimate,
  PretrainingVerdict,
  Verdict,
  VerdictWord,
} from './findings.ts';
import { countPhrase } from '../../count-words.ts';
import {
  armPhrase,
  capitalized,
  decimals,
  intervalPhrase,
  setupPhrase,
  signed,
  sizePhrase,
} from '../phrases.ts';
import { readText } from './report-knowledge.ts';
import { conditionKey } from '../selection.ts';
import { hasEnoughPatients } from './verdict.ts';
import { pretrainingWords, verdictWords } from './words.ts';

/** What answers are drawn from. */
export interface AnswerSources {
  readonly cells: readonly Cell[];
  readonly comparisons: readonly Comparison[];
  readonly verdicts: readonly Verdict[];
  readonly pretrainingVerdicts: readonly PretrainingVerdict[];
  readonly statistics: Pick<StatisticsSettings, 'confidence'>;
  /** First less second, in AUROC, paired on patients and seeds; both are finished conditions. */
  readonly difference: (first: Condition, second: Condition) => Estimate;
}

/** The sentences of one label. */
export function answerLabel(label: string, sources: AnswerSources): readonly string[] {
  const cells = sources.cells.filter((cell) => cell.label === label);
  if (cells.length === 0) return [`No condition of ${label} is finished yet.`];
  const verdicts = sources.verdicts.filter((verdict) => verdict.label === label);
  const distils = cells.some(({ arm }) => judgedArms.includes(arm));
  return [
    ...(distils || verdicts.length > 0 ? overview(label, verdicts, sources.statistics.confidence) : []),
    ...pretrainingSentences(label, sources),
    ...combinationSentences(label, sources),
    ...textSentences(label, cells, sources),
    ...teacherSentences(cells, sources),
    ...gapSentences(cells, sources),
    ...shuffledSentences(cells, sources),
  ];
}

/** One sentence per training size, from the smallest. */
function overview(label: string, verdicts: readonly Verdict[], confidence: number): string[] {
  if (verdicts.length === 0)
    return [
      `For ${label}, no use of reports can be judged yet: a student, its baseline and its control must be finished.`,
    ];
  const sizes = [...new Set(verdicts.map(({ trainingSize }) => trainingSize))].sort(bySize);
  return sizes.map((size) => {
    const parts = partsByWord(
      verdicts.filter(({ trainingSize }) => trainingSize === size),
      (verdict) =>
        `${armPhrase(verdict.arm)} (${setupPhrase(verdict)}): ${verdictWords[verdict.word]}, ` +
        `${signed(verdict.overBaseline.difference.value)} over the baseline, ${intervalPhrase(verdict.overBaseline.difference, confidence, true)}`,
      (count, word) => `${countPhrase(count, 'use')} of reports: ${countedWords[word]}`,
    );
    return `${label}, ${sizePhrase(size)} — ${parts.join('; ')}.`;
  });
}

/** Verdicts beside a count; of pre-trainings, some use no reports. */
const countedWords: Readonly<Record<VerdictWord, string>> = {
  ...verdictWords,
  helped: 'helped',
  hurt: 'hurt',
};

/** As many verdicts as a sentence can name. */
const mostNamed = 4;

/**
 * Each verdict in words where they are few. Of many, those that found something are named, unless they are many too, and the others are
 * counted by their word, because nobody reads a sentence of thirty parts.
 */
function partsByWord<V extends { readonly word: VerdictWord }>(
  verdicts: readonly V[],
  name: (verdict: V) => string,
  countOf: (count: number, word: VerdictWord) => string,
): string[] {
  if (verdicts.length <= mostNamed) return verdicts.map(name);
  return (['helped', 'hurt', 'noClearDifference', 'cannotTell'] as const).flatMap((word) => {
    const given = verdicts.filter((verdict) => verdict.word === word);
    const found = word === 'helped' || word === 'hurt';
    if (given.length === 0) return [];
    return found && given.length <= mostNamed ? given.map(name) : [countOf(given.length, word)];
  });
}

/** One sentence per training size: what each pre-training is worth to the image-only classifier. */
function pretrainingSentences(label: string, { pretrainingVerdicts, statistics }: AnswerSources): string[] {
  const own = pretrainingVerdicts.filter((verdict) => verdict.label === label);
  const sizes = [...new Set(own.map(({ trainingSize }) => trainingSize))].sort(bySize);
  return sizes.map((size) => {
    const parts = partsByWord(
      own.filter(({ trainingSize }) => trainingSize === size),
      ({ pretraining, word, usesReports, overNone }) => {
        const difference = `${signed(overNone.difference.value)} over no pre-training, ${intervalPhrase(overNone.difference, statistics.confidence, true)}`;
        return `${pretraining} (${setupPhrase({ ...overNone, pretraining: 'none' })}): ${pretrainingWords(word, usesReports)}, ${difference}`;
      },
      (count, word) => `${countPhrase(count, 'pre-training')}: ${countedWords[word]}`,
    );
    return `Pre-training for ${label}, ${sizePhrase(size)} — ${parts.join('; ')}.`;
  });
}

/** What self-supervision beside reports is worth, against reports alone: one sentence per condition. */
function combinationSentences(label: string, { comparisons, statistics }: AnswerSources): string[] {
  return comparisons
    .filter((c) => c.label === label && c.comparedTo === 'withoutSelfSupervision')
    .map(
      (c) =>
        `With self-supervision beside its reports, pre-training ${c.pretraining} stands ${signed(c.difference.value)} from the same without it ` +
        `(${intervalPhrase(c.difference, statistics.confidence, true)}), ${sizePhrase(c.trainingSize)}.`,
    );
}

/** Whether the label is in the text. */
function textSentences(label: string, cells: readonly Cell[], sources: AnswerSources): string[] {
  const text = largest(cells, 'textOnly');
  if (!text) return [];
  const { confidence } = sources.statistics;
  const auroc = aurocOf(text);
  const overFilm = sources.comparisons.find(
    (c) => c.comparedTo === 'baseline' && conditionKey(c) === conditionKey(text),
  );
  const beside = overFilm
    ? ` (${signed(overFilm.difference.value)} against the image-only baseline, ${intervalPhrase(overFilm.difference, confidence, true)})`
    : '';
  return [
    `From the report alone, ${sizePhrase(text.trainingSize)}, ${label} is predicted with an AUROC of ${decimals(auroc.value)}, ` +
      `${intervalPhrase(auroc, confidence, false)}${beside}: ${readText(auroc, overFilm)}.`,
  ];
}

/** The ceiling: what film and report reach together. */
function teacherSentences(cells: readonly Cell[], { comparisons, statistics }: AnswerSources): string[] {
  const teacher = largest(cells, 'teacher');
  if (!teacher) return [];
  const auroc = aurocOf(teacher);
  const gain = comparisons.find(
    (c) => c.comparedTo === 'baseline' && conditionKey(c) === conditionKey(teacher),
  );
  const beside = gain
    ? `, ${signed(gain.difference.value)} against the image-only baseline (${intervalPhrase(gain.difference, statistics.confidence, true)}): ${readCeiling(gain)}`
    : '';
  return [
    `The teacher's ceiling, film and report together, ${sizePhrase(teacher.trainingSize)} (${setupPhrase(teacher)}), is an AUROC of ` +
      `${decimals(auroc.value)}, ${intervalPhrase(auroc, statistics.confidence, false)}${beside}.`,
  ];
}

const onTooFew = 'with so few test patients nothing can be concluded';

function readCeiling(gain: Comparison): string {
  const { low, high } = gain.difference;
  if (!hasEnoughPatients(gain)) return onTooFew;
  if (low === null || high === null) return 'without an interval, nothing follows';
  if (low > 0) return 'there is something to teach';
  if (high < 0) return 'this teacher is worse than the baseline, so it has nothing to teach';
  return 'it is not shown that there is anything to teach';
}

/** The gap between the teacher and each student. */
function gapSentences(cells: readonly Cell[], sources: AnswerSources): string[] {
  const { comparisons, difference, statistics } = sources;
  const student = largest(cells, 'student');
  const teacher =
    student && cells.find((cell) => conditionKey(cell) === conditionKey({ ...student, arm: 'teacher' }));
  if (!student || !teacher) return [];
  const gap = difference(teacher, student);
  const tooFew = comparisons.some((c) => conditionKey(c) === conditionKey(student) && !hasEnoughPatients(c));
  return [
    `${capitalized(sizePhrase(student.trainingSize))}, the teacher stands ${signed(gap.value)} from its student ` +
      `(${intervalPhrase(gap, statistics.confidence, true)}): ${tooFew ? onTooFew : readGap(gap)}.`,
  ];
}

function readGap({ low, high }: Estimate): string {
  if (low === null || high === null) return 'without an interval, nothing follows';
  if (low > 0)
    return 'part of what the teacher reads in the report does not reach a model that sees the film only';
  if (high < 0) return 'the student does better than its teacher';
  return 'these data do not tell teacher and student apart';
}

/** Shuffled reports must not help more than no reports; where they do, the gain is not due to the reports. */
function shuffledSentences(cells: readonly Cell[], { comparisons, statistics }: AnswerSources): string[] {
  const shuffled = largest(cells, 'permutedReports');
  const over =
    shuffled &&
    comparisons.find((c) => c.comparedTo === 'selfDistilled' && conditionKey(c) === conditionKey(shuffled));
  if (!over) return [];
  return [
    `With reports shuffled among training patients, the student stands ${signed(over.difference.value)} from the self-distilled control ` +
      `(${intervalPhrase(over.difference, statistics.confidence, true)}): ${readShuffled(over)}.`,
  ];
}

function readShuffled(over: Comparison): string {
  const { low } = over.difference;
  if (!hasEnoughPatients(over)) return onTooFew;
  if (low === null) return 'without an interval, nothing follows';
  return low > 0
    ? 'shuffled reports help too, so that gains here must not be credited to what reports say'
    : 'shuffled reports show no gain over the control, as they should';
}

/** The finished cell of an arm with the largest training size; the first in plan order of equals. */
function largest(cells: readonly Cell[], arm: ArmName): Cell | undefined {
  return cells
    .filter((cell) => cell.arm === arm)
    .reduce<Cell | undefined>(
      (best, cell) => (best && bySize(cell.trainingSize, best.trainingSize) <= 0 ? best : cell),
      undefined,
    );
}

function bySize(a: number | 'all', b: number | 'all'): number {
  const [x, y] = [a === 'all' ? Infinity : a, b === 'all' ? Infinity : b];
  return x === y ? 0 : x - y;
}

function aurocOf(cell: Cell): Estimate {
  return cell.metrics['auroc'] ?? { value: null, low: null, high: null };
}
