/**
 * Why reports helped or did not, for one label: is the label in the report, in which words, and does a teacher that read it know more than
 * the label itself?
 */
import type { CohortRow } from '../../cohort/cohort.ts';
import type { WordWeight } from '../../training/word-weights.ts';
import type { ArmName } from '../arms/registry.ts';
import type { Cell, Comparison, Condition, Diagnosis, Estimate, StatedShare } from './findings.ts';
import type { RunResult } from '../job.ts';
import { countPhrase } from '../../count-words.ts';
import { capitalized, decimals, intervalPhrase, signed, sizePhrase } from '../phrases.ts';
import { knowledgeOf, knowledgeWords } from './report-knowledge.ts';
import { conditionKey, type SelectedCondition } from '../selection.ts';
import { statedShareOf, type ReadReports } from './stated-share.ts';
import { taughtSignal } from './taught.ts';

/** What diagnoses are drawn from. */
export interface DiagnosisSources {
  readonly cells: readonly Cell[];
  readonly comparisons: readonly Comparison[];
  readonly selected: readonly SelectedCondition[];
  readonly rows: readonly CohortRow[];
  /** The cohort's labels, in the order of each row's `labels`. */
  readonly labelNames: readonly string[];
  readonly confidence: number;
  /** First less second, in AUROC, paired on patients and seeds; both are finished conditions. */
  readonly difference: (first: Condition, second: Condition) => Estimate;
}

/** Words shown of each label. */
const shownWords = 20;

/** One diagnosis for each of the labels that has a finished condition, in their order. */
export function diagnose(labels: readonly string[], sources: DiagnosisSources): readonly Diagnosis[] {
  const read: ReadReports = new Map();
  const cohort = new Map(sources.rows.map((row) => [row.index, row]));
  return labels.flatMap((label) => {
    const anchor = anchorOf(sources.cells.filter((cell) => cell.label === label));
    return anchor ? [diagnoseLabel(anchor, sources, cohort, read)] : [];
  });
}

/** The condition that is meant: the largest training size at which teacher or text were seen, the first of equals. */
function anchorOf(cells: readonly Cell[]): Cell | undefined {
  const telling = cells.filter(({ arm }) => arm === 'teacher' || arm === 'textOnly');
  const from = telling.length > 0 ? telling : cells;
  const sizeOf = ({ trainingSize }: Cell): number => (trainingSize === 'all' ? Infinity : trainingSize);
  const largest = Math.max(...from.map(sizeOf));
  const there = from.filter((cell) => sizeOf(cell) === largest);
  // The text-only probe has no image encoder and stands under no pre-training; a teacher tells which one is meant.
  return there.find(({ arm }) => arm === 'teacher') ?? there[0];
}

function diagnoseLabel(
  anchor: Cell,
  sources: DiagnosisSources,
  cohort: ReadonlyMap<number, CohortRow>,
  read: ReadReports,
): Diagnosis {
  const { label, tuning, pretraining, imageEncoder, trainingSize } = anchor;
  const condition = { label, tuning, pretraining, imageEncoder, trainingSize };
  const keyOf = (arm: ArmName): string =>
    conditionKey({ ...condition, arm, ...(arm === 'textOnly' && { pretraining: 'none' }) });
  const cellOf = (arm: ArmName): Cell | undefined =>
    sources.cells.find((cell) => conditionKey(cell) === keyOf(arm));
  const runsOf = (arm: ArmName): readonly RunResult[] =>
    sources.selected.find((one) => conditionKey(one.condition) === keyOf(arm))?.chosen ?? [];
  const [text, teacher, student] = [cellOf('textOnly'), cellOf('teacher'), cellOf('student')];
  const labelIndex = sources.labelNames.indexOf(label);
  const textOnly = text ? aurocOf(text) : null;
  const overFilm = sources.comparisons.find(
    (c) => c.comparedTo === 'baseline' && conditionKey(c) === keyOf('textOnly'),
  );
  const numbers = {
    label,
    condition,
    knowledge: textOnly ? knowledgeOf(textOnly, overFilm) : 'cannotTell',
    textOnly,
    ceiling: teacher ? aurocOf(teacher) : null,
    gap: teacher && student ? sources.difference(teacher, student) : null,
    taught: taughtSignal(runsOf('teacher'), runsOf('student'), cohort, labelIndex),
    words: meanWords(runsOf('textOnly').map(({ words }) => words ?? [])),
    stated: statedShareOf(label, sources.rows, labelIndex, sources.confidence, read),
  } satisfies Omit<Diagnosis, 'sentence'>;
  return { ...numbers, sentence: sentenceOf(numbers, sources.confidence) };
}

