/**
 * AUROC by group of test films: by sex, age, view, site and whatever else the cohort brought.
 */
import { auroc } from '../../evaluation/metrics/auroc.ts';
import type { WeightedMetric } from '../../evaluation/metrics/metric.ts';
import type { Subgroup } from './findings.ts';
import type { RunResult } from '../job.ts';
import {
  estimateOf,
  meanOver,
  probabilitiesOf,
  rarerClassPatients,
  type LabelledRows,
  type Measurement,
} from '../cost/measurement.ts';

const mostGroups = 8;
const fewFilms = 10;
/** Upper ends of age bands in years, exclusive, with their words. */
const ageBands: readonly (readonly [number, string])[] = [
  [18, '0–17'],
  [40, '18–39'],
  [65, '40–64'],
  [Infinity, '65 and older'],
];

/**
 * The mean over seeds of the AUROC within each group, with its interval over patients, from the resamples that all test films share. By each
 * property that has two to eight values among the test films; films of which it is not known are in no group of it. Ages in years are put in
 * bands.
 */
export function subgroupsOf(
  chosen: readonly RunResult[],
  test: LabelledRows,
  measurement: Measurement,
  confidence: number,
): Subgroup[] {
  const groups = groupFilms(measurement.groups(test.rows));
  const scores = chosen.map((run) => probabilitiesOf(run.test, test.rows));
  const measured = measurement.replicate(
    groups.flatMap(({ films }) => scores.map((score) => aurocWithin(films, test.labels, score))),
    test,
  );
  return groups.map(({ by, group, films }, i) => {
    const labels = films.map((film) => test.labels[film]!);
    const patients = films.map((film) => test.patients[film]!);
    const positives = labels.filter((label) => label === 1).length;
    const ofSeeds = measured.slice(i * chosen.length, (i + 1) * chosen.length);
    return {
      by,
      group,
      films: films.length,
      patients: new Set(patients).size,
      positives,
      auroc: estimateOf(
        { ...meanOver(ofSeeds), rarerClassPatients: rarerClassPatients({ labels, patients }) },
        confidence,
      ),
      small: positives < fewFilms || films.length - positives < fewFilms,
    };
  });
}

/** Films by property and value. */
export interface FilmGroup {
  readonly by: string;
  readonly group: string;
  /** Places in the list of films, ascending. */
  readonly films: readonly number[];
}

/** Groups by each property with two to eight values, in the order in which properties are met; values in the order of the alphabet. */
export function groupFilms(films: readonly Readonly<Record<string, string>>[]): FilmGroup[] {
  const names = [...new Set(films.flatMap((film) => Object.keys(film)))];
  return names.flatMap((by) => {
    const values = groupValues(
      by,
      films.map((film) => (film[by] ?? '').trim()),
    );
    const distinct = [...new Set(values)].filter((value) => value !== '').sort();
    if (distinct.length < 2 || distinct.length > mostGroups) return [];
    return distinct.map((group) => ({
      by,
      group,
      films: values.flatMap((value, film) => (value === group ? [film] : [])),
    }));
  });
}

/** The values as they are, or in age bands where the name says age and all of them are numbers of years ("57", "057Y"). */
function groupValues(name: string, values: readonly string[]): readonly string[] {
  if (!/^(patient)?age$/i.test(name.replace(/[^a-z]/gi, ''))) return values;
  const years = values.map((value) => (/^\d{1,3}(\.\d+)?Y?$/i.test(value) ? parseFloat(value) : null));
  if (values.some((value, i) => value !== '' && years[i] === null)) return values;
  return years.map((age) => (age === null ? '' : ageBands.find(([end]) => age < end)![1]));
}

/** AUROC of the films of a group, by the weights of all films. */
function aurocWithin(
  films: readonly number[],
  labels: readonly number[],
  scores: readonly number[],
): WeightedMetric {
  const own = auroc.prepare(
    films.map((film) => labels[film]!),
    films.map((film) => scores[film]!),
  );
  const ownWeights = new Float64Array(films.length);
  return (weights) => {
    if (!weights) return own();
    films.forEach((film, i) => (ownWeights[i] = weights[film]!));
    return own(ownWeights);
  };
}
