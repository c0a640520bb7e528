/**
 * Where training gets its image encoders: one function from a choice to an encoder, which the caller may widen.
 */
import { InputError } from '../errors.ts';
import type { ImageEncoder } from '../models/encoder.ts';
import { imageEncoders } from '../models/encoders/registry.ts';
import type { Random } from '../random/random.ts';
import type { EncoderChoice } from './fine-tuning.ts';

/**
 * Builds the encoder of a choice; the one who asked disposes of it.
 * @param side of the films in px, for encoders that do not bring a size of their own.
 * @param random draws the first weights of encoders that have none.
 * @throws InputError when there is no such encoder.
 */
export type BuildImageEncoder = (
  choice: EncoderChoice,
  side: number,
  random: Random,
) => Promise<ImageEncoder>;

/** Builds the encoders of the registry. */
export const buildRegisteredEncoder: BuildImageEncoder = (choice, side, random) => {
  const entry = imageEncoders[choice.name];
  if (!entry) {
    const names = Object.keys(imageEncoders).join(', ');
    return Promise.reject(
      new InputError(`There is no image encoder "${choice.name}". Choose one of: ${names}.`),
    );
  }
  return Promise.resolve().then(() => entry.build(choice.settings, side, random));
};
