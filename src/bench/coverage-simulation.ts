/**
 * How often intervals contain the truth and verdicts are wrong, on patients and predictions drawn with a known truth. The statistics are
 * the ones that compute the findings.
 */
import { bcaInterval, percentileInterval } from '../evaluation/bootstrap.ts';
import { delong, delongInterval } from '../evaluation/delong.ts';
import type { Interval } from '../evaluation/interval.ts';
import { Random } from '../random/random.ts';
import { adjustOverArms } from '../study/findings/comparison.ts';
import { judgedArms, type ArmName } from '../study/arms/registry.ts';
import type { ComparedTo, Comparison } from '../study/findings/findings.ts';
import type { Measured } from '../study/cost/measurement.ts';
import { fewestPatients, pairedDifference } from '../study/findings/paired-difference.ts';
import { judge } from '../study/findings/verdict.ts';
import {
  aurocsOf,
  distanceOf,
  drawDistances,
  drawPatients,
  drawScores,
  expectedAuroc,
  measure,
  resample,
  seedEffect,
  trueAuroc,
} from './coverage-draw.ts';

/** How much is simulated. */
export interface CoverageSize {
  readonly repetitions: number;
  /** Bootstrap resamples, as in the presets. */
  readonly resamples: number;
}

/** Confidence of all intervals. */
export const confidence = 0.95;

/** The margin of the equivalence tests; the true difference is as large, so that the share found equivalent is the test's size. */
export const simulatedMargin = 0.05;

/** Shares in [0, 1] of repetitions; undefined intervals count as not holding the truth. */
export interface CoverageRow {
  readonly table: 'auroc' | 'difference' | 'verdict';
  /** What was drawn, in words. */
  readonly scenario: string;
  readonly patients: number;
  readonly seeds: number;
  readonly repetitions: number;
  readonly shares: Readonly<Record<string, number>>;
}

type Outcome = Readonly<Record<string, boolean>>;

function holds(interval: Interval | undefined | null, truth: number): boolean {
  return !!interval && interval.low <= truth && truth <= interval.high;
}

function rowOf(
  row: Omit<CoverageRow, 'repetitions' | 'shares'>,
  { repetitions }: CoverageSize,
  repeat: (random: Random) => Outcome,
): CoverageRow {
  const counts: Record<string, number> = {};
  const random = new Random(`coverage ${row.table} ${row.scenario} ${row.patients} ${row.seeds}`);
  for (let repetition = 0; repetition < repetitions; repetition++)
    for (const [name, happened] of Object.entries(repeat(random.fork(repetition))))
      counts[name] = (counts[name] ?? 0) + Number(happened);
  const shares = Object.entries(counts).map(([name, count]) => [name, count / repetitions]);
  return { ...row, repetitions, shares: Object.fromEntries(shares) as Record<string, number> };
}

/** One run's AUROC: the expanded percentile interval that the lab shows, the plain one, BCa and DeLong, which takes films for independent. @param auroc the truth. */
export function coverAuroc(patients: number, auroc: number, size: CoverageSize): CoverageRow {
  const distance = distanceOf(auroc, 0);
  const row = { table: 'auroc', scenario: `AUROC ${auroc}`, patients, seeds: 1 } as const;
  return rowOf(row, size, (random) => {
    const drawn = drawPatients(patients, random);
    const scores = drawScores(drawn, distance, random);
    const [statistic] = aurocsOf(drawn, [scores]);
    const resamples = resample(drawn, size.resamples, random);
    const [measured] = measure(drawn, resamples, [statistic!]) as [Measured];
    const { value, replicates, rarerClassPatients } = measured;
    const { covariance } = delong(drawn.labels, [scores])!;
    return {
      expanded: holds(percentileInterval(replicates, confidence, rarerClassPatients).interval, auroc),
      percentile: holds(percentileInterval(replicates, confidence).interval, auroc),
      bca: holds(bcaInterval(resamples, statistic!, value!, replicates, confidence).interval, auroc),
      delong: holds(delongInterval(value!, Math.sqrt(covariance[0]![0]!), confidence), auroc),
    };
  });
}

/**
 * The difference of two arms, truly as large as the margin: intervals over patients of the difference that these seeds have and of that which
 * seeds have on average, the interval across seeds of the latter, and the share found equivalent.
 * @param spread over seeds of the distance between the classes.
 */
