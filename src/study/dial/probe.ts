/**
 * Linear probes of the dial: logistic regressions of which the best on validation patients is kept. Every arm tries twelve candidates.
 */
import { fitSoftLogisticRegression, type LogisticRegression } from '../../evaluation/logistic-regression.ts';
import { auroc } from '../../evaluation/metrics/auroc.ts';

/** What a probe is trained to predict: for each candidate the targets of the training rows and C, the inverse regularization. */
export interface ProbeCandidate {
  readonly targets: readonly number[];
  readonly inverseRegularization: number;
}

/** Rows of one kind (films, projected films or reports) of all patients, and which of them are trained on and chosen with. */
export interface ProbeRows {
  readonly rows: readonly Float64Array[];
  readonly training: readonly number[];
  readonly validation: readonly number[];
}

/** Twelve values of C from 0.001 to 1, in equal steps of their logarithm: the budget of a probe that is taught with labels. */
export function labelCandidates(labels: readonly number[]): ProbeCandidate[] {
  return Array.from({ length: 12 }, (_, k) => ({
    targets: labels,
    inverseRegularization: 10 ** ((3 * k) / 11 - 3),
  }));
}

/** λ and τ of distillation that are tried, each with four values of C: twelve candidates. */
const blends = [
  { lambda: 0.5, temperature: 1 },
  { lambda: 1, temperature: 1 },
  { lambda: 1, temperature: 2 },
] as const;

/** The budget of a student: targets (1 − λ)·label + λ·sigmoid(teacher's logit / τ), C from 0.001 to 1. */
export function studentCandidates(
  labels: readonly number[],
  teacherLogits: readonly number[],
): ProbeCandidate[] {
  return blends.flatMap(({ lambda, temperature }) => {
    const targets = labels.map(
      (label, i) => (1 - lambda) * label + lambda / (1 + Math.exp(-teacherLogits[i]! / temperature)),
    );
    return [-3, -2, -1, 0].map((power) => ({ targets, inverseRegularization: 10 ** power }));
  });
}

/**
 * Fits all candidates and keeps the one with the highest AUROC on validation patients; the first of equals.
 * @param labels [patients], 0 or 1. @returns its logits [patients].
 */
export function bestProbe(
  { rows, training, validation }: ProbeRows,
  labels: readonly number[],
  candidates: readonly ProbeCandidate[],
): number[] {
  const matrix = training.map((row) => rows[row]!);
  const judged = validation.map((row) => rows[row]!);
  const truth = validation.map((row) => labels[row]!);
  const models = candidates.map(({ targets, inverseRegularization }) =>
    fitSoftLogisticRegression(matrix, targets, { inverseRegularization, penalizeIntercept: true }),
  );
  const scores = models.map((model) => aurocOf(truth, logitsOf(model, judged)) ?? 0.5);
  return logitsOf(models[scores.indexOf(Math.max(...scores))]!, rows);
}

/** AUROC of logits; undefined when one of the classes is missing. */
export function aurocOf(labels: readonly number[], logits: readonly number[]): number | undefined {
  return auroc.prepare(labels, logits)();
}

function logitsOf({ weights, intercepts }: LogisticRegression, rows: readonly Float64Array[]): number[] {
  const weight = weights[0]!;
  return rows.map((row) => {
    let logit = intercepts[0]!;
    for (let j = 0; j < row.length; j++) logit += row[j]! * weight[j]!;
    return logit;
  });
}
