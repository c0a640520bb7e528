/**
 * What the study cannot say.
 */
import { distils } from '../study/arms/registry.ts';
import { usesReports } from '../study/recipes.ts';
import type { StudyExport } from './study-export.ts';

/** Limits as sentences; those that hold for every study, and those that this one's choices bring. */
export function limitSentences({ findings, cohort }: StudyExport): string[] {
  const { arms, seeds, pretrainings, trainingSizes } = findings.config;
  const recipes = pretrainings.filter((arm) => arm !== 'none');
  const onReports = recipes.some((recipe) => usesReports(recipe) && !recipe.permutedReports);
  const small = findings.cells.some(
    ({ testPositives, testFilms }) => Math.min(testPositives, testFilms - testPositives) < 50,
  );
  return [
    'One cohort, one split: nothing here says how a classifier does elsewhere.',
    ...(cohort.source.kind === 'synthetic'
      ? [
          'The films and reports are synthetic: what was found holds for the generator’s dials, not for patients.',
        ]
      : []),
    'Small test sets can rarely tell; “cannot tell” is an answer about the data, not about the method.',
    ...(small
      ? ['Some test sets have fewer than fifty positive or fifty negative films: intervals are wide.']
      : []),
    seeds.length === 1
      ? 'One seed says nothing of the spread of training; intervals cover the choice of test patients only.'
      : `${seeds.length} seeds show only part of the spread of training; the first interval covers the choice of test patients only.`,
    'p values are adjusted within a label, size and reference, not over labels and sizes.',
    ...(findings.cells.some(({ subgroups }) => subgroups.length > 0)
      ? [
          'Groups of films were looked at without a test or an adjustment: differences between them are for a further study.',
        ]
      : []),
    ...(arms.some(distils) && !arms.includes('permutedReports')
      ? ['The control with permuted reports was not run.']
      : []),
    ...(onReports && !recipes.some(({ permutedReports }) => permutedReports)
      ? ['Pre-trainings on reports have no control on shuffled pairs.']
      : []),
    ...(trainingSizes.length === 1
      ? ['One training size: nothing here says how findings change with more patients.']
      : []),
    'Labels drawn from the reports themselves favour reports: a report that words the label says it outright.',
    'Not a medical device; not for the care of patients.',
  ];
}
