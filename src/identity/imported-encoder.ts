/**
 * Names of the encoders that people bring: "imported:" and a hash of what the model is made of, so that results of different models are
 * never confused.
 */
import { fingerprint, sha256 } from './fingerprint.ts';

const prefix = 'imported:';

/** Begins the ids of networks that are built here from imported weights. */
const trainable = 'safetensors-';

/** Begins the ids of models that read reports. */
const ofReports = 'text-';

/** The id of an imported TensorFlow.js model: equal topology, weights and input scaling give an equal id. */
export async function importedEncoderId(
  modelJson: string,
  weights: ArrayBuffer,
  scaling: string,
): Promise<string> {
  const [topology, values] = await Promise.all([sha256(modelJson), sha256(new Uint8Array(weights))]);
  return fingerprint({ topology, values, scaling });
}

/**
 * The id of a network whose weights are imported: equal weights that are used alike give an equal id. It says that the network can be
 * trained, so that a study tells this by the encoder's name alone, here and in another browser.
 * @param use all that decides the network's numbers beside its weights, as JSON.
 */
export async function importedWeightsId(weights: ArrayBuffer, use: unknown): Promise<string> {
  return `${trainable}${await fingerprint({ values: await sha256(new Uint8Array(weights)), use })}`;
}

/**
 * The id of an imported text encoder: equal weights with an equal vocabulary that are used alike give an equal id. It says that the model
 * reads reports, so that a study tells this by the encoder's name alone.
 * @param use all that decides the embeddings beside weights and vocabulary, as JSON.
 */
export async function importedTextId(
  weights: ArrayBuffer,
  vocabulary: unknown,
  use: unknown,
): Promise<string> {
  const [values, tokens] = await Promise.all([sha256(new Uint8Array(weights)), fingerprint(vocabulary)]);
  return `${ofReports}${await fingerprint({ values, tokens, use })}`;
}

/** Whether an encoder's name is that of an imported model that reads reports. */
export function isTextImport(name: string): boolean {
  return importedIdOf(name)?.startsWith(ofReports) ?? false;
}

/** Whether an encoder's name is that of an imported model that can only be used frozen. */
export function isFrozenImport(name: string): boolean {
  const id = importedIdOf(name);
  return id !== null && !id.startsWith(trainable);
}

/** The encoder name under which studies know the imported model of an id. */
export function importedEncoderName(id: string): string {
  return `${prefix}${id}`;
}

/** The id in an encoder name; null when the name is not that of an imported model. */
export function importedIdOf(name: string): string | null {
  return name.startsWith(prefix) ? name.slice(prefix.length) : null;
}
