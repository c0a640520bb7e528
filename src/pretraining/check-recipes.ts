/**
 * Checks recipes before a study is planned.
 */
import { InputError } from '../errors.ts';
import { completeSettings } from '../models/field.ts';
import type { PretrainingRecipe } from '../training/pre-training.ts';
import { objectives } from './registry.ts';

/**
 * Checks objectives, their settings, and that controls have something to shuffle.
 * @throws InputError naming the first recipe that cannot be built, and why.
 */
export function assertRecipes(arms: readonly (PretrainingRecipe | 'none')[]): void {
  const recipes = arms.filter((arm) => arm !== 'none');
  for (const { name, objectives: terms, permutedReports } of recipes) {
    const twice = terms.find((term, i) => terms.findIndex((other) => other.name === term.name) !== i);
    if (twice)
      throw new InputError(
        `The recipe "${name}" names the objective "${twice.name}" twice; give it one weight.`,
      );
    for (const { name: objective, settings } of terms) assertObjective(name, objective, settings);
    if (permutedReports && terms.every((term) => objectives[term.name]!.uses === 'image'))
      throw new InputError(
        `The recipe "${name}" shuffles reports, but none of its objectives reads them. Leave it out.`,
      );
  }
}

function assertObjective(recipe: string, name: string, settings: Readonly<Record<string, number>>): void {
  const objective = objectives[name];
  if (!objective) {
    const names = Object.keys(objectives).join(', ');
    throw new InputError(
      `The recipe "${recipe}" names the objective "${name}", which does not exist; choose of ${names}.`,
    );
  }
  try {
    completeSettings(name, objective.fields, settings);
  } catch (error) {
    throw new InputError(
      `The recipe "${recipe}" cannot be built. ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
