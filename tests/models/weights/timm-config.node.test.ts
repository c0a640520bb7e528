/** What a config.json says, in the forms that timm and transformers write. */
import { describe, expect, it } from 'vitest';
import { noConfig, parseTimmConfig } from '../../../src/models/weights/timm-config.ts';

const parse = (value: unknown) => parseTimmConfig(JSON.stringify(value), 'config.json');

describe('parseTimmConfig', () => {
  it('reads timm’s form', () => {
    // As timm.models.push_to_hf_hub writes it, shortened.
    const config = {
      architecture: 'vit_small_patch14_reg4_dinov2',
      num_classes: 0,
      num_features: 384,
      global_pool: 'token',
      pretrained_cfg: {
        tag: 'lvd142m',
        mean: [0.485, 0.456, 0.406],
        std: [0.229, 0.224, 0.225],
        num_classes: 0,
      },
    };
    expect(parse(config)).toEqual({
      normalisation: { mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225] },
      heads: null,
      pooling: 'class',
    });
  });

  it('prefers the arguments of the model over the rest', () => {
    const config = { num_heads: 3, global_pool: 'token', model_args: { num_heads: 8, global_pool: 'avg' } };
    expect(parse(config)).toEqual({ normalisation: null, heads: 8, pooling: 'mean' });
  });

  it('reads transformers’ name of the heads, and nothing from a file that says nothing', () => {
    expect(parse({ num_attention_heads: 6 })).toEqual({ ...noConfig, heads: 6 });
    expect(parse({ global_pool: 'fast' })).toEqual(noConfig);
  });

  it.each([
    [{ mean: [0.5, 0.5, 0.5] }, /3 means and 0 standard deviations/],
    [{ mean: [0.5], std: [0.1, 0.1] }, /1 means and 2/],
    [{ pretrained_cfg: { mean: [0.5], std: [0] } }, /pretrained_cfg\.std\.0/],
    [{ num_heads: 2.5 }, /num_heads/],
    [5, /config\.json is not the config\.json of a model/],
  ])('refuses %j', (value, sentence) => {
    expect(() => parse(value)).toThrow(sentence);
  });

  it('refuses what is not JSON by the file’s name', () => {
    expect(() => parseTimmConfig('{', 'other.json')).toThrow(/^other\.json is not JSON/);
  });
});
