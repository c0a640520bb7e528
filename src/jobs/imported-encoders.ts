/**
 * People's own models: checked, kept in the database, and built from there when a study asks for them.
 */
import { countPhrase } from '../count-words.ts';
import {
  importedEncoderId,
  importedEncoderName,
  importedIdOf,
  importedTextId,
  importedWeightsId,
} from '../identity/imported-encoder.ts';
import { InputError } from '../errors.ts';
import { loadBertModel } from '../models/imported/bert-model.ts';
import type { ImageEncoder } from '../models/encoder.ts';
import {
  gatherModelFiles,
  type ChosenModel,
  type ChosenTfjs,
  type ChosenWeights,
  type TextFile,
} from '../models/imported/model-files.ts';
import { parsePieces } from '../models/imported/pieces-file.ts';
import { textInputsOf } from '../models/imported/text-graph.ts';
import type { ImportAnswers } from '../models/imported/import-question.ts';
import type { FrozenTextModel } from '../models/imported/text-model.ts';
import { parseModelJson } from '../models/imported/tfjs-files.ts';
import { loadTfjsModel } from '../models/imported/tfjs-model.ts';
import { loadTfjsTextModel } from '../models/imported/tfjs-text-model.ts';
import { trialReading } from '../models/imported/trial-reading.ts';
import { trialRun } from '../models/imported/trial-run.ts';
import { loadWeightsModel } from '../models/imported/weights-model.ts';
import {
  scalingFrom,
  useOfBert,
  useOfImageWeights,
  type KnownOfWeights,
  type UseOrQuestion,
} from '../models/imported/weights-use.ts';
import { parseVocabulary } from '../models/imported/vocabulary-file.ts';
import { holdsBert } from '../models/weights/recognise-bert.ts';
import { configInMetadata, noConfig, parseModelConfig, withMore } from '../models/weights/model-config.ts';
import { parsePreprocessor } from '../models/weights/preprocessor-config.ts';
import { readSafetensorsHeader, type SafetensorsHeader } from '../models/weights/safetensors.ts';
import { assertConfigFits } from '../models/weights/config-fits.ts';
import { buildRegisteredEncoder, type BuildImageEncoder } from '../training/encoder-source.ts';
import type { EncoderChoice } from '../training/fine-tuning.ts';
import type { IntensityScaling } from '../transforms/prepare.ts';
import type { CatalogueEntry, ImportReply } from './catalogue-entry.ts';
import type {
  StoredBert,
  StoredEncoder,
  StoredEncoderFiles,
  StoredTextGraph,
  StoredTfjsEncoder,
  StoredWeightsEncoder,
} from '../records/stored-encoder.ts';
import { encoderFileStore, encoderStore } from '../records/stores.ts';

/** Height and width in px of the trial run of models that take any size: what most image models are trained at. */
const trialSide = 224;

/**
 * Checks a model by running it once, and keeps it; the same model with the same scaling is kept once, under its newest name. Call with
 * the device started.
 * @returns the model as it is kept, or the first question that is open; nothing is kept then.
 * @throws InputError saying which file cannot be used and what to do.
 */
export async function keepEncoder(
  name: string,
  files: readonly File[],
  scaling: IntensityScaling | null,
  answers: ImportAnswers,
): Promise<ImportReply> {
  const inMemory = files.map(async (file) => ({ name: file.name, bytes: await file.arrayBuffer() }));
  const model = gatherModelFiles(await Promise.all(inMemory));
  const reply = await check(model, scaling, answers);
  if (reply.kind === 'question') return reply;
  const { use: kept } = reply;
  const record: StoredEncoder = {
    ...kept.about,
    name: name.trim() || model.fileName,
    addedAt: new Date().toISOString(),
  };
  await encoderFileStore.set(filesKey(record.id), kept.files);
  await encoderStore.set(aboutKey(record.id), record);
  return { kind: 'added', entry: entryOf(record), leftOut: leftOutOf(record) };
}

/** What is kept of a model, but for what the person says of it. */
interface Checked<Record extends StoredEncoder> {
  readonly about: Omit<Record, 'name' | 'addedAt'>;
  readonly files: StoredEncoderFiles;
}

type AnyChecked =
  Checked<StoredTfjsEncoder> | Checked<StoredWeightsEncoder> | Checked<StoredBert> | Checked<StoredTextGraph>;

async function check(
  model: ChosenModel,
  scaling: IntensityScaling | null,
  answers: ImportAnswers,
): Promise<UseOrQuestion<AnyChecked>> {
  if (model.kind === 'tfjs') {
    if (textInputsOf(parseModelJson(model.modelJson, model.fileName)))
      return { kind: 'use', use: await checkTextGraph(model) };
    const chosen = scalingFrom(model.fileName, answers, scaling);
    return chosen.kind === 'question' ? chosen : { kind: 'use', use: await checkTfjs(model, chosen.use) };
  }
  const { vocabulary } = model;
  const header = headerOf(model);
  // Without a vocabulary the weights of a BERT are refused by name.
  return vocabulary && holdsBert(header.shapes.keys())
    ? checkBert(model, knownOf(model, header, answers, 'reports'), vocabulary)
    : checkWeights(model, knownOf(model, header, answers, 'films'), scaling);
}