/**
 * Words that every seed keeps among its heaviest, mean over seeds: the heaviest of them, most positive first. A word that a seed did not
 * keep has no weight there, so it has no mean.
 */
export function meanWords(bySeed: readonly (readonly WordWeight[])[]): readonly WordWeight[] {
  const [first = [], ...others] = bySeed;
  const places = others.map((words) => new Map(words.map((one) => [one.word, one])));
  return first
    .map((one) => [one, ...places.map((words) => words.get(one.word))].filter((found) => found !== undefined))
    .filter((found) => found.length === bySeed.length)
    .map((found) => ({
      word: found[0]!.word,
      weight: mean(found.map(({ weight }) => weight)),
      inPositives: mean(found.map(({ inPositives }) => inPositives)),
      inNegatives: mean(found.map(({ inNegatives }) => inNegatives)),
    }))
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, shownWords)
    .sort((a, b) => b.weight - a.weight);
}

function sentenceOf(numbers: Omit<Diagnosis, 'sentence'>, confidence: number): string {
  const { label, knowledge, condition, textOnly, ceiling, gap, stated, words } = numbers;
  const withInterval = (name: string, estimate: Estimate | null, ofDifference = false): string[] =>
    estimate
      ? [
          `${name} ${ofDifference ? signed(estimate.value) : decimals(estimate.value)} (${intervalPhrase(estimate, confidence, ofDifference)})`,
        ]
      : [];
  const facts = [
    ...(textOnly ? withInterval('text-only AUROC', textOnly) : ['no text-only probe was run']),
    ...withInterval('ceiling of the teacher', ceiling),
    ...withInterval('teacher less student', gap, true),
  ];
  return [
    `${capitalized(knowledgeWords[knowledge])} (${label}, ${sizePhrase(condition.trainingSize)}): ${facts.join(', ')}.`,
    ...statedSentence(stated),
    ...wordSentence(words),
  ].join(' ');
}

function statedSentence(stated: StatedShare | null): string[] {
  if (!stated) return [];
  const share = ({ value, films }: StatedShare['positives'], kind: string): string =>
    value === null
      ? `no ${kind} film`
      : `${(100 * value).toFixed(0)} % of ${countPhrase(films, `${kind} film`)}`;
  return [
    `It is stated in words in the reports of ${share(stated.positives, 'positive')} and ${share(stated.negatives, 'negative')} among training films.`,
  ];
}

function wordSentence(words: readonly WordWeight[]): string[] {
  const top = (some: readonly WordWeight[]): string =>
    some
      .slice(0, 3)
      .map(({ word }) => `“${word}”`)
      .join(', ');
  const speaking = words.filter(({ weight }) => weight > 0);
  const against = words.filter(({ weight }) => weight < 0).toReversed();
  const parts = [
    ...(speaking.length > 0 ? [`for it ${top(speaking)}`] : []),
    ...(against.length > 0 ? [`against it ${top(against)}`] : []),
  ];
  return parts.length > 0 ? [`The words that speak most: ${parts.join('; ')}.`] : [];
}

function aurocOf(cell: Cell): Estimate {
  return cell.metrics['auroc'] ?? { value: null, low: null, high: null };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
