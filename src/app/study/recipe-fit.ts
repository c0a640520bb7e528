/**
 * Which objectives and recipes of pre-training fit the encoders of a study, in sentences for those who choose.
 */
import type { Catalogue, CatalogueEntry, ObjectiveEntry } from '../../jobs/catalogue-entry.ts';
import { importedIdOf } from '../../identity/imported-encoder.ts';
import type { StudyConfig } from '../../study/config.ts';
import { patchEncoders, tokenEncoders } from '../../study/recipes.ts';
import type { EncoderChoice } from '../../training/fine-tuning.ts';
import type { WeightedObjective } from '../../training/pre-training.ts';

type Chosen = Pick<StudyConfig, 'imageEncoders' | 'textEncoder'>;
type Encoders = Pick<Catalogue, 'imageEncoders' | 'textEncoders'>;

/** Why an objective does not fit the chosen encoders and what to do; null when it does, or when only building will tell. */
export function objectiveMisfit(
  objective: ObjectiveEntry,
  { imageEncoders, textEncoders }: Encoders,
  config: Chosen,
): string | null {
  if (objective.reads === 'any') return null;
  const ofFilms = objective.reads === 'patches';
  const fitting = ofFilms ? patchEncoders : tokenEncoders;
  const wrong = (ofFilms ? config.imageEncoders : [config.textEncoder]).filter(
    ({ name }) => !(ofFilms && importedIdOf(name) !== null) && !fitting.includes(name),
  );
  if (wrong.length === 0) return null;
  const entries = ofFilms ? imageEncoders : textEncoders;
  const titles = wrong.map((choice) => titleOf(choice, entries)).join(', ');
  return `${objective.needs} Chosen now for the ${ofFilms ? 'films' : 'reports'}: ${titles}. Change that under Encoders.`;
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

function titleOf({ name, label }: EncoderChoice, entries: readonly CatalogueEntry[]): string {
  return label ?? entries.find((entry) => entry.name === name)?.label ?? name;
}
