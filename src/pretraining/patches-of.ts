/**
 * The patches of an encoder that has them, or a sentence for the person who chose one that has none.
 */
import { InputError } from '../errors.ts';
import type { ImageEncoder, PatchEncoder } from '../models/encoder.ts';

/** @param needs the objective's sentence about encoders. @throws InputError (as a rejection) when the encoder reads no patches. */
export function patchesOf({ patches }: ImageEncoder, needs: string): Promise<PatchEncoder> {
  if (!patches)
    return Promise.reject(new InputError(`${needs} Choose that encoder, or leave the recipe out.`));
  return Promise.resolve(patches);
}
