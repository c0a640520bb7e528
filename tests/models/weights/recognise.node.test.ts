/**
 * Networks told by names and shapes: state dicts of timm and transformers at full size (tests/reference/data), and what is none of them.
 */
import { describe, expect, it } from 'vitest';
import { imageNetwork, recognise, type Recognised } from '../../../src/models/weights/recognise.ts';
import type { VitHints } from '../../../src/models/weights/recognise-vit.ts';
import type { WeightShapes } from '../../../src/models/weights/weight-shapes.ts';
import { readReferenceBytes } from '../../reference/reference.ts';

const open: VitHints = { heads: 6, pooling: null };

async function nameMap(name: string): Promise<Map<string, { shape: number[] }>> {
  const bytes = await readReferenceBytes(`models/name_maps/${name}.json`);
  const { shapes } = JSON.parse(new TextDecoder().decode(bytes)) as { shapes: Record<string, number[]> };
  return new Map(Object.entries(shapes).map(([tensor, shape]) => [tensor, { shape }]));
}

const told = (shapes: WeightShapes, hints = open): Recognised =>
  recognise(imageNetwork(shapes, null, 'own.safetensors'), hints, 'own.safetensors');

const refused = (shapes: WeightShapes): string => {
  try {
    told(shapes);
  } catch (error) {
    expect((error as Error).name).toBe('InputError');
    return (error as Error).message;
  }
  throw new Error('they were recognised');
};

describe('a state dict of timm', () => {
  const paperResNet = { channels: [64, 128, 256, 512], inputChannels: 3, stemChannels: 64, stem: 'large' };
  const paperVit = {
    inputChannels: 3,
    depth: 12,
    mlpRatio: 4,
    classToken: true,
    registers: 0,
    pooling: 'class',
  };
  it.each([
    ['resnet18', 'ResNet-18', { ...paperResNet, block: 'basic', layers: [2, 2, 2, 2] }],
    ['resnet50', 'ResNet-50', { ...paperResNet, block: 'bottleneck', layers: [3, 4, 6, 3] }],
    [
      'densenet121',
      'DenseNet-121',
      { growthRate: 32, blocks: [6, 12, 24, 16], stemChannels: 64, bottleneck: 4, inputChannels: 3 },
    ],
    [
      'vit_tiny_patch16_224',
      'ViT-Ti/16',
      { ...paperVit, side: 224, patch: 16, dimensions: 192, heads: 6, layerScale: null },
    ],
    [
      'vit_small_patch14_dinov2',
      'ViT-S/14 with LayerScale (as DINOv2)',
      { ...paperVit, side: 518, patch: 14, dimensions: 384, heads: 6, layerScale: 1 },
    ],
  ])('%s is known as %s', async (name, label, config) => {
    const found = told(await nameMap(name));
    expect(found.label).toBe(label);
    expect(found.config).toMatchObject(config);
  });

  it('is known under wrappers, with any head', async () => {
    const shapes = await nameMap('resnet18');
    const wrapped = new Map([...shapes].map(([name, shape]) => [`model.backbone.${name}`, shape]));
    wrapped.set('head.weight', { shape: [14, 512] });
    expect(told(wrapped)).toEqual(told(shapes));
    expect([...imageNetwork(wrapped, null, 'own').tensors.keys()]).toContain('conv1.weight');
  });
});

describe('a vision transformer', () => {
  const forms = async (change: (shapes: Map<string, { shape: number[] }>) => void): Promise<unknown> => {
    const shapes = await nameMap('vit_small_patch14_dinov2');
    change(shapes);
    return told(shapes).config;
  };
  const patches = 37 ** 2;
  const withRegisters = (positions: number) => (shapes: Map<string, { shape: number[] }>) => {
    shapes.set('reg_token', { shape: [1, 4, 384] });
    shapes.set('pos_embed', { shape: [1, positions, 384] });
  };

  it('with registers has positions for patches alone, or for every token', async () => {
    const common = { registers: 4, classToken: true, side: 518 };
    expect(await forms(withRegisters(patches))).toMatchObject({ ...common, positions: 'patches' });
    expect(await forms(withRegisters(patches + 5))).toMatchObject({ ...common, positions: 'all' });
  });

  it('without a class token is the mean of its patches', async () => {
    const without = await forms((shapes) => {
      shapes.delete('cls_token');
      shapes.set('pos_embed', { shape: [1, patches, 384] });
    });
    expect(without).toMatchObject({ classToken: false, pooling: 'mean', side: 518 });
  });

  it('takes heads and pooling from its config where that tells them', async () => {
    const shapes = await nameMap('vit_tiny_patch16_224');
    const { config } = told(shapes, { heads: 12, pooling: 'mean' });
    expect(config).toMatchObject({ heads: 12, pooling: 'mean' });
  });

  it('whose heads nobody tells asks for its config', async () => {
    const shapes = await nameMap('vit_tiny_patch16_224');
    expect(() => told(shapes, { heads: null, pooling: null })).toThrow(/config\.json with "num_heads"/);
    expect(() => told(shapes, { heads: 5, pooling: null })).toThrow('192 numbers, which are not 5 heads');
  });

  it('whose patches are no square is refused', async () => {
    const shapes = await nameMap('vit_tiny_patch16_224');
    shapes.set('pos_embed', { shape: [1, 150, 192] });
    expect(refused(shapes)).toMatch(/150 rows of "pos_embed"/);
  });
});

describe('what is not known', () => {
  it.each(['', 'bert.'])('a text encoder is told as such, with the prefix "%s"', async (prefix) => {
    const shapes = await nameMap('bert_base_uncased');
    const named = new Map([...shapes].map(([name, shape]) => [`${prefix}${name}`, shape]));
    expect(refused(named)).toMatch(
      /text encoder \(BERT\).*vocab\.txt.*is missing: choose it together with own\.safetensors/,
    );
  });

  it('another network is told by its first names, beside what is known', () => {
    const shapes = new Map(
      ['stages.0.a', 'stages.0.b', 'stages.1.c', 'd'].map((name) => [name, { shape: [1] }]),
    );
    expect(refused(shapes)).toMatch(
      /"stages\.0\.a", "stages\.0\.b", "stages\.1\.c"\. .*DenseNet-121.*DINOv2/,
    );
    expect(refused(new Map())).toMatch(/has no tensor/);
  });

  it.each([
    ['resnet18', 'conv1.weight', 'a ResNet'],
    ['resnet50', 'layer3.0.conv1.weight', 'a ResNet'],
    ['densenet121', 'features.conv0.weight', 'a DenseNet'],
    ['vit_tiny_patch16_224', 'pos_embed', 'a vision transformer'],
  ])('%s without %s is missed by name', async (name, tensor, family) => {
    const shapes = await nameMap(name);
    shapes.delete(tensor);
    expect(refused(shapes)).toContain(`looks like ${family}, but "${tensor}" is missing`);
  });
});
