/**
 * Fields that several objectives have: the same name, words and range, with the default and the reason of each.
 */
import type { Field, Named } from '../models/field.ts';

/** Width of the hidden layers of a projection head. */
export function hiddenField(value: number, why: string): Named<Field, 'hidden'> {
  const range = { low: 8, high: 4096, step: 8 };
  return { name: 'hidden', label: 'Width of the projection head', unit: 'units', ...range, value, why };
}

/** Length of what a projection head gives. */
export function outputsField(value: number, why: string): Named<Field, 'outputs'> {
  const range = { low: 8, high: 4096, step: 8 };
  return { name: 'outputs', label: 'Length of a projection', unit: 'dimensions', ...range, value, why };
}

/** The temperature that divides cosines. */
export function temperatureField(value: number, why: string): Named<Field, 'temperature'> {
  const range = { low: 0.01, high: 1, step: 0.01 };
  return { name: 'temperature', label: 'Temperature τ', unit: 'no unit', ...range, value, why };
}

/** The shape of a masked autoencoder's decoder. */
export const decoderFields = [
  {
    name: 'decoderDimensions',
    label: 'Length of the decoder’s tokens',
    unit: 'dimensions',
    low: 16,
    high: 512,
    step: 16,
    value: 32,
    why: 'Half the encoder’s, as in the paper of MAE: the decoder is light.',
  },
  {
    name: 'decoderDepth',
    label: 'Blocks of the decoder',
    unit: 'blocks',
    low: 1,
    high: 8,
    step: 1,
    value: 1,
    why: 'The paper of MAE finds that one block is enough for fine-tuning (table 1a).',
  },
  {
    name: 'decoderHeads',
    label: 'Attention heads of the decoder',
    unit: 'heads',
    low: 1,
    high: 16,
    step: 1,
    value: 4,
    why: 'The decoder’s tokens must be a multiple of it.',
  },
] as const;
