/** How films are normalised by what a preprocessor_config.json says, in the forms that transformers writes. */
import { describe, expect, it } from 'vitest';
import { isPreprocessorName, parsePreprocessor } from '../../../src/models/weights/preprocessor-config.ts';

const parse = (value: unknown) => parsePreprocessor(JSON.stringify(value), 'preprocessor_config.json');

describe('parsePreprocessor', () => {
  it('follows (byte · factor − mean) / std, for films in [0, 1]', () => {
    // As transformers writes it for ViT, shortened.
    const vit = { do_normalize: true, do_rescale: true, rescale_factor: 1 / 255 };
    expect(parse({ ...vit, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.25, 0.5] })).toEqual({
      mean: [0.5, 0.5, 0.5],
      standardDeviation: [0.5, 0.25, 0.5],
    });
    // Bytes that are not rescaled: (255 x − 127.5) / 255.
    expect(parse({ do_rescale: false, image_mean: [127.5], image_std: [255] })).toEqual({
      mean: [0.5],
      standardDeviation: [1],
    });
    expect(parse({ do_rescale: true, do_normalize: false, image_mean: [0.5], image_std: [0.5] })).toEqual({
      mean: [0],
      standardDeviation: [1],
    });
  });

  it('tells nothing where the file says nothing of intensities', () => {
    expect(parse({ size: 224 })).toBeNull();
    // Where the mean is left out, transformers has another one for each kind of network: 0.5 for ViT, 0.485 … for ConvNeXt.
    expect(parse({ do_normalize: true, do_rescale: true, rescale_factor: 1 / 255 })).toBeNull();
    expect(parse({ do_rescale: true })).toBeNull();
  });

  it.each([
    [{ image_mean: [0.5], image_std: [0.5, 0.5] }, /1 means and 2/],
    [{ image_mean: [123.675], image_std: [58.395] }, /123\.675, as of intensities from 0 to 255/],
    [{ image_mean: [0.5], image_std: [0] }, /image_std\.0/],
    [{ image_mean: [0.5], image_std: [0.5], rescale_offset: true }, /rescale_offset/],
  ])('refuses %j', (value, sentence) => {
    expect(() => parse(value)).toThrow(sentence);
  });

  it('is told by its name', () => {
    expect(isPreprocessorName('preprocessor_config.json')).toBe(true);
    expect(isPreprocessorName('config.json')).toBe(false);
  });
});
