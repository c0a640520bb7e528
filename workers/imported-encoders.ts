/**
 * People's own models: checked, kept in the database, and built from there when a study asks for them.
 */
import {
  importedEncoderId,
  importedEncoderName,
  importedIdOf,
  importedTextId,
  importedWeightsId,
} from '../src/identity/imported-encoder.ts';
import { InputError } from '../src/errors.ts';
import { loadBertModel } from '../src/models/imported/bert-model.ts';
import type { ImageEncoder } from '../src/models/encoder.ts';
import {
  gatherModelFiles,
  type ChosenModel,
  type ChosenTfjs,
  type ChosenWeights,
  type TextFile,
} from '../src/models/imported/model-files.ts';
import { parsePieces } from '../src/models/imported/pieces-file.ts';
import { textInputsOf } from '../src/models/imported/text-graph.ts';
import type { FrozenTextModel } from '../src/models/imported/text-model.ts';
import { parseModelJson } from '../src/models/imported/tfjs-files.ts';
import { loadTfjsModel } from '../src/models/imported/tfjs-model.ts';
import { loadTfjsTextModel } from '../src/models/imported/tfjs-text-model.ts';
import { trialReading } from '../src/models/imported/trial-reading.ts';
import { trialRun } from '../src/models/imported/trial-run.ts';
import { loadWeightsModel } from '../src/models/imported/weights-model.ts';
import { parseVocabulary } from '../src/models/imported/vocabulary-file.ts';
import { holdsBert } from '../src/models/weights/recognise-bert.ts';
import { readTensorNames } from '../src/models/weights/safetensors.ts';
import { noConfig, parseTimmConfig } from '../src/models/weights/timm-config.ts';
import { buildRegisteredEncoder, type BuildImageEncoder } from '../src/training/encoder-source.ts';
import type { EncoderChoice } from '../src/training/fine-tuning.ts';
import type { IntensityScaling } from '../src/transforms/prepare.ts';
import type { CatalogueEntry } from './contract.ts';
import type {
  StoredBert,
  StoredEncoder,
  StoredEncoderFiles,
  StoredTextGraph,
  StoredTfjsEncoder,
  StoredWeightsEncoder,
} from './stored-encoder.ts';
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
  const model = gatherModelFiles(await Promise.all(inMemory));
  const kept = await check(model, scaling);
  const record: StoredEncoder = {
    ...kept.about,
    name: name.trim() || model.fileName,
    addedAt: new Date().toISOString(),
  };
  await encoderFileStore.set(filesKey(record.id), kept.files);
  await encoderStore.set(aboutKey(record.id), record);
  return entryOf(record);
}

/** What is kept of a model, but for what the person says of it. */
interface Checked<Record extends StoredEncoder> {
  readonly about: Omit<Record, 'name' | 'addedAt'>;
  readonly files: StoredEncoderFiles;
}

function check(
  model: ChosenModel,
  scaling: IntensityScaling,
): Promise<
  Checked<StoredTfjsEncoder> | Checked<StoredWeightsEncoder> | Checked<StoredBert> | Checked<StoredTextGraph>
> {
  if (model.kind === 'tfjs')
    return textInputsOf(parseModelJson(model.modelJson, model.fileName))
      ? checkTextGraph(model)
      : checkTfjs(model, scaling);
  const { vocabulary } = model;
  // Without a vocabulary the weights are refused by name, and a file that is damaged says so as it is read.
  return vocabulary && isBert(model) ? checkBert(model, vocabulary) : checkWeights(model, scaling);
}

