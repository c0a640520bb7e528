/** What is asked of a person about their weights, and what the files tell. */
import { describe, expect, it } from 'vitest';
import type { ImportAnswers } from '../../../src/models/imported/import-question.ts';
import { useOfBert, useOfImageWeights } from '../../../src/models/imported/weights-use.ts';
import { noConfig, parseModelConfig } from '../../../src/models/weights/model-config.ts';
import type { IntensityScaling } from '../../../src/transforms/prepare.ts';
import { readReferenceBytes } from '../../reference/reference.ts';

type Shapes = Map<string, { shape: number[] }>;

async function shapesOf(name: string, prefix = ''): Promise<Shapes> {
  const bytes = await readReferenceBytes(`models/name_maps/${name}.json`);
  const { shapes } = JSON.parse(new TextDecoder().decode(bytes)) as { shapes: Record<string, number[]> };
  return new Map(Object.entries(shapes).map(([tensor, shape]) => [prefix + tensor, { shape }]));
}

interface Said {
  readonly config?: object;
  readonly answers?: ImportAnswers;
  readonly scaling?: IntensityScaling | null;
  readonly fileName?: string;
}

function known(shapes: Shapes, { config, answers = {}, fileName = 'own.safetensors' }: Said) {
  const said = config ? parseModelConfig(JSON.stringify(config), 'config.json') : noConfig;
  return { fileName, shapes, config: said, answers };
}

const films = (shapes: Shapes, said: Said = {}) =>
  useOfImageWeights(known(shapes, said), said.scaling === undefined ? 'zeroToOne' : said.scaling);

const choices = (asked: ReturnType<typeof films>): [string, string | null][] => {
  if (asked.kind !== 'question') throw new Error('it was not asked');
  return asked.question.choices.map(({ value, note }) => [value, note]);
};

describe('the heads of a vision transformer', () => {
  it('are asked for without a config, the usual number first, even for a usual size', async () => {
    const asked = films(await shapesOf('vit_tiny_patch16_224', 'model.'));
    expect(asked).toMatchObject({
      kind: 'question',
      question: {
        topic: 'heads',
        sentence: expect.stringMatching(
          /own\.safetensors.*"model\.blocks\.0\.attn\.qkv\.weight".*3 are usual/,
        ) as string,
      },
    });
    expect(choices(asked).slice(0, 3)).toEqual([
      ['3', 'usual for this size'],
      ['2', null],
      ['4', null],
    ]);
    expect(choices(asked).map(([value]) => 192 / Number(value))).toEqual([64, 96, 48, 32, 24, 16, 12, 8]);
  });

  it('are told by a config, by the name of a published network in it, or by the answer', async () => {
    const shapes = await shapesOf('vit_small_patch14_dinov2');
    const heads = (said: Said) => films(shapes, said);
    for (const config of [
      { num_heads: 6 },
      { model_args: { num_heads: 6 } },
      { hidden_size: 384, num_attention_heads: 6 },
      { vision_config: { hidden_size: 384, num_attention_heads: 6 }, hidden_size: 512 },
      { architecture: 'vit_small_patch14_dinov2' },
      { model_cfg: { embed_dim: 512, vision_cfg: { timm_model_name: 'vit_small_patch14_dinov2' } } },
    ])
      expect(heads({ config })).toMatchObject({ kind: 'use', use: { heads: 6 } });
    expect(heads({ answers: { heads: '12' } })).toMatchObject({ kind: 'use', use: { heads: 12 } });
    expect(heads({ answers: { heads: '7' } }).kind).toBe('question');
  });

  it('are refused when the config has other patches, as its intensities are of another network too', async () => {
    // As transformers writes it for ViT-S/16, whose tokens and blocks are as many as those of DINOv2's ViT-S/14.
    const config = { hidden_size: 384, num_hidden_layers: 12, num_attention_heads: 6, patch_size: 16 };
    const shapes = await shapesOf('vit_small_patch14_dinov2');
    expect(() => films(shapes, { config })).toThrow(
      /config\.json describes another network: it says patches of 16 px, but own\.safetensors has patches of 14 px/,
    );
    expect(films(shapes, { config: { ...config, patch_size: 14 } })).toMatchObject({ use: { heads: 6 } });
  });

  it('are ordered by the name of the file, which proves nothing', async () => {
    const shapes = await shapesOf('vit_tiny_patch16_224');
    for (const [name, { shape }] of shapes)
      shapes.set(name, { shape: shape.map((size) => (size % 192 === 0 ? 4 * size : size)) });
    const named = films(shapes, { fileName: 'vit_base_patch16_gap_224.in1k.safetensors' });
    expect(choices(named)[0]).toEqual(['16', 'usual for this size']);
    expect(choices(films(shapes))[0]).toEqual(['12', 'usual for this size']);
  });

  it('of another network’s config are refused', async () => {
    const shapes = await shapesOf('vit_tiny_patch16_224');
    const refused = (config: object) => expect(() => films(shapes, { config }));
    refused({ architecture: 'vit_base_patch16_224' }).toThrow(/says 768 dimensions.*has 192/);
    refused({ num_heads: 3, depth: 6 }).toThrow(/says 6 blocks.*has 12/);
    refused({ num_heads: 5 }).toThrow(/says 5 attention heads/);
    refused({ num_heads: 3, hidden_act: 'quick_gelu' }).toThrow(/activation is "quick_gelu"/);
    refused({ num_heads: 3, global_pool: 'map' }).toThrow(/pooled by "map"/);
    refused({ architecture: 'vit_tiny_patch16_clip_quickgelu_224' }).toThrow(/QuickGELU/);
    refused({ num_heads: 3, model_args: { block_fn: 'ResPostBlock' } }).toThrow(/ResPostBlock/);
  });
});

