/**
 * How far a teacher's probabilities on training films are from the labels, which the student has anyway.
 */
import type { CohortRow } from '../../cohort/cohort.ts';
import { auroc } from '../../evaluation/metrics/auroc.ts';
import type { TaughtSignal } from './findings.ts';
import type { RunResult } from '../job.ts';

/**
 * The signal, mean over the teachers' seeds. Probabilities are sigmoid((logit + ln w) / τ) with the loss's weight of positives w, as students
 * are shown them. A number that one seed lacks is null. Null when there is no teacher, or none predicted a training film of known label.
 * @param teachers the chosen run of each seed. @param students the chosen runs of their students; τ is matched by seed.
 * @param cohort rows by index. @param labelIndex of the label in each row's `labels`.
 */
export function taughtSignal(
  teachers: readonly RunResult[],
  students: readonly RunResult[],
  cohort: ReadonlyMap<number, CohortRow>,
  labelIndex: number,
): TaughtSignal | null {
  const shown = teachers.map((teacher) => {
    const temperature = students.find(({ job }) => job.seed === teacher.job.seed)?.job.temperature ?? null;
    return { temperature, ...labelledLogits(teacher, cohort, labelIndex) };
  });
  if (shown.length === 0 || shown.some(({ labels }) => labels.length === 0)) return null;
  const entropyAt = (logits: readonly number[], temperature: number): number =>
    mean(logits.map((logit) => entropyInBits(logit / temperature)));
  return {
    distanceToLabel: mean(
      shown.map(({ labels, logits }) =>
        mean(labels.map((label, i) => Math.abs(label - sigmoid(logits[i]!)))),
      ),
    ),
    trainingAuroc: meanOrNull(shown.map(({ labels, logits }) => auroc.compute(labels, logits) ?? null)),
    entropy: mean(shown.map(({ logits }) => entropyAt(logits, 1))),
    entropyAtTemperature: meanOrNull(
      shown.map(({ logits, temperature }) => temperature && entropyAt(logits, temperature)),
    ),
    temperature: meanOrNull(shown.map(({ temperature }) => temperature)),
  };
}

/** Binary entropy of sigmoid(logit) in bits: 1 at logit 0, towards 0 far from it. */
export function entropyInBits(logit: number): number {
  // H = ln(1 + e⁻ᶻ) + z · sigmoid(−z) nats at z = |logit|: no logarithm of a probability that rounds to 0.
  const z = Math.abs(logit);
  return (Math.log1p(Math.exp(-z)) + z * sigmoid(-z)) / Math.LN2;
}

function labelledLogits(
  { training, positiveWeight }: RunResult,
  cohort: ReadonlyMap<number, CohortRow>,
  labelIndex: number,
): { readonly labels: readonly (0 | 1)[]; readonly logits: readonly number[] } {
  const known = Array.from(training.rows, (row, i) => {
    const label = cohort.get(row)?.labels[labelIndex] ?? null;
    return label === null ? null : { label, logit: training.logits[i]! + Math.log(positiveWeight) };
  }).filter((film) => film !== null);
  return { labels: known.map(({ label }) => label), logits: known.map(({ logit }) => logit) };
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length || known.length === 0 ? null : mean(known);
}
