/**
 * A person's own sum of objectives, checked before it becomes a recipe.
 */
import type { ObjectiveEntry } from '../../jobs/catalogue-entry.ts';
import type { PretrainingRecipe } from '../../training/pre-training.ts';

/** The recipe, or a sentence that says what is missing. */
export type OwnSum =
  | { readonly recipe: PretrainingRecipe; readonly problem: null }
  | { readonly recipe: null; readonly problem: string };

/**
 * The sum of the chosen objectives.
 * @param weights factor on each chosen objective's loss, by its name.
 * @param taken names that other arms bear.
 */
export function ownSum(
  name: string,
  weights: Readonly<Record<string, number>>,
  entries: readonly ObjectiveEntry[],
  taken: readonly string[],
): OwnSum {
  const chosen = entries.filter((entry) => entry.name in weights);
  const problem =
    objectivesProblem(chosen) ?? weightProblem(chosen, weights) ?? nameProblem(name.trim(), taken);
  if (problem !== null) return { recipe: null, problem };
  const objectives = chosen.map((entry) => ({
    name: entry.name,
    weight: weights[entry.name]!,
    settings: {},
  }));
  return { recipe: { name: name.trim(), objectives, permutedReports: false }, problem: null };
}

/** What is wrong with the weight of an objective; null when nothing is. */
export function weightWrong(weight: number): string | null {
  return Number.isFinite(weight) && weight > 0 ? null : 'A weight is a number above 0.';
}

function objectivesProblem(chosen: readonly ObjectiveEntry[]): string | null {
  if (chosen.length === 0) return 'Choose at least one objective.';
  return chosen.every(({ uses }) => uses === 'report')
    ? 'None of these objectives looks at a film, so the image encoder would learn nothing. Add one that does.'
    : null;
}

function weightProblem(
  chosen: readonly ObjectiveEntry[],
  weights: Readonly<Record<string, number>>,
): string | null {
  const wrong = chosen.find((entry) => weightWrong(weights[entry.name]!) !== null);
  return wrong ? `The weight of ${wrong.label} must be a number above 0.` : null;
}

function nameProblem(name: string, taken: readonly string[]): string | null {
  if (name === '') return 'Give the sum a name; tables and figures will use it.';
  return name === 'none' || taken.includes(name)
    ? `Another arm is called "${name}"; choose another name.`
    : null;
}
