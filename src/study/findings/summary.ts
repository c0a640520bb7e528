/**
 * From results to findings: what runs stand for each condition, their metrics with intervals, the paired differences, the verdicts and the
 * answers. Pure: the same results give the same findings, to the last digit.
 */
import type { CohortRow } from '../../cohort/cohort.ts';
import { Random } from '../../random/random.ts';
import { answerLabel } from './answers.ts';
import { gridsOf } from '../candidate-grid.ts';
import { cellOf } from './cell.ts';
import { adjustOverArms, compareAuroc, pairsToCompare } from './comparison.ts';
import type { StudyConfig } from '../config.ts';
import { diagnose } from './diagnosis.ts';
import type { Cell, Comparison, Condition, Findings, NamedQuestion } from './findings.ts';
import type { JobResult, PlannedJob } from '../job.ts';
import { Measurement } from '../cost/measurement.ts';
import type { Rules } from './paired-difference.ts';
import { givePretrainingVerdicts } from './pretraining-verdict.ts';
import { conditionKey, selectRuns, type SelectedCondition } from '../selection.ts';
import { giveVerdicts } from './verdict.ts';

/** What findings are computed from. */
export interface StudyResults {
  readonly config: StudyConfig;
  /** When the study was written, ISO 8601. */
  readonly createdAt: string;
  readonly plan: readonly PlannedJob[];
  /** Results so far, in any order. */
  readonly results: readonly JobResult[];
  /** Every row of the cohort. */
  readonly rows: readonly CohortRow[];
  /** The cohort's labels, in the order of each row's `labels`. */
  readonly labelNames: readonly string[];
}

/**
 * Everything that the finished conditions of a study show. Conditions that lack a planned run are left out, and so is what would need them.
 * @param onProgress called after each condition and each comparison, with how many of how many are done.
 * @throws RangeError when results do not fit the cohort: an unknown label, a row on another side of the split.
 */
export function summarize(
  { config, createdAt, plan, results, rows, labelNames }: StudyResults,
  onProgress: (done: number, total: number) => void = () => undefined,
): Findings {
  const { confidence } = config.statistics;
  const selected = selectRuns(plan, results);
  const measurements = measureLabels(config, rows, labelNames);
  const pairs = pairsToCompare(selected, config.pretrainings);
  const total = selected.length + pairs.length;
  const largest = largestSizes(plan);
  let done = 0;
  const counted = <T>(value: T): T => {
    onProgress(++done, total);
    return value;
  };
  const cells = selected.map((entry): Cell =>
    counted(
      cellOf(
        entry,
        measurements(entry.condition.label),
        confidence,
        // Groups are computed for the largest training size only, because they take long and say little at the others.
        sizeOf(entry.condition.trainingSize) === largest.get(entry.condition.label),
      ),
    ),
  );
  const comparisons = adjustOverArms(
    pairs.map(({ arm, reference, comparedTo }): Comparison => {
      const compared = compareAuroc(arm, reference, measurements(arm.condition.label), config.statistics);
      return counted({ ...arm.condition, comparedTo, adjustedP: null, ...compared });
    }),
  );
  const verdicts = giveVerdicts(cells, comparisons, config.statistics);
  const pretrainingVerdicts = givePretrainingVerdicts(
    cells,
    comparisons,
    config.pretrainings,
    config.statistics,
  );
  const difference = differenceBetween(selected, measurements, config.statistics);
  const { statistics } = config;
  const sources = { cells, comparisons, verdicts, pretrainingVerdicts, statistics, difference };
  const planned = plan.filter(({ job }) => job.kind === 'run');
  const labels = [...new Set(planned.flatMap(({ job }) => (job.kind === 'run' ? [job.label] : [])))];
  const finished = new Set(results.map(({ id }) => id));
  return {
    config,
    primary: namedQuestion(config, createdAt, results),
    cells,
    comparisons,
    verdicts,
    pretrainingVerdicts,
    grids: gridsOf(selected),
    diagnoses: diagnose(labels, {
      ...{ cells, comparisons, selected, rows, labelNames, confidence, difference },
    }),
    answers: labels.map((label) => ({ label, sentences: answerLabel(label, sources) })),
    runsDone: planned.filter(({ id }) => finished.has(id)).length,
    runsPlanned: planned.length,
  };
}

function namedQuestion(
  { primary }: StudyConfig,
  namedAt: string,
  results: readonly JobResult[],
): NamedQuestion | null {
  if (!primary) return null;
  const before = results.filter(
    ({ kind, job, finishedAt }) =>
      kind === 'run' && 'label' in job && job.label === primary.label && finishedAt < namedAt,
  );
  return { question: primary, namedAt, runsBefore: before.length };
}

/** The largest planned training size by label; a label may have fewer patients than the study's sizes ask for. */
function largestSizes(plan: readonly PlannedJob[]): ReadonlyMap<string, number> {
  const largest = new Map<string, number>();
  for (const { job } of plan)
    if (job.kind === 'run')
      largest.set(job.label, Math.max(largest.get(job.label) ?? 0, sizeOf(job.trainingSize)));
  return largest;
}

function sizeOf(size: number | 'all'): number {
  return size === 'all' ? Infinity : size;
}

/** One measurement per label, made when first asked for. */
function measureLabels(
  { statistics }: StudyConfig,
  rows: readonly CohortRow[],
  labelNames: readonly string[],
): (label: string) => Measurement {
  const cohort = new Map(rows.map((row) => [row.index, row]));
  const random = new Random(statistics.seed).fork('bootstrap');
  const measurements = new Map<string, Measurement>();
  return (label) => {
    const known = measurements.get(label);
    if (known) return known;
    const index = labelNames.indexOf(label);
    if (index < 0)
      throw new RangeError(`findings: label ${label} is not one of the cohort's: ${labelNames.join(', ')}`);
    const made = new Measurement(cohort, index, statistics.bootstrapSamples, random.fork(label));
    measurements.set(label, made);
    return made;
  };
}

/** Paired difference in AUROC between any two finished conditions of a label. */
function differenceBetween(
  selected: readonly SelectedCondition[],
  measurements: (label: string) => Measurement,
  rules: Rules,
) {
  const byKey = new Map(selected.map((entry) => [conditionKey(entry.condition), entry]));
  return (first: Condition, second: Condition) => {
    const [a, b] = [byKey.get(conditionKey(first)), byKey.get(conditionKey(second))];
    if (!a || !b) throw new RangeError('findings: only finished conditions can be compared');
    return compareAuroc(a, b, measurements(first.label), rules).difference;
  };
}
