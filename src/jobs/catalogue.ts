/**
 * What this machine can build, from the registries and the person's own models.
 */
import { imageEncoders } from '../models/encoders/registry.ts';
import { textEncoders } from '../models/text/registry.ts';
import { objectives } from '../pretraining/registry.ts';
import { methods } from '../training/methods/registry.ts';
import type { Catalogue, CatalogueEntry } from './catalogue-entry.ts';
import { importedEntries } from './imported-encoders.ts';

/** The current catalogue. Adding or deleting a model changes it. */
export async function catalogue(): Promise<Catalogue> {
  const encoders = (registry: Readonly<Record<string, CatalogueEntry>>): CatalogueEntry[] =>
    Object.values(registry).map(({ name, label, paper, fields }) => ({ name, label, paper, fields }));
  return {
    imageEncoders: [...encoders(imageEncoders), ...(await importedEntries('films'))],
    textEncoders: [...encoders(textEncoders), ...(await importedEntries('reports'))],
    methods: Object.entries(methods).map(([name, { label, paper }]) => ({ name, label, paper, fields: [] })),
    objectives: Object.values(objectives).map(({ name, label, paper, fields, uses, needs }) => {
      return { name, label, paper, fields, uses, needs };
    }),
  };
}
