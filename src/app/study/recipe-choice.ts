/**
 * The pre-training arms of a study as a person chooses them: recipes on offer, sums of their own, and the controls that follow them.
 */
import type { PretrainingArm } from '../../study/config.ts';
import { isControlOf, offeredRecipes, permutedControl } from '../../study/recipes.ts';
import type { PretrainingRecipe, WeightedObjective } from '../../training/pre-training.ts';

/** Arms of pre-training, never empty. */
export type PretrainingArms = readonly PretrainingArm[];

/** The recipe of a name; controls are not found by it. */
export function recipeNamed(arms: PretrainingArms, name: string): PretrainingRecipe | undefined {
  return recipesOf(arms).find((recipe) => recipe.name === name && !recipe.permutedReports);
}

/** The control of a recipe, by its name where two recipes are the same sum. */
export function controlOf(arms: PretrainingArms, recipe: PretrainingRecipe): PretrainingRecipe | undefined {
  const controls = recipesOf(arms).filter((other) => isControlOf(other, recipe));
  return controls.find(({ name }) => name === permutedControl(recipe).name) ?? controls[0];
}

/** Chosen recipes that are not on offer: a person's own sums, and controls whose recipe was not chosen. */
export function ownRecipes(arms: PretrainingArms): readonly PretrainingRecipe[] {
  const all = recipesOf(arms);
  return all.filter((recipe) =>
    recipe.permutedReports
      ? !all.some((other) => isControlOf(recipe, other))
      : !offeredRecipes.some((offer) => offer.recipe.name === recipe.name),
  );
}

/** True when nothing would be left without this arm and its control. */
export function isLastArm(arms: PretrainingArms, arm: PretrainingArm): boolean {
  return without(arms, arm).length === 0;
}

/** Adds an arm, or takes it out with its control; the last one stays. */
export function toggleArm(arms: PretrainingArms, arm: PretrainingArm, wanted: boolean): PretrainingArms {
  const others = without(arms, arm);
  if (!wanted) return others.length > 0 ? others : arms;
  return arm === 'none' ? ['none', ...others] : [...others, arm];
}

/** Adds a recipe's control behind the recipe, or takes it out. */
export function toggleControl(
  arms: PretrainingArms,
  recipe: PretrainingRecipe,
  wanted: boolean,
): PretrainingArms {
  const control = controlOf(arms, recipe);
  if (!wanted) return arms.filter((arm) => arm !== control);
  if (control) return arms;
  return arms.flatMap((arm) => (sameArm(arm, recipe) ? [arm, permutedControl(recipe)] : [arm]));
}

/** Puts another sum in a recipe's place; its control follows, since a control has the same objectives. */
export function changeRecipe(
  arms: PretrainingArms,
  recipe: PretrainingRecipe,
  objectives: readonly WeightedObjective[],
): PretrainingArms {
  const control = controlOf(arms, recipe);
  return arms.map((arm) =>
    arm !== 'none' && (sameArm(arm, recipe) || arm === control) ? { ...arm, objectives } : arm,
  );
}

/** A sum with one of its objectives changed. */
export function changeObjective(
  objectives: readonly WeightedObjective[],
  changed: WeightedObjective,
): readonly WeightedObjective[] {
  return objectives.map((objective) => (objective.name === changed.name ? changed : objective));
}

function without(arms: PretrainingArms, arm: PretrainingArm): PretrainingArms {
  const control = arm === 'none' ? undefined : controlOf(arms, arm);
  return arms.filter((other) => !sameArm(other, arm) && other !== control);
}

function sameArm(a: PretrainingArm, b: PretrainingArm): boolean {
  if (a === 'none' || b === 'none') return a === b;
  return a.name === b.name && a.permutedReports === b.permutedReports;
}

function recipesOf(arms: PretrainingArms): readonly PretrainingRecipe[] {
  return arms.filter((arm) => arm !== 'none');
}
