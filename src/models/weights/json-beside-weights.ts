/**
 * JSON files that lie beside weights: config.json and its like.
 */
import { InputError } from '../../errors.ts';

/** The content of a JSON file, whatever it holds. @throws InputError naming the file when it is not JSON. */
export function parseJson(content: string, fileName: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new InputError(
      `${fileName} is not JSON: ${(error as Error).message}. Take it from the model’s folder again, or leave it out.`,
    );
  }
}
