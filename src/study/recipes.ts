/**
 * Recipes of pre-training that the study page offers. Data only: objectives are computed in
 * `pretraining/`.
 */
import { imageEncoderFacts, textEncoderFacts } from '../models/encoder-facts.ts';
import { objectiveFacts } from '../pretraining/objective-facts.ts';
import type { PretrainingRecipe, WeightedObjective } from '../training/pre-training.ts';

/** Names of the entries of which something holds. */
function namesWhere<T>(facts: Readonly<Record<string, T>>, holds: (fact: T) => boolean): readonly string[] {
  return Object.entries(facts).flatMap(([name, fact]) => (holds(fact) ? [name] : []));
}

/** Objectives that read reports. */
export const reportObjectives: readonly string[] = namesWhere(objectiveFacts, ({ uses }) => uses !== 'image');

/** Objectives that need an image encoder that reads patches. */
export const patchObjectives: readonly string[] = namesWhere(
  objectiveFacts,
  ({ reads }) => reads === 'patches',
);

/** Image encoders of the registry that read patches. */
export const patchEncoders: readonly string[] = namesWhere(
  imageEncoderFacts,
  ({ readsPatches }) => readsPatches,
);

/** Objectives that need a text encoder that reads tokens. */
export const tokenObjectives: readonly string[] = namesWhere(
  objectiveFacts,
  ({ reads }) => reads === 'tokens',
);

/** Text encoders of the registry that read tokens. */
export const tokenEncoders: readonly string[] = namesWhere(
  textEncoderFacts,
  ({ readsTokens }) => readsTokens,
);

/** Whether a recipe learns from reports, so that a gain may be owed to them. */
export function usesReports({ objectives }: Pick<PretrainingRecipe, 'objectives'>): boolean {
  return objectives.some(({ name }) => reportObjectives.includes(name));
}

/** A recipe on offer. */
export interface OfferedRecipe {
  readonly label: string;
  readonly description: string;
  readonly recipe: PretrainingRecipe;
}

/** Recipes on offer, in the order of the method's table: self-supervised, aligned, masked, combined. */
export const offeredRecipes: readonly OfferedRecipe[] = [
  offer('simclr', 'SimCLR', 'Films alone: two views of a film must find each other.', ['simclr']),
  offer('vicreg', 'VICReg', 'Films alone: two views of a film get similar embeddings, without negatives.', [
    'vicreg',
  ]),
  offer(
    'barlowTwins',
    'Barlow Twins',
    'Films alone: two views of a film get similar embeddings, whose dimensions are not correlated.',
    ['barlowTwins'],
  ),
  offer(
    'dino',
    'DINO',
    'Films alone: the output for small crops must match a slow teacher’s output for large ones.',
    ['dino'],
  ),
  offer('mae', 'MAE', 'Films alone: three quarters of the patches are drawn from the rest.', ['mae']),
  offer('clip', 'CLIP', 'Film and report must find each other.', ['clip']),
  offer(
    'convirt',
    'ConVIRT',
    'Film and report must find each other, with more weight on finding the report.',
    ['convirt'],
  ),
  offer('siglip', 'SigLIP', 'Film and report: each pair is judged by itself.', ['siglip']),
  offer('mrm', 'MRM', 'Masked patches and masked words, the words with the help of the film.', ['mrm']),
  offer('clip+simclr', 'CLIP + SimCLR', 'Alignment and self-supervision, as in SLIP.', ['clip', 'simclr']),
  offer('clip+mae', 'CLIP + MAE', 'Alignment and reconstruction.', ['clip', 'mae']),
];

function offer(
  name: string,
  label: string,
  description: string,
  objectives: readonly string[],
): OfferedRecipe {
  const equal = (objective: string): WeightedObjective => ({ name: objective, weight: 1, settings: {} });
  return {
    label,
    description,
    recipe: { name, objectives: objectives.map(equal), permutedReports: false },
  };
}

/** The control of a recipe that uses reports: the same objectives on shuffled pairs. */
export function permutedControl(recipe: PretrainingRecipe): PretrainingRecipe {
  return { ...recipe, name: `${recipe.name} (permuted)`, permutedReports: true };
}

/** Whether one recipe is what another is without its objectives on films alone: the same objectives on reports, and no other. */
export function isReportPartOf(part: PretrainingRecipe, recipe: PretrainingRecipe): boolean {
  const onReports = recipe.objectives.filter((objective) => usesReports({ objectives: [objective] }));
  return (
    part.permutedReports === recipe.permutedReports &&
    onReports.length > 0 &&
    onReports.length < recipe.objectives.length &&
    JSON.stringify(part.objectives) === JSON.stringify(onReports)
  );
}

/** Whether one recipe is the control of another: the same objectives on shuffled pairs. */
export function isControlOf(control: PretrainingRecipe, recipe: PretrainingRecipe): boolean {
  return (
    control.permutedReports &&
    !recipe.permutedReports &&
    JSON.stringify(control.objectives) === JSON.stringify(recipe.objectives)
  );
}
