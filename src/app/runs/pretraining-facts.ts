/**
 * What is known of a pre-training, in progress or finished, as the panel's line of facts.
 */
import type { PretrainingJob, PretrainingResult } from '../../study/job.ts';
import type { TrainingPoint } from '../../training/task.ts';
import { formatDuration } from '../shared/format.ts';
import { counted, formatCount } from '../../figures/number-words.ts';
import { directions, signalNames } from '../../evaluation/embedding-signals.ts';
import { lastSignal, validationsOf, notMeasured } from './pretraining-signals.ts';

/** A fact with the words for what it is. */
export interface PretrainingFact {
  readonly term: string;
  readonly value: string;
}

/** What the facts are drawn from. */
export interface PretrainingSoFar {
  readonly job: PretrainingJob;
  /** Null while it is in progress. */
  readonly result: PretrainingResult | null;
  readonly points: readonly TrainingPoint[];
  /** Films that a step reads. */
  readonly filmsPerStep: number;
  /** Steps per second of the run in progress; null when not known. */
  readonly stepsPerSecond: number | null;
}

/** Facts in the order of the panel. */
export function pretrainingFacts(soFar: PretrainingSoFar): readonly PretrainingFact[] {
  const validations = validationsOf(soFar.points);
  return [
    { term: 'Films seen', value: filmsSeen(soFar) },
    { term: 'Rate', value: rate(soFar) },
    ...(soFar.result ? finishedFacts(soFar.result) : []),
    { term: 'Linear-probe AUROC', value: lastSignal(validations, signalNames.probe) },
    ...directions.map((direction) => ({
      term: direction === 'imageToReport' ? 'Recall@1, film to report' : 'Recall@1, report to film',
      value: lastSignal(validations, signalNames.recall(direction, 1)),
    })),
    { term: 'Deviation of embeddings', value: lastSignal(validations, signalNames.deviation) },
    { term: 'Effective dimensions', value: lastSignal(validations, signalNames.effectiveDimensions, 1) },
  ];
}

function filmsSeen({ job, result, points, filmsPerStep }: PretrainingSoFar): string {
  if (result) return formatCount(result.imagesSeen);
  const seen = (points.at(-1)?.step ?? 0) * filmsPerStep;
  return `${formatCount(seen)} of ${formatCount(job.settings.imagesSeen)}`;
}

function rate({ result, filmsPerStep, stepsPerSecond }: PretrainingSoFar): string {
  const perSecond = result ? result.imagesPerSecond : stepsPerSecond && stepsPerSecond * filmsPerStep;
  return perSecond === null ? notMeasured : `${rateNumber(perSecond)} films/s`;
}

function rateNumber(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : formatCount(perSecond);
}

function finishedFacts({
  trainingFilms,
  trainingPatients,
  durationMs,
}: PretrainingResult): PretrainingFact[] {
  return [
    {
      term: 'Trained on',
      value: `${counted(trainingFilms, 'film')} of ${counted(trainingPatients, 'patient')}`,
    },
    { term: 'Time', value: formatDuration(durationMs) },
  ];
}
