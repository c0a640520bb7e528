/**
 * A person's own model through the trainer's contract, where a test wants it added.
 */
import type * as Comlink from 'comlink';
import type { ImportAnswers } from '../../src/models/imported/import-question.ts';
import type { IntensityScaling } from '../../src/transforms/prepare.ts';
import type { CatalogueEntry } from '../../src/jobs/catalogue-entry.ts';
import type { TrainerApi } from '../../workers/contract.ts';

/** Adds a model. @throws Error with the question's sentence when one is open. */
export async function addModel(
  trainer: Comlink.Remote<TrainerApi>,
  name: string,
  files: readonly File[],
  scaling: IntensityScaling | null,
  answers: ImportAnswers = {},
): Promise<CatalogueEntry> {
  const reply = await trainer.importEncoder(name, files, scaling, answers);
  if (reply.kind === 'question') throw new Error(`It was asked: ${reply.question.sentence}`);
  return reply.entry;
}