describe('the heads of a BERT', () => {
  it('are asked for without a config, and told by one', async () => {
    const shapes = await shapesOf('bert_base_uncased', 'bert.');
    expect(choices(useOfBert(known(shapes, {})) as ReturnType<typeof films>)[0]).toEqual([
      '12',
      'usual for this size',
    ]);
    expect(useOfBert(known(shapes, { config: { num_attention_heads: 12 } }))).toEqual({
      kind: 'use',
      use: { heads: 12 },
    });
    const other = { hidden_size: 128, num_attention_heads: 2 };
    expect(() => useOfBert(known(shapes, { config: other }))).toThrow(/says 128 dimensions/);
    const positions = { num_attention_heads: 12, model_type: 'roberta' };
    expect(() => useOfBert(known(shapes, { config: positions }))).toThrow(/positions begin at 2/);
  });

  it('which is a RoBERTa is refused without a config too', async () => {
    const shapes = await shapesOf('bert_base_uncased');
    shapes.set('embeddings.position_embeddings.weight', { shape: [514, 768] });
    shapes.set('embeddings.token_type_embeddings.weight', { shape: [1, 768] });
    expect(() => useOfBert(known(shapes, {}))).toThrow(/looks like a RoBERTa/);
    expect(() =>
      useOfBert(known(new Map([...shapes].map(([name, shape]) => [`roberta.${name}`, shape])), {})),
    ).toThrow(/"roberta\.embeddings/);
  });
});

describe('which of two networks is meant', () => {
  it('is asked for by what stands before their names', async () => {
    const shapes = await shapesOf('resnet18', 'model.');
    for (const [name, shape] of await shapesOf('resnet18', 'ema.module.')) shapes.set(name, shape);
    const asked = films(shapes);
    expect(choices(asked).map(([value]) => value)).toEqual(['model.', 'ema.module.']);
    expect(films(shapes, { answers: { part: 'ema.module.' } })).toEqual({
      kind: 'use',
      use: { scaling: 'zeroToOne', heads: null, pooling: null, part: 'ema.module.' },
    });
  });
});

describe('the intensities', () => {
  it('are the config’s, else those chosen, else asked for', async () => {
    const shapes = await shapesOf('resnet18');
    const config = { mean: [0.5], std: [0.25] };
    const normalisation = { mean: [0.5], standardDeviation: [0.25] };
    for (const scaling of [null, 'standardised'] as const)
      expect(films(shapes, { config, scaling })).toMatchObject({ use: { scaling: normalisation } });
    expect(films(shapes)).toMatchObject({ use: { scaling: 'zeroToOne' } });
    expect(choices(films(shapes, { scaling: null })).map(([value]) => value)).toEqual([
      'zeroToOne',
      'minusOneToOne',
      'minus1024To1024',
      'standardised',
    ]);
  });

  it('of a network with torchxrayvision’s thresholds are asked for unless they are its own', async () => {
    const shapes = (await shapesOf('densenet121', 'model.')).set('model.op_threshs', { shape: [18] });
    const asked = films(shapes);
    expect(asked).toMatchObject({
      question: { sentence: expect.stringContaining('"model.op_threshs"') as string },
    });
    expect(choices(asked)).toEqual([
      ['minus1024To1024', 'as torchxrayvision'],
      ['zeroToOne', null],
    ]);
    expect(films(shapes, { scaling: 'minus1024To1024' })).toMatchObject({ kind: 'use' });
    expect(films(shapes, { answers: { scaling: 'zeroToOne' } })).toMatchObject({
      use: { scaling: 'zeroToOne' },
    });
    expect(choices(films(shapes, { scaling: null }))).toHaveLength(4);
  });
});