export function coverDifference(
  patients: number,
  seeds: number,
  size: CoverageSize,
  spread = seedEffect,
): CoverageRow {
  const [first, second] = [0.75 + simulatedMargin, 0.75].map((auroc) => distanceOf(auroc, spread)) as [
    number,
    number,
  ];
  const truth = expectedAuroc(first, spread) - expectedAuroc(second, spread);
  const wider = spread === seedEffect ? '' : `, seeds ${(spread / seedEffect).toFixed(0)} times as far apart`;
  const scenario = `AUROC 0.75 and ${0.75 + simulatedMargin}${wider}`;
  return rowOf({ table: 'difference', scenario, patients, seeds }, size, (random) => {
    const drawn = drawPatients(patients, random);
    const distances = [first, second].map((distance) => drawDistances(distance, seeds, random, spread));
    const resamples = resample(drawn, size.resamples, random);
    const scores = distances.flat().map((distance) => drawScores(drawn, distance, random));
    const measured = measure(drawn, resamples, aurocsOf(drawn, scores));
    const rules = { confidence, margin: simulatedMargin };
    const found = pairedDifference(measured.slice(0, seeds), measured.slice(seeds), rules);
    const ofThese = mean(distances[0]!.map(trueAuroc)) - mean(distances[1]!.map(trueAuroc));
    const { low, high } = found.difference;
    const overPatients = low === null || high === null ? undefined : { low, high };
    return {
      'over patients, these seeds': holds(overPatients, ofThese),
      'over patients, any seeds': holds(overPatients, truth),
      'across seeds': holds(found.acrossSeeds, truth),
      'equivalent at the margin': found.equivalenceP !== null && found.equivalenceP < 1 - confidence,
    };
  });
}

const family: readonly ArmName[] = [
  'teacher',
  'student',
  'studentOfReport',
  'selfDistilled',
  'permutedReports',
];

/**
 * Reports that add nothing: how often at least one of two students is said to be helped. By the verdict's rule, and by the same on intervals over
 * patients alone.
 * @param gain of all arms, the control too, over the baseline: 0, or what soft targets give without reports.
 */
export function countFalseHelp(
  patients: number,
  seeds: number,
  gain: number,
  size: CoverageSize,
): CoverageRow {
  const scenario = gain === 0 ? 'all arms alike' : `all arms, control too, +${gain} over baseline`;
  return rowOf({ table: 'verdict', scenario, patients, seeds }, size, (random) => {
    const drawn = drawPatients(patients, random);
    const resamples = resample(drawn, size.resamples, random);
    const arms = ['imageOnly', ...family].map((_, i) => distanceOf(0.75 + (i === 0 ? 0 : gain)));
    const distances = arms.flatMap((distance) => drawDistances(distance, seeds, random));
    const scores = distances.map((distance) => drawScores(drawn, distance, random));
    const measured = measure(drawn, resamples, aurocsOf(drawn, scores));
    const ofArm = (i: number): Measured[] => measured.slice(i * seeds, (i + 1) * seeds);
    const control = 1 + family.indexOf('selfDistilled');
    const overBaseline = compareFamily(family, 'baseline', (i) => [ofArm(1 + i), ofArm(0)]);
    const overControl = compareFamily(family, 'selfDistilled', (i) => [ofArm(1 + i), ofArm(control)]);
    const helped = (change: (comparison: Comparison) => Comparison): boolean =>
      judgedArms.some((arm) => {
        const i = family.indexOf(arm);
        const pair = [overBaseline[i]!, overControl[i]!].map(change);
        return judge(pair[0]!, pair[1]!, { confidence, margin: 0.02 }) === 'helped';
      });
    return {
      helped: helped((comparison) => comparison),
      'over patients only': helped((comparison) => ({ ...comparison, acrossSeeds: null })),
    };
  });
}

function compareFamily(
  arms: readonly ArmName[],
  comparedTo: ComparedTo,
  pairOf: (arm: number) => readonly [readonly Measured[], readonly Measured[]],
): readonly Comparison[] {
  return adjustOverArms(
    arms.map((arm, i) => ({
      label: 'simulated',
      arm,
      tuning: 'full',
      pretraining: 'none',
      imageEncoder: 'none',
      trainingSize: 'all',
      comparedTo,
      adjustedP: null,
      // Simulates the rule of the intervals with the number of patients that the rule requires.
      rarerClassPatients: fewestPatients,
      delongP: null,
      ...pairedDifference(...pairOf(i), { confidence, margin: 0.02 }),
    })),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
