/**
 * Which recipes of pre-training fit the encoders and reports of a study, in sentences.
 */
import type { Catalogue, ObjectiveEntry } from '../../workers/contract.ts';
import type { CohortRow } from '../cohort/cohort.ts';
import type { StudyConfig } from '../study/config.ts';
import type { EncoderChoice } from '../training/fine-tuning.ts';
import type { PretrainingRecipe, WeightedObjective } from '../training/pre-training.ts';

/** What an objective asks of the encoders; `needs` of its catalogue entry says the same to people. */
export const encodersFor: Readonly<
  Record<string, { readonly of: 'film' | 'report'; readonly names: readonly string[] }>
> = {
  mae: { of: 'film', names: ['vit'] },
  mrm: { of: 'film', names: ['vit'] },
  mlm: { of: 'report', names: ['textTransformer'] },
};

type Chosen = Pick<StudyConfig, 'imageEncoders' | 'textEncoder'>;
type Encoders = Pick<Catalogue, 'imageEncoders' | 'textEncoders'>;

/** Why an objective does not fit the chosen encoders and what to do; null when it does. */
export function objectiveMisfit(
  objective: ObjectiveEntry,
  catalogue: Encoders,
  config: Chosen,
): string | null {
  const asked = encodersFor[objective.name];
  if (!asked) return null;
  const chosen = asked.of === 'film' ? config.imageEncoders : [config.textEncoder];
  const wrong = chosen.filter(({ name }) => !asked.names.includes(name)).map(titleIn(catalogue));
  if (wrong.length === 0) return null;
  return `${objective.needs} Chosen now for the ${asked.of}s: ${wrong.join(', ')}. Change that under Encoders.`;
}

/** Why a sum does not fit; null when it does. */
export function recipeMisfit(
  objectives: readonly WeightedObjective[],
  catalogue: Encoders & Pick<Catalogue, 'objectives'>,
  config: Chosen,
): string | null {
  for (const { name } of objectives) {
    const entry = catalogue.objectives.find((other) => other.name === name);
    if (!entry) return `This trainer has no objective "${name}". Leave the recipe out.`;
    const misfit = objectiveMisfit(entry, catalogue, config);
    if (misfit !== null) return misfit;
  }
  return null;
}

/** True when any objective of a sum reads reports, so that shuffled pairs are a control of it. */
export function usesReports(
  objectives: readonly WeightedObjective[],
  entries: readonly ObjectiveEntry[],
): boolean {
  return objectives.some(
    ({ name }) => (entries.find((other) => other.name === name)?.uses ?? 'image') !== 'image',
  );
}

/** Sentences about recipes of a study that cannot be trained; empty when all can. */
export function pretrainingProblems(
  config: StudyConfig,
  catalogue: Catalogue,
  rows: readonly CohortRow[],
): string[] {
  const recipes = config.pretrainings.filter((arm) => arm !== 'none');
  return [
    ...recipes.filter((recipe) => !recipe.permutedReports).flatMap((recipe) => misfitsOf(recipe)),
    ...reportProblems(recipes, catalogue.objectives, rows),
    ...nameProblems(recipes),
  ];

  function misfitsOf({ name, objectives }: PretrainingRecipe): string[] {
    const misfit = recipeMisfit(objectives, catalogue, config);
    return misfit === null ? [] : [`Pre-training "${name}": ${misfit}`];
  }
}

/** Films of each side that pre-training on reports cannot do without. */
const leastReports = 2;

function reportProblems(
  recipes: readonly PretrainingRecipe[],
  entries: readonly ObjectiveEntry[],
  rows: readonly CohortRow[],
): string[] {
  const reading = recipes.filter(({ objectives }) => usesReports(objectives, entries));
  const enough = (['train', 'validation'] as const).every(
    (side) => rows.filter((row) => row.split === side && row.report.trim() !== '').length >= leastReports,
  );
  return reading.length > 0 && !enough
    ? [
        `Pre-training on reports needs at least ${leastReports} films with a report in training and in validation, but this cohort has fewer. Leave out: ${reading.map(({ name }) => name).join(', ')}.`,
      ]
    : [];
}

function nameProblems(recipes: readonly PretrainingRecipe[]): string[] {
  const names = recipes.map(({ name }) => name);
  const twice = new Set(names.filter((name, i) => names.indexOf(name) !== i));
  return [...twice].map(
    (name) =>
      `Two pre-trainings are called "${name}", so that no table could tell them apart. Leave one out.`,
  );
}

function titleIn({ imageEncoders, textEncoders }: Encoders): (choice: EncoderChoice) => string {
  return ({ name, label }) =>
    label ?? [...imageEncoders, ...textEncoders].find((entry) => entry.name === name)?.label ?? name;
}
