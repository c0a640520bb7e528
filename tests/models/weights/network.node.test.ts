/** Networks found in files, by names alone: what is theirs, what is left out, and what the file calls it. */
import { describe, expect, it } from 'vitest';
import { blocksInARow } from '../../../src/models/weights/block-chunks.ts';
import { imageNetworks, findNetworks, textNetworks } from '../../../src/models/weights/find-networks.ts';
import { leftOutWords } from '../../../src/models/weights/left-out.ts';
import { networkAt, type Network } from '../../../src/models/weights/network.ts';

const resnet = [
  'conv1.weight',
  'bn1.weight',
  'bn1.num_batches_tracked',
  'layer1.0.conv1.weight',
  'fc.weight',
];

function only(names: readonly string[]): Network<number> {
  const [place, ...more] = findNetworks(names);
  expect(more).toEqual([]);
  return networkAt(new Map(names.map((name, i) => [name, i])), place!);
}

it('tokens of a prompt belong to a vision transformer, so that loading refuses them', () => {
  const vit = ['patch_embed.proj.weight', 'blocks.0.norm1.weight', 'head.weight'];
  const prompts = ['prompt_embeddings', 'deep_prompt_embeddings', 'prompt_tokens', 'prompts.0'];
  const { tensors, leftOut } = only([...vit, ...prompts]);
  expect([...tensors.keys()]).toEqual(expect.arrayContaining(prompts));
  expect(leftOut).toEqual(['head.weight']);
});

describe('findNetworks', () => {
  it.each(['', 'module.', '_orig_mod.', 'module._orig_mod.', '_orig_mod.module.', 'ema.net.x.y.'])(
    'finds one behind "%s"',
    (prefix) => {
      const { tensors, leftOut } = only(resnet.map((name) => prefix + name));
      expect([...tensors.keys()]).toEqual(['conv1.weight', 'bn1.weight', 'layer1.0.conv1.weight']);
      expect(leftOut).toEqual([`${prefix}bn1.num_batches_tracked`, `${prefix}fc.weight`]);
    },
  );

  it('finds two where there are two, each with what is its own', () => {
    const names = ['', 'ema.'].flatMap((prefix) => resnet.map((name) => prefix + name));
    const places = findNetworks(names);
    expect(places.map(({ prefix }) => prefix)).toEqual(['', 'ema.']);
    const all = new Map(names.map((name) => [name, name]));
    expect(networkAt(all, places[0]!).tensors.get('conv1.weight')).toBe('conv1.weight');
    expect(networkAt(all, places[1]!).tensors.get('conv1.weight')).toBe('ema.conv1.weight');
    expect(networkAt(all, places[0]!).leftOut).toContain('ema.conv1.weight');
  });

  it('keeps apart what would have one name without its wrapper', () => {
    const names = ['', '_orig_mod.'].flatMap((prefix) => resnet.map((name) => prefix + name));
    expect(findNetworks(names).map(({ prefix }) => prefix)).toEqual(['', '_orig_mod.']);
  });

  it('tells what sees films from what reads texts', () => {
    const names = [
      'visual.trunk.patch_embed.proj.weight',
      'visual.trunk.blocks.0.norm1.weight',
      'text.transformer.embeddings.word_embeddings.weight',
    ];
    expect(imageNetworks(names)).toEqual([{ family: 'vit', prefix: 'visual.trunk.', names: 'timm' }]);
    expect(textNetworks(names)).toEqual([
      { family: 'bert', prefix: 'text.transformer.', names: 'transformers' },
    ]);
  });

  it('takes patches without blocks for no vision transformer', () => {
    expect(findNetworks(['patch_embed.proj.weight', 'layers.0.blocks.0.norm1.weight'])).toEqual([]);
  });
});

describe('nameInFile', () => {
  it('tells what a file calls a tensor, and would call one that it lacks', () => {
    const { nameInFile } = only([
      'm._orig_mod.layer1.0.conv1.weight',
      'm._orig_mod.conv1.weight',
      'm.layer2._orig_mod.0.conv1.weight',
    ]);
    expect(nameInFile('conv1.weight')).toBe('m._orig_mod.conv1.weight');
    expect(nameInFile('layer1.0.bn1.bias')).toBe('m._orig_mod.layer1.0.bn1.bias');
    expect(nameInFile('layer2.0.bn1.bias')).toBe('m.layer2._orig_mod.0.bn1.bias');
    expect(nameInFile('bn1.bias')).toBe('m.bn1.bias');
  });
});

describe('blocksInARow', () => {
  const places = (...numbers: string[]): string[] => numbers.map((number) => `blocks.${number}.norm1.weight`);
  const counted = (...numbers: string[]): string[] => [...blocksInARow(places(...numbers)).values()];

  it('counts blocks through, in the order of chunks and not of names', () => {
    const wanted = places('0', '1', '2', '3');
    expect(counted('0.0', '0.1', '1.2', '1.3')).toEqual(wanted);
    expect(counted('0.0', '0.1', '1.0', '1.1')).toEqual(wanted);
    const many = Array.from({ length: 12 }, (_, i) => `${i}.0`);
    expect(counted(...many)).toEqual(places(...many.map((_, i) => String(i))));
  });

  it.each([[['0.0', '0.2']], [['0.0', '2.0']], [['0.0', '1.2']], [['0.1', '0.2']], [['1.0', '1.1']]])(
    'leaves %j alone, where one is missing',
    (numbers) => {
      expect(counted(...numbers)).toEqual([]);
    },
  );

  it('leaves blocks alone that are in no chunks', () => {
    expect(counted('0', '1')).toEqual([]);
    expect(blocksInARow(['blocks.0.0.norm1.weight', 'blocks.1.norm1.weight']).size).toBe(0);
  });
});

describe('leftOutWords', () => {
  it('tells few names one by one, many of a module together, and counters as one', () => {
    const names = ['criterion.pos_weight', 'model.head.weight', 'model.head.bias', 'op_threshs'];
    expect(leftOutWords(names, 'model.')).toBe(names.join(', '));
    const decoder = Array.from({ length: 9 }, (_, i) => `model.decoder.${i}.weight`);
    const counters = ['model.bn1.num_batches_tracked', 'model.layer1.0.bn1.num_batches_tracked'];
    expect(leftOutWords([...decoder, ...counters], 'model.')).toBe(
      'model.decoder.… (9 tensors), num_batches_tracked (2 counters)',
    );
    expect(leftOutWords([], '')).toBe('');
  });

  it('tells no more than six', () => {
    const names = Array.from({ length: 9 }, (_, i) => `odd${i}`);
    expect(leftOutWords(names, '')).toBe('odd0, odd1, odd2, odd3, odd4, odd5 and 3 more');
  });
});
