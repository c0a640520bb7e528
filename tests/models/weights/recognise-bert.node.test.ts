/**
 * BERT told by names and shapes: bert-base-uncased at full size, as transformers writes it (tests/reference/data), and what is damaged.
 */
import { describe, expect, it } from 'vitest';
import { bareBert, holdsBert, recogniseBert } from '../../../src/models/weights/recognise-bert.ts';
import { readReferenceBytes } from '../../reference/reference.ts';

async function bertBase(): Promise<Map<string, { shape: number[] }>> {
  const bytes = await readReferenceBytes('models/name_maps/bert_base_uncased.json');
  const { shapes } = JSON.parse(new TextDecoder().decode(bytes)) as { shapes: Record<string, number[]> };
  return new Map(Object.entries(shapes).map(([name, shape]) => [name, { shape }]));
}

describe('recogniseBert', () => {
  // Devlin et al., 2018, section 3: BERT-base has 12 layers, 768 dimensions, 12 heads; perceptrons are four times as wide.
  const paper = {
    vocabularySize: 30522,
    dimensions: 768,
    depth: 12,
    heads: 12,
    intermediate: 3072,
    maxLength: 512,
    tokenTypes: 2,
    pooler: false,
  };

  it.each(['', 'bert.', 'module.bert.'])('knows BERT-base behind the prefix "%s"', async (prefix) => {
    const shapes = new Map([...(await bertBase())].map(([name, shape]) => [`${prefix}${name}`, shape]));
    if (prefix !== '') shapes.set('cls.predictions.bias', { shape: [30522] });
    expect(holdsBert(shapes.keys())).toBe(true);
    const bare = bareBert(shapes);
    expect(recogniseBert(bare, null, 'own.safetensors')).toEqual(paper);
    expect([...bare.keys()].sort()).toEqual([...(await bertBase()).keys()].sort());
  });

  it('calls layer norms of old files as new ones do', () => {
    const old = ['embeddings.word_embeddings.weight', 'a.LayerNorm.gamma', 'a.LayerNorm.beta'];
    expect([...bareBert(new Map(old.map((name) => [name, 0]))).keys()]).toEqual([
      'embeddings.word_embeddings.weight',
      'a.LayerNorm.weight',
      'a.LayerNorm.bias',
    ]);
  });

  it('says what is missing', async () => {
    const shapes = await bertBase();
    expect(recogniseBert(shapes, 6, 'own').heads).toBe(6);
    expect(() => recogniseBert(shapes, 7, 'own')).toThrow(/7 attention heads.*768 dimensions of own/);
    const narrow = new Map(shapes).set('embeddings.word_embeddings.weight', { shape: [100, 32] });
    expect(() => recogniseBert(narrow, null, 'own')).toThrow(/config\.json.*"num_attention_heads"/);
    shapes.delete('encoder.layer.0.intermediate.dense.weight');
    expect(() => recogniseBert(shapes, null, 'own')).toThrow(
      'own looks like a BERT, but "encoder.layer.0.intermediate.dense.weight" is missing.',
    );
    expect(holdsBert(['conv1.weight', 'word_embeddings.weight'])).toBe(false);
  });
});