function isBert({ weights, fileName }: ChosenWeights): boolean {
  try {
    return holdsBert(readTensorNames(new Uint8Array(weights)));
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${fileName}: ${error.message}`);
    throw error;
  }
}

async function checkTfjs(
  { fileName, modelJson, weights }: ChosenTfjs,
  scaling: IntensityScaling,
): Promise<Checked<StoredTfjsEncoder>> {
  const encoder = await loadTfjsModel({ modelJson, weights }, { scaling, side: trialSide, fileName });
  const { input, dimensions } = encoder;
  encoder.dispose();
  const id = await importedEncoderId(modelJson, weights, scaling);
  return {
    about: { kind: 'tfjs', id, scaling, input, dimensions },
    files: { kind: 'tfjs', modelJson, weights },
  };
}

async function checkTextGraph({
  fileName,
  modelJson,
  weights,
  vocabulary: file,
}: ChosenTfjs): Promise<Checked<StoredTextGraph>> {
  if (!file)
    throw new InputError(
      `${fileName} reads texts, but its vocabulary is missing. Choose vocab.json together with it: a list of pieces, each with its score, which lies in the model’s folder beside ${fileName}.`,
    );
  const vocabulary = parsePieces(file.text, file.fileName);
  const model = await loadTfjsTextModel({ modelJson, weights }, vocabulary, fileName);
  const { dimensions } = model;
  model.dispose();
  const id = await importedTextId(weights, vocabulary, { modelJson });
  return {
    about: { kind: 'tfjsText', id, vocabularySize: vocabulary.length, dimensions },
    files: { kind: 'tfjsText', modelJson, weights, vocabulary },
  };
}

async function checkWeights(
  { fileName, weights, config }: ChosenWeights,
  scaling: IntensityScaling,
): Promise<Checked<StoredWeightsEncoder>> {
  const said = config ? parseTimmConfig(config.text, config.fileName) : noConfig;
  const asked = { scaling: said.normalisation ?? scaling, heads: said.heads, pooling: said.pooling };
  const encoder = loadWeightsModel(weights, asked, { side: trialSide, fileName });
  try {
    const { input, label, use } = encoder;
    const dimensions = await trialRun((films) => encoder.forward(films, false), input, fileName);
    const id = await importedWeightsId(weights, use);
    return {
      about: { kind: 'safetensors', id, architecture: label, use, input, dimensions },
      files: { kind: 'safetensors', weights },
    };
  } finally {
    encoder.dispose();
  }
}

async function checkBert(
  { fileName, weights, config }: ChosenWeights,
  vocabularyFile: TextFile,
): Promise<Checked<StoredBert>> {
  const vocabulary = parseVocabulary(vocabularyFile.text, vocabularyFile.fileName);
  const { heads } = config ? parseTimmConfig(config.text, config.fileName) : noConfig;
  const model = loadBertModel(weights, vocabulary, { heads }, fileName);
  try {
    await trialReading(model, fileName);
    const { label, use, dimensions, vocabularySize } = model;
    const id = await importedTextId(weights, vocabulary, use);
    return {
      about: { kind: 'bert', id, architecture: label, vocabularySize, use, dimensions },
      files: { kind: 'bert', weights, vocabulary },
    };
  } finally {
    model.dispose();
  }
}

/** The imported models that read films or reports, as forms show them, oldest first. */
export async function importedEntries(reads: 'films' | 'reports'): Promise<CatalogueEntry[]> {
  const records = (await encoderStore.values(aboutKey(''))).filter(
    ({ kind }) => (kind === 'bert' || kind === 'tfjsText') === (reads === 'reports'),
  );
  return records.sort((a, b) => (a.addedAt < b.addedAt ? -1 : 1)).map(entryOf);
}

/** Builds encoders of the registry and imported ones alike. */
export const buildImageEncoder: BuildImageEncoder = async (choice, side, random): Promise<ImageEncoder> => {
  const id = importedIdOf(choice.name);
  if (id === null) return buildRegisteredEncoder(choice, side, random);
  const about = await storedEncoder(id, choice.label);
  const files = await encoderFileStore.get(filesKey(id));
  if (!files) throw missing(choice.label ?? about.name);
  const place = { side, fileName: about.name };
  if (about.kind === 'safetensors' && files.kind === 'safetensors')
    return loadWeightsModel(files.weights, about.use, place);
  if (isTfjs(about) && isTfjs(files)) return loadTfjsModel(files, { ...place, scaling: about.scaling });
  throw missing(choice.label ?? about.name);
};

/** Loads a person's own text encoder; the one who asked disposes of it. @throws InputError when it is not stored here. */
export async function loadTextModel({ name, label }: EncoderChoice): Promise<FrozenTextModel> {
  const id = importedIdOf(name) ?? name;
  const about = await storedEncoder(id, label);
  const files = await encoderFileStore.get(filesKey(id));
  if (about.kind === 'bert' && files?.kind === 'bert')
    return loadBertModel(files.weights, files.vocabulary, about.use, about.name);
  if (about.kind === 'tfjsText' && files?.kind === 'tfjsText')
    return loadTfjsTextModel(files, files.vocabulary, about.name);
  throw missing(label ?? about.name);
}

/** Whether a record is TensorFlow.js's; the oldest do not say so. */
function isTfjs<T extends { readonly kind?: string }>(
  record: T,
): record is Extract<T, { readonly kind?: 'tfjs' }> {
  return record.kind === undefined || record.kind === 'tfjs';
}

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
    `The model "${label}" is not stored in this browser. Add its files again under "Your own model"; equal files that are used alike give the same model.`,
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

function entryOf(record: StoredEncoder): CatalogueEntry {
  const { id, name } = record;
  return { name: importedEncoderName(id), label: name, paper: aboutWords(record), fields: [] };
}

function aboutWords(record: StoredEncoder): string {
  if (record.kind === 'bert') {
    const { architecture, vocabularySize, dimensions } = record;
    return `Your own model, frozen, reads reports: ${architecture}, ${vocabularySize} tokens, ${dimensions} features.`;
  }
  if (record.kind === 'tfjsText') {
    const { vocabularySize, dimensions } = record;
    return `Your own model, frozen, reads reports: TensorFlow.js graph, ${vocabularySize} pieces, ${dimensions} features.`;
  }
  const { input, dimensions } = record;
  if (record.kind !== 'safetensors') {
    const { height, width, channels } = input;
    return `Your own model, frozen: ${height} × ${width} × ${channels} px, ${scalingWords[record.scaling]}, ${dimensions} features.`;
  }
  const { scaling } = record.use;
  const scaled = typeof scaling === 'string' ? scalingWords[scaling] : 'films scaled as its config.json says';
  return `Your own model, can be trained: ${record.architecture}, grey films of the study’s side, ${scaled}, ${dimensions} features.`;
}
