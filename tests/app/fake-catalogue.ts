/**
 * A catalogue to which a person's own models can be added, without a trainer.
 */
import type { Catalogue, CatalogueEntry, TrainerApi } from '../../workers/contract.ts';
import { InputError } from '../../src/errors.ts';

/** The part of the trainer's contract that is about encoders; any files with a .json or .safetensors among them are a model. */
export function fakeCatalogue(
  catalogue: Catalogue,
): Pick<TrainerApi, 'catalogue' | 'importEncoder' | 'deleteEncoder'> {
  let ownModels: readonly CatalogueEntry[] = [];
  let count = 0;
  return {
    catalogue: () =>
      Promise.resolve({ ...catalogue, imageEncoders: [...catalogue.imageEncoders, ...ownModels] }),
    importEncoder: (name, files, scaling) => {
      if (!files.some((file) => /\.(json|safetensors)$/.test(file.name)))
        return Promise.reject(new InputError('There is no model.json among what was chosen.'));
      const label = name || files[0]!.name;
      const entry = { name: `imported:${++count}`, label, paper: `Your own model, ${scaling}`, fields: [] };
      ownModels = [...ownModels, entry];
      return Promise.resolve(entry);
    },
    deleteEncoder: (id) => {
      ownModels = ownModels.filter(({ name }) => name !== `imported:${id}`);
      return Promise.resolve();
    },
  };
}
