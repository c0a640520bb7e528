/**
 * People's own models: checked, kept in the database, and built from there when a study asks for them.
 */
import { importedEncoderId, importedEncoderName, importedIdOf } from '../src/identity/imported-encoder.ts';
import { InputError } from '../src/errors.ts';
import type { ImageEncoder } from '../src/models/encoder.ts';
import { gatherTfjsFiles } from '../src/models/imported/tfjs-files.ts';
import { loadTfjsModel } from '../src/models/imported/tfjs-model.ts';
import { buildRegisteredEncoder, type BuildImageEncoder } from '../src/training/encoder-source.ts';
import type { EncoderChoice } from '../src/training/fine-tuning.ts';
import type { IntensityScaling } from '../src/transforms/prepare.ts';
import type { CatalogueEntry } from './contract.ts';
import type { StoredEncoder } from './stored-encoder.ts';
import { encoderFileStore, encoderStore } from './stores.ts';

/** Height and width in px of the trial run of models that take any size: what most image models are trained at. */
const trialSide = 224;

/**
 * Checks a model by running it once, and keeps it; the same model with the same scaling is kept once, under its newest name. Call with
 * the device started.
 * @throws InputError saying which file cannot be used and what to do.
 */
export async function keepEncoder(
  name: string,
  files: readonly File[],
  scaling: IntensityScaling,
): Promise<CatalogueEntry> {
  const inMemory = files.map(async (file) => ({ name: file.name, bytes: await file.arrayBuffer() }));
  const { fileName, modelJson, weights } = gatherTfjsFiles(await Promise.all(inMemory));
  const encoder = await loadTfjsModel({ modelJson, weights }, { scaling, side: trialSide, fileName });
  const { input, dimensions } = encoder;
  encoder.dispose();
  const record: StoredEncoder = {
    id: await importedEncoderId(modelJson, weights, scaling),
    name: name.trim() || fileName,
    scaling,
    input,
    dimensions,
    addedAt: new Date().toISOString(),
  };
  await encoderFileStore.set(filesKey(record.id), { modelJson, weights });
  await encoderStore.set(aboutKey(record.id), record);
  return entryOf(record);
}

/** The imported models, as forms show them, oldest first. */
export async function importedEntries(): Promise<CatalogueEntry[]> {
  const records = await encoderStore.values(aboutKey(''));
  return records.sort((a, b) => (a.addedAt < b.addedAt ? -1 : 1)).map(entryOf);
}

/** Builds encoders of the registry and imported ones alike. */
export const buildImageEncoder: BuildImageEncoder = async (choice, side, random): Promise<ImageEncoder> => {
  const id = importedIdOf(choice.name);
  if (id === null) return buildRegisteredEncoder(choice, side, random);
  const { scaling, name } = await storedEncoder(id, choice.label);
  const files = await encoderFileStore.get(filesKey(id));
  if (!files) throw missing(choice.label ?? name);
  return loadTfjsModel(files, { scaling, side, fileName: name });
};

/** @throws InputError naming the first chosen model that is not stored here. */
export async function assertEncodersStored(choices: readonly EncoderChoice[]): Promise<void> {
  for (const { name, label } of choices) {
    const id = importedIdOf(name);
    if (id !== null) await storedEncoder(id, label);
  }
}

/** Deletes a model: its record first, so that no half of it is ever read. */
export async function forgetEncoder(id: string): Promise<void> {
  await encoderStore.delete(aboutKey(id));
  await encoderFileStore.delete(filesKey(id));
}

async function storedEncoder(id: string, label = id): Promise<StoredEncoder> {
  const record = await encoderStore.get(aboutKey(id));
  if (!record) throw missing(label);
  return record;
}

function missing(label: string): InputError {
  return new InputError(
    `The model "${label}" is not stored in this browser. Add its files again under "Your own TensorFlow.js model"; equal files with the same scaling give the same model.`,
  );
}

function aboutKey(id: string): string {
  return `about/${id}`;
}

function filesKey(id: string): string {
  return `files/${id}`;
}

const scalingWords: Record<IntensityScaling, string> = {
  zeroToOne: 'films from 0 to 1',
  minusOneToOne: 'films from −1 to 1',
  standardised: 'standardised films',
};

function entryOf({ id, name, scaling, input, dimensions }: StoredEncoder): CatalogueEntry {
  const { height, width, channels } = input;
  return {
    name: importedEncoderName(id),
    label: name,
    paper: `Your own model, frozen: ${height} × ${width} × ${channels} px, ${scalingWords[scaling]}, ${dimensions} features.`,
    fields: [],
  };
}
