/**
 * BERT told by names and shapes: bert-base-uncased at full size, as transformers writes it (tests/reference/data), and what is damaged.
 */
import { describe, expect, it } from 'vitest';
import { holdsBert, recogniseBert, textNetwork } from '../../../src/models/weights/recognise-bert.ts';
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
    const { tensors, leftOut, ...bert } = textNetwork(shapes, null, 'own');
    expect(recogniseBert({ tensors, leftOut, ...bert }, 12, 'own.safetensors')).toEqual(paper);
    const encoder = [...(await bertBase()).keys()].filter((name) => !name.startsWith('pooler.'));
    expect([...tensors.keys()].sort()).toEqual(encoder.sort());
    expect(leftOut).toEqual([...shapes.keys()].filter((name) => /pooler|cls\./.test(name)));
  });

  it('calls layer norms of old files as new ones do', () => {
    const old = ['embeddings.word_embeddings.weight', 'encoder.LayerNorm.gamma', 'encoder.LayerNorm.beta'];
    expect([...textNetwork(new Map(old.map((name) => [name, 0])), null, 'own').tensors.keys()]).toEqual([
      'embeddings.word_embeddings.weight',
      'encoder.LayerNorm.weight',
      'encoder.LayerNorm.bias',
    ]);
  });

  it('says what is missing', async () => {
    const shapes = new Map([...(await bertBase())].map(([name, shape]) => [`bert.${name}`, shape]));
    const bert = (heads: number) => recogniseBert(textNetwork(shapes, null, 'own'), heads, 'own');
    expect(bert(6).heads).toBe(6);
    expect(() => bert(7)).toThrow(/7 attention heads.*768 dimensions of own/);
    shapes.delete('bert.encoder.layer.0.intermediate.dense.weight');
    expect(() => bert(12)).toThrow(
      'own looks like a BERT, but "bert.encoder.layer.0.intermediate.dense.weight" is missing.',
    );
    expect(holdsBert(['conv1.weight', 'word_embeddings.weight'])).toBe(false);
  });
});
