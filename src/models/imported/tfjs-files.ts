/**
 * The files of a TensorFlow.js model, as a person hands them over: model.json and the weight files that it names, checked against each
 * other before anything is loaded.
 */
import * as v from 'valibot';
import { InputError } from '../../errors.ts';

/** A file by its name, in memory. */
export interface ModelFile {
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

/** A model as it is kept: the text of model.json, and the weights in the order in which it lists them. */
export interface TfjsFiles {
  readonly modelJson: string;
  readonly weights: ArrayBuffer;
}

/** The two kinds of TensorFlow.js models. */
export type TfjsFormat = 'layers-model' | 'graph-model';

/** One weight of the manifest, as TensorFlow.js describes it. */
export type WeightSpec = v.InferOutput<typeof weightSpec>;

/** What model.json says. */
export interface ModelJson {
  readonly format: TfjsFormat;
  readonly modelTopology: Readonly<Record<string, unknown>>;
  readonly groups: readonly { readonly paths: readonly string[]; readonly weights: readonly WeightSpec[] }[];
  /** Names of a graph's inputs and outputs, where it has them. */
  readonly signature: unknown;
  readonly userDefinedMetadata: unknown;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const weightSpec = v.looseObject({
  name: v.string(),
  shape: v.array(count),
  dtype: v.picklist(['float32', 'int32', 'bool', 'string', 'complex64']),
  quantization: v.optional(v.looseObject({ dtype: v.picklist(['uint8', 'uint16', 'float16']) })),
});

const schema = v.looseObject({
  format: v.optional(v.string()),
  modelTopology: v.looseObject({}),
  weightsManifest: v.array(v.looseObject({ paths: v.array(v.string()), weights: v.array(weightSpec) })),
  signature: v.optional(v.unknown()),
  userDefinedMetadata: v.optional(v.unknown()),
});

const bytesPerValue = {
  float32: 4,
  int32: 4,
  bool: 1,
  complex64: 8,
  uint8: 1,
  uint16: 2,
  float16: 2,
} as const;

const whatToChoose =
  'Choose model.json and all of its weight files together. Models of other kinds (Keras, SavedModel) must be converted with tensorflowjs_converter before.';

/**
 * Finds model.json among the files and puts the weights in its order; files that it does not name are left out.
 * @throws InputError naming the file that is missing, of a wrong size, or no model.
 */
export function gatherTfjsFiles(files: readonly ModelFile[]): TfjsFiles & { readonly fileName: string } {
  const { name: fileName, text } = findModelJson(files);
  const { groups } = parseModelJson(text, fileName);
  const shards = groups.flatMap(({ paths, weights }) => {
    const parts = paths.map((path) => findShard(files, path, fileName));
    assertGroupSize(parts, weights, fileName);
    return parts.map(({ bytes }) => bytes);
  });
  return { fileName, modelJson: text, weights: concatenated(shards) };
}

/**
 * The content of a model.json.
 * @param fileName for the messages.
 * @throws InputError when it is not a TensorFlow.js model.
 */
export function parseModelJson(text: string, fileName: string): ModelJson {
  const result = v.safeParse(schema, parseJson(text, fileName));
  if (!result.success) {
    const place = v.getDotPath(result.issues[0]) ?? 'the whole file';
    throw new InputError(
      `${fileName} is not the model.json of a TensorFlow.js model: ${place}, ${result.issues[0].message}. ${whatToChoose}`,
    );
  }
  const { modelTopology, weightsManifest, signature, userDefinedMetadata } = result.output;
  const format = formatOf(result.output.format, modelTopology, fileName);
  return { format, modelTopology, groups: weightsManifest, signature, userDefinedMetadata };
}

function findModelJson(files: readonly ModelFile[]): { name: string; text: string } {
  const texts = files
    .filter(({ name }) => /\.json$/i.test(name))
    .map(({ name, bytes }) => ({ name, text: new TextDecoder().decode(bytes) }));
  // Tools put other JSON beside the model: labels, preprocessing. A file that says "modelTopology" is the model.
  const models = texts.filter(({ text }) => text.includes('"modelTopology"'));
  const found = models.length > 0 ? models : texts.slice(0, 1);
  if (found.length > 1) {
    const names = found.map(({ name }) => name).join(' and ');
    throw new InputError(`${names} are two models; choose the files of one model at a time.`);
  }
  if (!found[0]) {
    const names = files.map(({ name }) => name).join(', ') || 'no file';
    throw new InputError(`There is no model.json among what was chosen (${names}). ${whatToChoose}`);
  }
  return found[0];
}

function parseJson(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${fileName} is not JSON: ${(error as Error).message}. ${whatToChoose}`);
  }
}

/** The format as the file says it; files of old converters leave it out, but a graph has nodes and a layers model a configuration. */
function formatOf(
  said: string | undefined,
  topology: ModelJson['modelTopology'],
  fileName: string,
): TfjsFormat {
  if (said === 'layers-model' || said === 'graph-model') return said;
  if (said === undefined && Array.isArray(topology['node'])) return 'graph-model';
  if (said === undefined && ('model_config' in topology || 'class_name' in topology)) return 'layers-model';
  throw new InputError(
    `${fileName} has the format "${said ?? 'none'}", but only "layers-model" and "graph-model" can be read. ${whatToChoose}`,
  );
}

function findShard(files: readonly ModelFile[], path: string, fileName: string): ModelFile {
  const name = path.split('/').at(-1)!;
  const found = files.filter((file) => file.name === name);
  if (found.length === 1) return found[0]!;
  throw new InputError(
    found.length === 0
      ? `The weight file "${name}", which ${fileName} names, is missing. Choose it together with ${fileName}.`
      : `There are ${found.length} files called "${name}"; choose the files of one model only.`,
  );
}

function assertGroupSize(
  parts: readonly ModelFile[],
  weights: readonly WeightSpec[],
  fileName: string,
): void {
  // The length of a text weight is known only when it is read.
  if (weights.some(({ dtype }) => dtype === 'string')) return;
  const expected = weights.reduce((sum, spec) => sum + sizeBytes(spec), 0);
  const got = parts.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  if (got === expected) return;
  const names = parts.map(({ name }) => `"${name}"`).join(', ');
  throw new InputError(
    `The weights in ${names} are ${got} bytes, but ${fileName} describes ${expected}. A file is cut short or belongs to another model; take it from the model's folder again.`,
  );
}

function sizeBytes({ shape, dtype, quantization }: WeightSpec): number {
  const stored = quantization?.dtype ?? dtype;
  const values = shape.reduce((product, size) => product * size, 1);
  return stored === 'string' ? 0 : values * bytesPerValue[stored];
}

function concatenated(parts: readonly ArrayBuffer[]): ArrayBuffer {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(new Uint8Array(part), offset);
    offset += part.byteLength;
  }
  return result.buffer;
}
