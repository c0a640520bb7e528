/**
 * What can be built, as forms show it.
 */
import type { Field } from '../models/field.ts';
import type { ImportQuestion } from '../models/imported/import-question.ts';
import type { ObjectiveFacts } from '../pretraining/objective-facts.ts';

/** A registry entry as forms show it. */
export interface CatalogueEntry {
  readonly name: string;
  readonly label: string;
  readonly paper: string;
  readonly fields: readonly Field[];
}

/** An objective of pre-training as forms show it. */
export interface ObjectiveEntry extends CatalogueEntry, ObjectiveFacts {}

/** What the trainer can build, for the forms. */
export interface Catalogue {
  /** The registry's, then those that the person brought (`imported:…`). */
  readonly imageEncoders: readonly CatalogueEntry[];
  /** The registry's, then those that the person brought (`imported:text-…`). */
  readonly textEncoders: readonly CatalogueEntry[];
  readonly methods: readonly CatalogueEntry[];
  readonly objectives: readonly ObjectiveEntry[];
}

/** What comes of a person's own model: it is kept, or something about it must be answered first. */
export type ImportReply =
  | {
      readonly kind: 'added';
      readonly entry: CatalogueEntry;
      /** Tensors of the file that are no part of the network, in words; "" for none. */
      readonly leftOut: string;
    }
  | { readonly kind: 'question'; readonly question: ImportQuestion };
