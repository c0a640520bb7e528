/**
 * Made-up curves, groups, grids and diagnoses in the right shape, for tests of pages and charts only.
 */
import type {
  Calibration,
  CandidateGrid,
  Cell,
  Condition,
  Diagnosis,
  Estimate,
  Subgroup,
} from '../../src/study/findings/findings.ts';

function around(value: number, half: number): Estimate {
  return { value, low: Math.max(-1, value - half), high: Math.min(1, value + half) };
}

/** Curves of a classifier with this AUROC on 54 of 178 films. */
export function curvesOf(
  auroc: number,
): Pick<Cell, 'precisionRecall' | 'calibration' | 'decisionCurve' | 'subgroups'> {
  const prevalence = 54 / 178;
  return {
    precisionRecall: Array.from({ length: 41 }, (_, index) => ({
      recall: index / 40,
      precision: prevalence + (1 - prevalence) * (2 * auroc - 1) * (1 - index / 40),
    })),
    calibration: calibration(),
    decisionCurve: Array.from({ length: 19 }, (_, index) => {
      const threshold = 0.05 * (index + 1);
      const odds = threshold / (1 - threshold);
      const best = prevalence * (2 * auroc - 1) * (1 - threshold);
      return {
        threshold,
        netBenefit: around(best, 0.03),
        treatAll: prevalence - (1 - prevalence) * odds,
      };
    }),
    subgroups: [
      group('sex', 'F', 88, 27, auroc + 0.01),
      group('sex', 'M', 90, 27, auroc - 0.01),
      group('view', 'AP', 31, 7, auroc - 0.06),
      group('view', 'PA', 147, 47, auroc + 0.02),
    ],
  };
}

function calibration(): Calibration {
  const bins = (slope: number) =>
    [0.08, 0.16, 0.27, 0.4, 0.62].map((meanProbability) => ({
      meanProbability,
      shareOfPositives: around(0.3 + slope * (meanProbability - 0.3), 0.08),
      films: 35,
    }));
  return {
    bins: bins(0.6),
    error: around(0.07, 0.02),
    temperature: 1.6,
    scaled: { bins: bins(0.95), error: around(0.03, 0.02) },
  };
}

function group(by: string, name: string, films: number, positives: number, auroc: number): Subgroup {
  return {
    by,
    group: name,
    films,
    patients: Math.round(films * 0.7),
    positives,
    auroc: around(auroc, 3 / films + 0.04),
    small: positives < 10,
  };
}

/** A grid of λ × τ with one candidate that two seeds chose. */
export function gridOf(condition: Condition): CandidateGrid {
  const candidates = [0.3, 0.6, 0.9].flatMap((lambda) =>
    [1, 3].map((temperature) => ({
      lambda,
      temperature,
      validationAuroc: 0.7 + 0.05 * lambda - 0.01 * temperature,
      standardDeviation: 0.012,
      chosenBy: lambda === 0.9 && temperature === 1 ? 2 : lambda === 0.6 && temperature === 1 ? 1 : 0,
      seeds: 3,
    })),
  );
  return { ...condition, candidates };
}

/** A diagnosis of a label whose report knows more than the film. */
export function diagnosisOf(label: string, condition: Diagnosis['condition']): Diagnosis {
  return {
    label,
    knowledge: 'knowsMore',
    sentence: `For ${label}, the report knows more than the image can show.`,
    condition,
    textOnly: around(0.81, 0.04),
    ceiling: around(0.84, 0.04),
    gap: around(0.09, 0.04),
    taught: {
      distanceToLabel: 0.21,
      trainingAuroc: 0.93,
      entropy: 0.52,
      entropyAtTemperature: 0.78,
      temperature: 2.3,
    },
    words: [
      { word: 'effusion', weight: 3.1, inPositives: 0.82, inNegatives: 0.31 },
      { word: 'blunted', weight: 2.2, inPositives: 0.41, inNegatives: 0.02 },
      { word: 'clear', weight: -1.9, inPositives: 0.1, inNegatives: 0.66 },
    ],
    stated: {
      terms: ['effusion'],
      positives: { ...around(0.78, 0.06), films: 160 },
      negatives: { ...around(0.03, 0.02), films: 300 },
    },
  };
}
