/**
 * Which input an imported model wants, from what it declares; refused in words when that is not one image.
 */
import { InputError } from '../../errors.ts';
import type { EncoderInput } from '../../transforms/prepare.ts';

/** An input as TensorFlow.js declares it: sizes that are left open are null or −1. */
export interface DeclaredInput {
  readonly shape?: readonly (number | null)[] | undefined;
  readonly dtype?: string | undefined;
}

/** The input of a model, with the number of films that it takes at a time; null for any number. */
export type ImageInput = Omit<EncoderInput, 'scaling'> & { readonly batch: number | null };

/** Grey, grey with alpha, colour, colour with alpha. */
const mostChannels = 4;

/**
 * The image input of a model.
 * @param side height and width in px where the model leaves them open.
 * @throws InputError when the model wants something else than one image, channels last, as floats.
 */
export function inputOf(inputs: readonly DeclaredInput[], side: number, fileName: string): ImageInput {
  const [input] = inputs;
  if (!input || inputs.length > 1)
    throw new InputError(
      `${fileName} has ${inputs.length} inputs${listed(inputs)}. An image encoder has one, the film; a text encoder has two, whole numbers [pieces, 2] and [pieces]. Export the part of the model that reads the image or the text.`,
    );
  if (input.dtype !== undefined && input.dtype !== 'float32')
    throw new InputError(
      `${fileName} wants its input as ${input.dtype}, but films come as fractions (float32), and texts as two inputs, whole numbers [pieces, 2] and [pieces]. Export an image encoder with a float32 input.`,
    );
  const shape = (input.shape ?? []).map((size) => (size === null || size < 0 ? null : size));
  const [batch, height, width, channels] = shape;
  if (shape.length !== 4 || channels === null || channels === undefined)
    throw new InputError(
      `${fileName} has an input of shape [${words(shape)}], but an image is [films, height, width, channels]. Export the model with such an input.`,
    );
  if (channels > mostChannels || channels < 1)
    throw new InputError(
      `${fileName} has an input of shape [${words(shape)}], whose last number should be its channels, at most ${mostChannels}. Export the model with channels last.`,
    );
  return { batch: batch ?? null, height: height ?? side, width: width ?? side, channels };
}

function listed(inputs: readonly DeclaredInput[]): string {
  const each = inputs.map(({ shape, dtype }) => `${dtype ?? 'numbers'} [${words(shape ?? [])}]`);
  return each.length > 0 ? ` (${each.join('; ')})` : '';
}

function words(shape: readonly (number | null)[]): string {
  return shape.map((size) => (size === null || size < 0 ? 'any' : size)).join(', ');
}
