/** Sizes by name, as timm 1.0.29 has them in `embed_dim` and `num_heads` (timm/models/vision_transformer.py, deit.py). */
import { describe, expect, it } from 'vitest';
import { headChoices } from '../../../src/models/weights/attention-heads.ts';
import { architectureSize, differenceByName } from '../../../src/models/weights/timm-architectures.ts';

describe('architectureSize', () => {
  it.each([
    ['vit_tiny_patch16_224', 192, 3],
    ['vit_small_patch16_36x1_224', 384, 6],
    ['vit_base_patch16_224.augreg2_in21k_ft_in1k', 768, 12],
    ['vit_base_patch16_gap_224', 768, 16],
    ['vit_base_patch16_plus_240', 896, 14],
    ['vit_large_patch14_dinov2', 1024, 16],
    ['vit_huge_patch14_gap_224', 1280, 16],
    ['vit_giant_patch14_reg4_dinov2', 1536, 24],
    ['vit_giant_patch14_224', 1408, 16],
    ['vit_mediumd_patch16_reg4_gap_256', 512, 8],
    ['vit_betwixt_patch16_reg1_gap_256', 640, 10],
    ['vit_wee_patch16_reg1_gap_256', 256, 4],
    ['vit_little_patch16_reg4_gap_256', 320, 5],
    ['vit_so150m_patch16_reg4_gap_256', 896, 14],
    ['vit_so150m2_patch16_reg1_gap_256', 832, 13],
    ['vit_so400m_patch14_siglip_gap_224', 1152, 16],
    ['deit3_medium_patch16_224', 512, 8],
    ['timm/deit_tiny_patch16_224', 192, 3],
    ['test_vit', 64, 2],
    // MAE's and DINO's own names.
    ['mae_vit_large_patch16', 1024, 16],
    ['dino_vits16', 384, 6],
    ['dinov2_vitb14', 768, 12],
  ])('%s has tokens of %i numbers and %i heads', (name, dimensions, heads) => {
    expect(architectureSize(name)).toEqual({ dimensions, heads });
  });

  it.each([
    'vit_dwee_patch16_reg1_gap_256',
    'resnet50',
    'swin_base_patch4_window7_224',
    'vitamin_base_224',
    '',
  ])('nothing is known of "%s"', (name) => {
    expect(architectureSize(name)).toBeNull();
  });
});

describe('differenceByName', () => {
  it.each([
    ['vit_base_patch16_clip_quickgelu_224', /QuickGELU/],
    ['resnetblur50', /blurs/],
    ['resnetaa50', /blurs/],
    ['vit_so400m_patch16_siglip_gap_256', /gelu_tanh/],
  ])('%s computes otherwise', (name, words) => {
    expect(differenceByName(name)).toMatch(words);
  });

  it.each(['resnet50', 'vit_base_patch16_siglip_gap_224', 'vit_base_patch32_224', 'densenet121'])(
    '%s does not',
    (name) => {
      expect(differenceByName(name)).toBeNull();
    },
  );
});

describe('headChoices', () => {
  it('are the divisors that leave 8 to 128 dimensions a head, the usual one first', () => {
    expect(headChoices(128, 'own').map(({ heads }) => heads)).toEqual([2, 1, 4, 8, 16]);
    expect(headChoices(128, 'own')[0]!.usual).toBe(true);
    expect(headChoices(1280, 'own')[0]).toEqual({ heads: 16, usual: true });
    expect(headChoices(48, 'own').every(({ usual }) => !usual)).toBe(true);
    expect(headChoices(131, 'own')).toEqual([]);
  });
});