function headerOf({ weights, fileName }: ChosenWeights): SafetensorsHeader {
  try {
    return readSafetensorsHeader(new Uint8Array(weights));
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${fileName}: ${error.message}`);
    throw error;
  }
}

/** What the other files and the person's answers say about the weights. */
function knownOf(
  { fileName, config, preprocessor }: ChosenWeights,
  { shapes, metadata }: SafetensorsHeader,
  answers: ImportAnswers,
  reads: 'films' | 'reports',
): KnownOfWeights {
  const normalisation = preprocessor && parsePreprocessor(preprocessor.text, preprocessor.fileName);
  const own = config ? parseModelConfig(config.text, config.fileName, reads) : noConfig;
  const said = withMore(own, configInMetadata(metadata, fileName, reads));
  // transformers' own programs follow the preprocessor's file.
  return { fileName, shapes, answers, config: normalisation ? { ...said, normalisation } : said };
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
  { fileName, weights }: ChosenWeights,
  known: KnownOfWeights,
  scaling: IntensityScaling | null,
): Promise<UseOrQuestion<Checked<StoredWeightsEncoder>>> {
  const asked = useOfImageWeights(known, scaling);
  if (asked.kind === 'question') return asked;
  const encoder = loadWeightsModel(weights, asked.use, { side: trialSide, fileName });
  try {
    const { input, label, use, leftOut, family } = encoder;
    assertConfigFits(known.config, { family, dimensions: encoder.dimensions, depth: null }, fileName);
    const dimensions = await trialRun((films) => encoder.forward(films, false), input, fileName);
    const id = await importedWeightsId(weights, use);
    return {
      kind: 'use',
      use: {
        about: { kind: 'safetensors', id, architecture: label, use, leftOut, input, dimensions },
        files: { kind: 'safetensors', weights },
      },
    };
  } finally {
    encoder.dispose();
  }
}

async function checkBert(
  { fileName, weights }: ChosenWeights,
  known: KnownOfWeights,
  vocabularyFile: TextFile,
): Promise<UseOrQuestion<Checked<StoredBert>>> {
  const vocabulary = parseVocabulary(vocabularyFile.text, vocabularyFile.fileName);
  const asked = useOfBert(known);
  if (asked.kind === 'question') return asked;
  const model = loadBertModel(weights, vocabulary, asked.use, fileName);
  try {
    await trialReading(model, fileName);
    const { label, use, dimensions, vocabularySize, leftOut } = model;
    const id = await importedTextId(weights, vocabulary, use);
    return {
      kind: 'use',
      use: {
        about: { kind: 'bert', id, architecture: label, vocabularySize, use, leftOut, dimensions },
        files: { kind: 'bert', weights, vocabulary },
      },
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

/** Deletes a model: its record first, so that an incomplete model is never read. */
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
  minus1024To1024: 'films from −1024 to 1024',
  standardised: 'standardised films',
};

function entryOf(record: StoredEncoder): CatalogueEntry {
  const { id, name } = record;
  return { name: importedEncoderName(id), label: name, paper: aboutWords(record), fields: [] };
}

function aboutWords(record: StoredEncoder): string {
  if (record.kind === 'bert') {
    const { architecture, vocabularySize, dimensions, use } = record;
    const about = [architecture, headWords(use.heads), `${vocabularySize} tokens`, `${dimensions} features`];
    return `Your own model, frozen, reads reports: ${about.join(', ')}.${leftOutSentence(record)}`;
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
  const { scaling, heads, pooling } = record.use;
  const scaled = typeof scaling === 'string' ? scalingWords[scaling] : 'films scaled as its config.json says';
  const about = [
    record.architecture,
    ...(heads === null ? [] : [headWords(heads)]),
    ...(pooling === null ? [] : [pooling === 'class' ? 'its class token' : 'the mean of its patches']),
    'grey films of the study’s side',
    scaled,
    `${dimensions} features`,
  ];
  return `Your own model, can be trained: ${about.join(', ')}.${leftOutSentence(record)}`;
}

function headWords(heads: number): string {
  return countPhrase(heads, 'attention head');
}

function leftOutSentence(record: StoredEncoder): string {
  const leftOut = leftOutOf(record);
  return leftOut === '' ? '' : ` Left out of the file: ${leftOut}.`;
}

function leftOutOf(record: StoredEncoder): string {
  return 'leftOut' in record ? (record.leftOut ?? '') : '';
}
