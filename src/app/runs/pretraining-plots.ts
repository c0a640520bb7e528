/**
 * The curves of a pre-training over films seen, one small plot a question, with the same numbers as lines of a table.
 */
import type { TrainingPoint } from '../../training/task.ts';
import { counted, formatCount, formatNumber } from '../../figures/number-words.ts';
import {
  directions,
  leastDeviation,
  leastDimensions,
  mostFilms,
  neighbourCounts,
  signalNames,
  type Direction,
} from '../../evaluation/embedding-signals.ts';
import { validationsOf, measuredOn, notMeasured, probedLabels } from './pretraining-signals.ts';

/** A line of a plot. */
export interface SignalCurve {
  readonly label: string;
  /** One per place on the x axis; null where it was not measured. */
  readonly values: (number | null)[];
}

/** A small plot. */
export interface SignalPlotData {
  readonly title: string;
  /** What it means and what it is measured on. */
  readonly note: string;
  /** Films seen at each place. */
  readonly filmsSeen: number[];
  readonly curves: readonly SignalCurve[];
  readonly digits: number;
  /** Why there is nothing to draw; null when there is. */
  readonly missing: string | null;
}

/** All plots of a run, in the order of the panel. @param filmsPerStep films that a step reads. */
export function pretrainingPlots(
  points: readonly TrainingPoint[],
  filmsPerStep: number,
): readonly SignalPlotData[] {
  const validations = validationsOf(points);
  const seen = validations.map(({ step }) => step * filmsPerStep);
  const plot = (
    title: string,
    note: string,
    curves: readonly (readonly [label: string, name: string])[],
    reason: string,
    digits = 3,
  ): SignalPlotData => ({
    title,
    note,
    filmsSeen: seen,
    digits,
    curves: curves.map(([label, name]) => ({
      label,
      values: validations.map(({ signals }) => signals?.[name] ?? null),
    })),
    missing: missingWord(validations, curves, reason),
  });
  const probes = probedLabels(validations).map(({ label, name }) => [label, name] as const);
  return [
    lossPlot(points, filmsPerStep),
    plot(
      'Linear-probe AUROC',
      `${measuredOn}; the probe is fitted on ${mostFilms} training films at most. 0.5 is chance.`,
      probes.length === 1 ? probes : [['mean of labels', signalNames.probe], ...probes],
      'No label has both classes among these films.',
    ),
    ...directions.map((direction) =>
      plot(
        `Recall, ${directionWords[direction]}`,
        `Share ${recallWords[direction]} ${measuredOn} that have a report.`,
        neighbourCounts.map((k) => [`recall@${k}`, signalNames.recall(direction, k)] as const),
        'No objective of this recipe compares films with reports.',
      ),
    ),
    plot(
      'Deviation of embeddings',
      `${measuredOn}, each embedding at length 1. Below ${leastDeviation} they have collapsed.`,
      [['deviation', signalNames.deviation]],
      'Nothing could be measured.',
    ),
    plot(
      'Effective dimensions',
      `${measuredOn}: in how many directions embeddings vary. Below ${leastDimensions} they have collapsed.`,
      [['dimensions', signalNames.effectiveDimensions]],
      'Nothing could be measured.',
      1,
    ),
  ];
}

/** Ways of looking for partners, as titles say them. */
export const directionWords: Readonly<Record<Direction, string>> = {
  imageToReport: 'film to report',
  reportToImage: 'report to film',
};

const recallWords: Readonly<Record<Direction, string>> = {
  imageToReport: 'of films whose own report is among the k nearest; by chance, k of all that are compared.',
  reportToImage: 'of reports whose own film is among the k nearest; by chance, k of all that are compared.',
};

/** A plot as a table: films seen, then one column per curve. Points without any value are left out, unless none has one. */
export function plotTable({ filmsSeen, curves, digits }: SignalPlotData): {
  readonly head: readonly string[];
  readonly lines: readonly (readonly string[])[];
} {
  const places = filmsSeen.map((_, i) => i);
  const whole = places.filter((i) => curves.every(({ values }) => values[i] !== null));
  return {
    head: ['films seen', ...curves.map(({ label }) => label)],
    lines: (whole.length > 0 ? whole : places).map((i) => [
      formatCount(filmsSeen[i]!),
      ...curves.map(({ values }) => cell(values[i] ?? null, digits)),
    ]),
  };
}

/** The last value of each curve in a sentence, for those who cannot see the plot. */
export function plotSummary({ title, filmsSeen, curves, digits }: SignalPlotData): string {
  const values = curves.map(({ label, values: all }) => {
    const last = all.findLast((value) => value !== null) ?? null;
    return `${label} ${cell(last, digits)}`;
  });
  return `${title} after ${counted(filmsSeen.at(-1) ?? 0, 'film')}: ${values.join(', ')}.`;
}

/** Every number of a run as a table to keep. */
export function pretrainingCsv(
  points: readonly TrainingPoint[],
  filmsPerStep: number,
): readonly (readonly string[])[] {
  const names = [...new Set(points.flatMap(({ signals = {} }) => Object.keys(signals)))];
  const text = (value: number | undefined): string => (value === undefined ? '' : String(value));
  return [
    ['step', 'films seen', 'training loss', 'validation loss', ...names],
    ...points.map(({ step, trainingLoss, validationLoss, signals }) => [
      String(step),
      String(step * filmsPerStep),
      text(trainingLoss),
      text(validationLoss),
      ...names.map((name) => text(signals?.[name])),
    ]),
  ];
}

function lossPlot(points: readonly TrainingPoint[], filmsPerStep: number): SignalPlotData {
  return {
    title: 'Loss',
    note: 'The weighted sum of the objectives; validation on films of validation patients.',
    filmsSeen: points.map(({ step }) => step * filmsPerStep),
    curves: [
      { label: 'training', values: points.map(({ trainingLoss }) => trainingLoss) },
      { label: 'validation', values: points.map(({ validationLoss }) => validationLoss ?? null) },
    ],
    digits: 3,
    missing: points.length > 0 ? null : 'Curves appear with the first steps.',
  };
}

function missingWord(
  validations: readonly TrainingPoint[],
  curves: readonly (readonly [label: string, name: string])[],
  reason: string,
): string | null {
  if (validations.length === 0) return `${capitalNotMeasured} yet: the first validation is still to come.`;
  const found = validations.some(({ signals }) => curves.some(([, name]) => signals?.[name] !== undefined));
  return found ? null : `${capitalNotMeasured}. ${reason}`;
}

const capitalNotMeasured = notMeasured.charAt(0).toUpperCase() + notMeasured.slice(1);

function cell(value: number | null, digits: number): string {
  return value === null ? notMeasured : formatNumber(value, digits);
}
