/**
 * Which kind of model a person's files are: TensorFlow.js (model.json and its weights) or weights alone (.safetensors, with or without
 * config.json and preprocessor_config.json), each with the vocabulary of a text encoder; what is neither is refused with what to do.
 */
import { InputError } from '../../errors.ts';
import { isPreprocessorName } from '../weights/preprocessor-config.ts';
import { gatherTfjsFiles, type ModelFile, type TfjsFiles } from './tfjs-files.ts';
import { isVocabularyName } from './vocabulary-file.ts';

/** A text beside the weights. */
export interface TextFile {
  readonly fileName: string;
  readonly text: string;
}

/** A file of weights with the config.json and the vocabulary that were chosen with it. */
export interface ChosenWeights {
  readonly kind: 'safetensors';
  readonly fileName: string;
  readonly weights: ArrayBuffer;
  readonly config: TextFile | null;
  /** transformers' preprocessor_config.json. */
  readonly preprocessor: TextFile | null;
  readonly vocabulary: TextFile | null;
}

/** A TensorFlow.js model, with the vocabulary that was chosen with it. */
export interface ChosenTfjs extends TfjsFiles {
  readonly kind: 'tfjs';
  readonly fileName: string;
  readonly vocabulary: TextFile | null;
}

/** A person's model, by its kind. */
export type ChosenModel = ChosenTfjs | ChosenWeights;

/** @throws InputError naming the file that is missing, too many, or of a kind that cannot be read. */
export function gatherModelFiles(files: readonly ModelFile[]): ChosenModel {
  const weights = files.filter(({ name }) => /\.safetensors$/i.test(name));
  if (weights.length > 0) return gatherWeights(weights, files);
  const checkpoint = files.find(({ name }) => /\.(pt|pth|ckpt|bin)$/i.test(name));
  if (checkpoint && !files.some(isTfjsJson)) throw new InputError(refuseCheckpoint(checkpoint.name));
  const vocabularies = files.filter((file) => isVocabularyName(file.name) && !isTfjsJson(file));
  const others = files.filter((file) => !vocabularies.includes(file));
  // A vocabulary alone is refused as not being a model.
  const model = gatherTfjsFiles(others.length > 0 ? others : files);
  return { kind: 'tfjs', ...model, vocabulary: findVocabulary(vocabularies) };
}

function gatherWeights(weights: readonly ModelFile[], files: readonly ModelFile[]): ChosenWeights {
  const [file] = weights;
  if (weights.length > 1) {
    const names = weights.map(({ name }) => name).join(' and ');
    throw new InputError(
      `${names} are ${weights.length} files of weights; choose one. A model that is split over several files must be saved as one before.`,
    );
  }
  refuseShard(file!.name);
  return {
    kind: 'safetensors',
    fileName: file!.name,
    weights: file!.bytes,
    config: findConfig(
      files.filter(
        ({ name }) => /\.json$/i.test(name) && !isVocabularyName(name) && !isPreprocessorName(name),
      ),
    ),
    preprocessor: findPreprocessor(files.filter(({ name }) => isPreprocessorName(name))),
    vocabulary: findVocabulary(files.filter(({ name }) => isVocabularyName(name))),
  };
}

/**
 * One file of several holds only the first or the last blocks. Where nothing else tells how many there are, they would be taken for a
 * network of fewer blocks: a BERT of half its depth gives features without any error.
 */
function refuseShard(name: string): void {
  const [, number, count] = /-(\d{5})-of-(\d{5})\./.exec(name) ?? [];
  if (number === undefined || Number(count) < 2) return;
  throw new InputError(
    `${name} is part ${Number(number)} of a model that is split over ${Number(count)} files, so it lacks some of its blocks. Save the model as one file and choose that: in transformers, with save_pretrained(FOLDER, max_shard_size='100GB').`,
  );
}

function findConfig(texts: readonly ModelFile[]): TextFile | null {
  const named = texts.filter(({ name }) => name.toLowerCase() === 'config.json');
  const found = named.length > 0 ? named : texts;
  if (found.length > 1) {
    const names = found.map(({ name }) => name).join(' and ');
    throw new InputError(`${names} may each describe the weights; choose only the config.json beside them.`);
  }
  return found[0] ? textOf(found[0]) : null;
}

function findPreprocessor(found: readonly ModelFile[]): TextFile | null {
  if (found.length > 1) {
    const names = found.map(({ name }) => name).join(' and ');
    throw new InputError(`${names} may each tell how images are scaled; choose only the one of this model.`);
  }
  return found[0] ? textOf(found[0]) : null;
}

function findVocabulary(found: readonly ModelFile[]): TextFile | null {
  if (found.length > 1) {
    const names = found.map(({ name }) => name).join(' and ');
    throw new InputError(`${names} are ${found.length} vocabularies; choose the one of this model only.`);
  }
  return found[0] ? textOf(found[0]) : null;
}

function textOf({ name, bytes }: ModelFile): TextFile {
  return { fileName: name, text: new TextDecoder().decode(bytes) };
}

function isTfjsJson({ name, bytes }: ModelFile): boolean {
  if (!/\.json$/i.test(name)) return false;
  const text = new TextDecoder().decode(bytes);
  return text.includes('"modelTopology"') || text.includes('"weightsManifest"');
}

/** PyTorch's files are programs that only Python can run. */
function refuseCheckpoint(name: string): string {
  // A file name with special characters of the shell is left for the person to fill in.
  const file = /^[\w.-]+$/.test(name) ? name : 'FILE';
  const load = `torch.load('${file}', map_location='cpu', weights_only=True)`;
  // Trainers keep the weights inside of other things ("state_dict", "teacher"): all tensors are saved, each under the path to it.
  const flat =
    "f = lambda c, p='': {n: t for k, v in c.items() for n, t in (f(v, p + str(k) + '.') if isinstance(v, dict) else {p + str(k): v}).items() if torch.is_tensor(t) and 'optim' not in n}";
  const recipe = `python -c "import torch, safetensors.torch as s; ${flat}; s.save_file({n: t.clone().contiguous() for n, t in f(${load}).items()}, '${file}.safetensors')"`;
  const orShard = /\.bin$/i.test(name)
    ? ' If it belongs to a TensorFlow.js model, choose its model.json together with it.'
    : '';
  return `${name} is a PyTorch checkpoint, which cannot be read safely in a browser. Convert it once with: ${recipe} – then choose ${file}.safetensors.${orShard}`;
}
