/**
 * Findings of made-up numbers in the right shape, for tests of pages and charts only.
 */
import { Random } from '../../src/random/random.ts';
import type { ArmName } from '../../src/study/arms/registry.ts';
import type { StudyConfig } from '../../src/study/config.ts';
import type {
  Cell,
  Comparison,
  Condition,
  Estimate,
  Findings,
  PretrainingVerdict,
  RocPoint,
  Verdict,
} from '../../src/study/findings/findings.ts';
import { curvesOf, diagnosisOf, gridOf } from './fake-curves.ts';

const lift: Readonly<Record<ArmName, number>> = {
  imageOnly: 0,
  textOnly: 0.11,
  teacher: 0.14,
  student: 0.05,
  studentOfReport: 0.045,
  selfDistilled: 0.015,
  permutedReports: 0.005,
};

function around(value: number, half: number): Estimate {
  return { value, low: value - half, high: Math.min(1, value + half) };
}

/** The binormal ROC curve of an AUROC, roughly: sensitivity = rate^(1/auroc − 1). */
function rocOf(auroc: number): RocPoint[] {
  return Array.from({ length: 41 }, (_, index) => ({
    falsePositiveRate: index / 40,
    sensitivity: (index / 40) ** (1 / auroc - 1),
  }));
}

function cellOf(condition: Condition, patients: number, seeds: readonly number[], random: Random): Cell {
  const scarce = Math.log10(patients) / 20;
  const auroc = 0.62 + scarce + lift[condition.arm] + random.uniform(-0.008, 0.008);
  const half = 0.035;
  const roc = rocOf(auroc);
  return {
    ...condition,
    trainingPatients: patients,
    testPatients: 120,
    testFilms: 178,
    testPositives: 54,
    candidates: 6,
    metrics: {
      auroc: around(auroc, half),
      auprc: around(auroc - 0.2, half + 0.02),
      brierScore: around(0.21 - lift[condition.arm] / 3, 0.012),
      expectedCalibrationError:
        condition.arm === 'textOnly' ? { value: null, low: null, high: null } : around(0.05, 0.02),
    },
    seeds: seeds.map((seed) => ({
      seed,
      runId: `run-${seed}`,
      weightDecay: 0.001,
      lambda: null,
      temperature: null,
      auroc: auroc + random.normal(0, 0.01),
    })),
    seedStandardDeviation: seeds.length > 1 ? 0.011 : null,
    roc,
    operatingPoint: roc[12]!,
    ...curvesOf(auroc),
  };
}

function compare(cell: Cell, to: Cell, comparedTo: Comparison['comparedTo']): Comparison {
  const difference = cell.metrics['auroc']!.value! - to.metrics['auroc']!.value!;
  const { label, arm, tuning, pretraining, imageEncoder, trainingSize } = cell;
  const p = difference > 0.03 ? 0.0004 : 0.21;
  return {
    label,
    arm,
    tuning,
    pretraining,
    imageEncoder,
    trainingSize,
    comparedTo,
    rarerClassPatients: 40,
    difference: { value: difference, low: difference - 0.024, high: difference + 0.024 },
    p,
    adjustedP: Math.min(1, 3 * p),
    delongP: p,
    acrossSeeds: { low: difference - 0.028, high: difference + 0.028, p: 1.5 * p },
    equivalenceP: Math.abs(difference) < 0.005 ? 0.03 : 0.4,
    detectableDifference: 0.034,
  };
}

function verdictOf(overBaseline: Comparison, overControl: Comparison | null): Verdict {
  const { label, arm, tuning, pretraining, imageEncoder, trainingSize } = overBaseline;
  const value = overBaseline.difference.value ?? 0;
  const word =
    value > 0.03
      ? 'helped'
      : value < -0.02
        ? 'hurt'
        : trainingSize === 'all'
          ? 'noClearDifference'
          : 'cannotTell';
  return {
    label,
    arm,
    tuning,
    pretraining,
    imageEncoder,
    trainingSize,
    word,
    overBaseline,
    overControl,
    sentence: `With ${trainingSize} training patients the student that learned from reports reached an AUROC ${value.toFixed(3)} above the image-only baseline.`,
  };
}

function conditionOf({ label, arm, tuning, pretraining, imageEncoder, trainingSize }: Condition): Condition {
  return { label, arm, tuning, pretraining, imageEncoder, trainingSize };
}

function isSame(one: Condition, other: Condition): boolean {
  return JSON.stringify(conditionOf(one)) === JSON.stringify(conditionOf(other));
}

/** Findings of a study's every condition. */
export function madeUpFindings(
  config: StudyConfig,
  labelNames: readonly string[],
  runsDone: number,
  runsPlanned: number,
): Findings {
  const random = new Random('findings');
  const cells: Cell[] = [];
  const comparisons: Comparison[] = [];
  const verdicts: Verdict[] = [];
  const pretrainingVerdicts: PretrainingVerdict[] = [];
  const named = config.labels.filter((label) => labelNames.includes(label));
  const labels = named.length > 0 ? named : labelNames;
  for (const label of labels)
    for (const { tuning } of config.tunings)
      for (const { name: imageEncoder } of config.imageEncoders)
        for (const [trainingSize, pretraining] of config.trainingSizes.flatMap((size) =>
          config.pretrainings.map((arm) => [size, arm === 'none' ? 'none' : arm.name] as const),
        )) {
          const own = config.arms.map((arm) =>
            cellOf(
              { label, arm, tuning, pretraining, imageEncoder, trainingSize },
              trainingSize === 'all' ? 360 : trainingSize,
              config.seeds,
              random,
            ),
          );
          cells.push(...own);
          const baseline = own.find(({ arm }) => arm === 'imageOnly')!;
          if (pretraining !== 'none') {
            const none = cells.find((cell) => isSame(cell, { ...baseline, pretraining: 'none' }))!;
            const overNone = compare(baseline, none, 'noPretraining');
            comparisons.push(overNone);
            pretrainingVerdicts.push({
              ...conditionOf(baseline),
              word: 'cannotTell',
              usesReports: pretraining.includes('clip'),
              sentence: `${pretraining} cannot be told from no pre-training.`,
              overNone,
              overControl: null,
            });
          }
          const control = own.find(({ arm }) => arm === 'selfDistilled');
          for (const cell of own) {
            if (cell === baseline) continue;
            const overBaseline = compare(cell, baseline, 'baseline');
            const distils = ['student', 'studentOfReport', 'permutedReports'].includes(cell.arm);
            const overControl = distils && control ? compare(cell, control, 'selfDistilled') : null;
            comparisons.push(overBaseline, ...(overControl ? [overControl] : []));
            if (distils) verdicts.push(verdictOf(overBaseline, overControl));
          }
        }
  return {
    config,
    primary: config.primary
      ? { question: config.primary, namedAt: '2026-11-02T09:00:00.000Z', runsBefore: 0 }
      : null,
    cells,
    comparisons,
    verdicts,
    pretrainingVerdicts,
    grids: cells
      .filter(({ arm }) => arm === 'student' || arm === 'selfDistilled')
      .map((cell) => gridOf(conditionOf(cell))),
    diagnoses: labels.map((label) =>
      diagnosisOf(label, conditionOf(cells.find((cell) => cell.label === label)!)),
    ),
    answers: labels.map((label) => ({
      label,
      sentences: [
        `For ${label}, reports were worth having at training time when patients were few.`,
        'The report tells the label well (text-only AUROC 0.851), and the teacher stays 0.09 above its student.',
      ],
    })),
    runsDone,
    runsPlanned,
  };
}
