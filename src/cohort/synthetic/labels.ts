/**
 * The labels: four diagnostic ones that repeat the hidden findings, and two prognostic ones that a hidden severity makes likely.
 *
 * P(prognostic label = 1) = sigmoid(1.5 · severity), severity ~ N(0, 1): even a perfect reader of the severity stays below an AUROC
 * of about 0.83, as the outcome is partly chance. The report may grade the acute severity behind `icu_admission_7d`; no report knows
 * of the frailty behind `readmission_12m`.
 */
import type { Random } from '../../random/random.ts';
import type { LabelValue } from '../cohort.ts';
import type { SyntheticDials } from './dials.ts';
import type { HiddenTruth } from './patient.ts';

/** The labels' names, in the order of each film's `labels`. */
export const syntheticLabelNames: readonly string[] = [
  'pleural_effusion',
  'cardiomegaly',
  'congestion',
  'nodule',
  'icu_admission_7d',
  'readmission_12m',
];

/** What became of the patient. */
export interface Outcomes {
  readonly icuAdmission: 0 | 1;
  readonly readmission: 0 | 1;
}

/** How steeply the log-odds of an outcome rise with its severity. */
const slope = 1.5;

/** Draws a patient's outcomes from the hidden severities. */
export function drawOutcomes(truth: HiddenTruth, random: Random): Outcomes {
  return {
    icuAdmission: random.chance(sigmoid(slope * truth.acuteSeverity)) ? 1 : 0,
    readmission: random.chance(sigmoid(slope * truth.frailty)) ? 1 : 0,
  };
}

/** The labels of one film: the truth, each label flipped with probability labelNoise, then hidden with probability missingLabels. */
export function drawLabels(
  truth: HiddenTruth,
  outcomes: Outcomes,
  dials: SyntheticDials,
  random: Random,
): LabelValue[] {
  const { pleuralEffusion, cardiomegaly, congestion, nodule } = truth.findings;
  const diagnoses = [pleuralEffusion, cardiomegaly, congestion, nodule].map(({ present }) => Number(present));
  return [...diagnoses, outcomes.icuAdmission, outcomes.readmission].map((value) => {
    const flipped = random.chance(dials.labelNoise);
    const missing = random.chance(dials.missingLabels ?? 0);
    if (missing) return null;
    return (value === 1) !== flipped ? 1 : 0;
  });
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
