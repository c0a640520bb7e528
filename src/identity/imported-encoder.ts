/**
 * Names of the encoders that people bring: "imported:" and a hash of what the model is made of, so that whatever is computed with one is
 * never taken for the work of another.
 */
import { fingerprint, sha256 } from './fingerprint.ts';

const prefix = 'imported:';

/** The id of an imported model: equal topology, weights and input scaling give an equal id. */
export async function importedEncoderId(
  modelJson: string,
  weights: ArrayBuffer,
  scaling: string,
): Promise<string> {
  const [topology, values] = await Promise.all([sha256(modelJson), sha256(new Uint8Array(weights))]);
  return fingerprint({ topology, values, scaling });
}

/** The encoder name under which studies know the imported model of an id. */
export function importedEncoderName(id: string): string {
  return `${prefix}${id}`;
}

/** The id in an encoder name; null when the name is not that of an imported model. */
export function importedIdOf(name: string): string | null {
  return name.startsWith(prefix) ? name.slice(prefix.length) : null;
}
