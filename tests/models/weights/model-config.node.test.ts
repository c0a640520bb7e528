/** What a config.json says, in the forms that timm and transformers write. */
import { describe, expect, it } from 'vitest';
import {
  configInMetadata,
  noConfig,
  parseModelConfig,
  withMore,
} from '../../../src/models/weights/model-config.ts';

const parse = (value: unknown) => parseModelConfig(JSON.stringify(value), 'config.json');
const none = { ...noConfig, fileName: 'config.json' };

describe('parseModelConfig', () => {
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
      ...none,
      normalisation: { mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225] },
      // ViT-S, by the name of the architecture.
      heads: 6,
      pooling: 'class',
      dimensions: 384,
      patch: 14,
    });
  });

  it('prefers the arguments of the model over the rest', () => {
    const config = { num_heads: 3, global_pool: 'token', model_args: { num_heads: 8, global_pool: 'avg' } };
    expect(parse(config)).toEqual({ ...none, heads: 8, pooling: 'mean' });
  });

  it('reads transformers’ name of the heads, and nothing from a file that says nothing', () => {
    expect(parse({ num_attention_heads: 6 })).toEqual({ ...none, heads: 6 });
    expect(parse({ global_pool: 'fast' })).toEqual(none);
  });

  it.each([
    [{ mean: [0.5, 0.5, 0.5] }, /3 means and 0 standard deviations/],
    [{ mean: [0.5], std: [0.1, 0.1] }, /1 means and 2/],
    [{ pretrained_cfg: { mean: [0.5], std: [0] } }, /pretrained_cfg\.std\.0/],
    [{ num_heads: 2.5 }, /num_heads/],
    [{ mean: [123.675, 116.28, 103.53], std: [58.4, 57.1, 57.4] }, /0 to 255.*Divide/],
    [5, /config\.json is not the config\.json of a model/],
  ])('refuses %j', (value, sentence) => {
    expect(() => parse(value)).toThrow(sentence);
  });

  it.each([
    [{ patch_size: 16 }, 16],
    [{ vision_config: { patch_size: [32, 32] } }, 32],
    [{ patch_size: [16, 8] }, null],
    [{ architecture: 'vit_base_patch16_224.mae' }, 16],
    [{ architecture: 'dinov2_vitb14_reg' }, 14],
    [{ architecture: 'resnet50' }, null],
  ])('reads the side of a patch from %j', (value, patch) => {
    expect(parse(value).patch).toBe(patch);
  });

  it('names a BERT whose tokens see only those before them', () => {
    expect(parse({ model_type: 'bert', is_decoder: true }).difference).toMatch(/is_decoder/);
    expect(parse({ model_type: 'bert', is_decoder: false }).difference).toBeNull();
  });

  it('refuses what is not JSON by the file’s name', () => {
    expect(() => parseModelConfig('{', 'other.json')).toThrow(/^other\.json is not JSON/);
  });
});

describe('what the header of a file says', () => {
  it('is read where it has the words of a config, whole or one by one', () => {
    const header = { format: 'pt', num_heads: '6', config: '{"hidden_size": 384}' };
    expect(configInMetadata(header, 'own')).toMatchObject({ heads: 6, dimensions: 384 });
    expect(configInMetadata({ architecture: 'vit_small_patch16_224' }, 'own')).toMatchObject({ heads: 6 });
    expect(configInMetadata({ format: 'pt' }, 'own')).toMatchObject({ heads: null, normalisation: null });
    expect(configInMetadata({ num_heads: 'many', mean: 'it' }, 'own')).toEqual(noConfig);
  });

  it('adds to config.json, and is refused where both tell other heads', () => {
    const config = parse({ num_heads: 6 });
    const header = (heads: string) => configInMetadata({ num_heads: heads, depth: '4' }, 'own.safetensors');
    expect(withMore(config, header('6'))).toMatchObject({ fileName: 'config.json', heads: 6, depth: 4 });
    expect(withMore(noConfig, header('8'))).toMatchObject({ heads: 8 });
    expect(() => withMore(config, header('8'))).toThrow(
      /config\.json says 6.*header of own\.safetensors says 8/,
    );
  });
});
