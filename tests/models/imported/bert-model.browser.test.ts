/**
 * A person's BERT from its file and a report's text to the embedding: numbers of transformers (tests/reference/data/models/tiny_bert.json).
 * The file's tolerance holds on cpu; on webgpu ten times it is allowed, as for all models.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadBertModel } from '../../../src/models/imported/bert-model.ts';
import {
  readSafetensors,
  writeSafetensors,
  type StoredTensor,
} from '../../../src/models/weights/safetensors.ts';
import { embedReports } from '../../../src/training/text-embeddings.ts';
import { backends, useBackend } from '../../backends.ts';
import {
  excess,
  numbers,
  readReference,
  readReferenceBytes,
  type ReferenceArray,
} from '../../reference/reference.ts';
import { tinyBertVocabulary } from './tiny-bert.ts';

const use = { heads: 2 };
const looser = { cpu: 1, webgpu: 10 } as const;

/** A case of the file, and its second text: 6 tokens, all of the first type. */
async function secondText(): Promise<{ ids: number[]; mean: ReferenceArray; tolerance: [number, number] }> {
  const { cases } = await readReference('models/tiny_bert.json');
  const { inputs, expected, tolerance } = cases[0]!;
  const { input_ids: ids, attention_mask: mask, token_type_ids: types } = inputs as unknown as Arrays;
  const { last_hidden_state: hidden } = expected as unknown as Arrays;
  const [, tokens, dimensions] = hidden!.shape as [number, number, number];
  const own = numbers(mask!).slice(tokens);
  const count = own.reduce((sum, one) => sum + one, 0);
  expect(numbers(types!).slice(tokens)).toEqual(own.map(() => 0));
  expect(own.slice(0, count)).toEqual(new Array(count).fill(1));
  const states = numbers(hidden!).slice(tokens * dimensions);
  const mean = Array.from({ length: dimensions }, (_, d) => {
    const ofTokens = Array.from({ length: count }, (__, token) => states[token * dimensions + d]!);
    return ofTokens.reduce((sum, value) => sum + value, 0) / count;
  });
  return {
    ids: numbers(ids!).slice(tokens, tokens + count),
    mean: { shape: [dimensions], dtype: 'float64', data: mean },
    tolerance: [tolerance!.atol, tolerance!.rtol],
  };
}

async function finished<T>(work: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const next = await work.next();
    if (next.done) return next.value;
  }
}

async function tinyBert(): Promise<Uint8Array<ArrayBuffer>> {
  return readReferenceBytes('models/tiny_bert.safetensors');
}

for (const backend of backends) {
  describe(`a person's BERT on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it('embeds a report as the mean of its last hidden states, beside longer ones, and leaves no tensor', async () => {
      const { ids, mean, tolerance } = await secondText();
      const vocabulary = tinyBertVocabulary(ids[0]!, ids.at(-1)!);
      const text = ids
        .slice(1, -1)
        .map((id) => vocabulary[id]!)
        .join(' ');
      const before = tf.memory().numTensors;
      const model = loadBertModel((await tinyBert()).buffer, vocabulary, use, 'tiny.safetensors');
      expect(model).toMatchObject({ dimensions: 32, label: 'BERT 32 × 2', vocabularySize: 100 });
      expect(model.tokenise(text)).toEqual(ids);
      // More tokens than there are positions: cut at 40, and wider than the batches of short reports.
      const long = new Array<string>(60).fill('w20').join(' ');
      expect(model.tokenise(long)).toHaveLength(40);
      const reports = [long, text, 'w7 w8', ...Array.from({ length: 20 }, (_, i) => `w${i + 30} w9`)];
      const work = embedReports(
        model,
        reports.map((report, row) => ({ text: report, row })),
        () => {},
      );
      const values = await finished(work);
      const [atol, rtol] = tolerance;
      const got = values.slice(32, 64);
      expect(excess(got, mean, atol * looser[backend], rtol * looser[backend])).toBeLessThanOrEqual(0);
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    it('is the same behind a prefix, beside heads, and with spare rows in its table of words', async () => {
      const { ids } = await secondText();
      const vocabulary = tinyBertVocabulary(ids[0]!, ids.at(-1)!);
      const { tensors } = readSafetensors(await tinyBert());
      const wrapped = new Map<string, StoredTensor>(
        [...tensors].map(([name, tensor]) => [`bert.${name}`, tensor]),
      );
      wrapped.set('cls.predictions.bias', { shape: [100], values: new Float32Array(100) });
      const written = writeSafetensors(wrapped as Map<string, StoredTensor & { values: Float32Array }>);
      const embed = async (weights: ArrayBuffer): Promise<number[]> => {
        const model = loadBertModel(weights, vocabulary.slice(0, 98), use, 'w');
        const reports = ['w41 w14', 'w50'].map((text, row) => ({ text, row }));
        const values = await finished(embedReports(model, reports, () => {}));
        model.dispose();
        return Array.from(values);
      };
      expect(await embed(written.buffer)).toEqual(await embed((await tinyBert()).buffer));
    });

    it('refuses what it cannot embed with, and leaves no tensor', async () => {
      const vocabulary = tinyBertVocabulary(2, 3);
      const before = tf.memory().numTensors;
      const weights = (await tinyBert()).buffer;
      expect(() => loadBertModel(weights, [...vocabulary, 'more'], use, 'w')).toThrow(
        /w has 100 tokens, but the vocabulary has 101/,
      );
      expect(() => loadBertModel(weights, vocabulary, { heads: 7 }, 'w')).toThrow(/7 attention heads/);
      const { tensors } = readSafetensors(await tinyBert());
      const damaged = new Map(tensors) as Map<string, StoredTensor & { values: Float32Array }>;
      damaged.delete('encoder.layer.1.output.dense.bias');
      damaged.set('encoder.extra.weight', { shape: [1], values: new Float32Array(1) });
      expect(() => loadBertModel(writeSafetensors(damaged).buffer, vocabulary, use, 'w')).toThrow(
        /^w: .*missing: encoder\.layer\.1\.output\.dense\.bias; not known here: encoder\.extra\.weight/,
      );
      expect(tf.memory().numTensors).toBe(before);
    });

    it('stops at numbers that are not finite, naming the row, and at embeddings that are all the same', async () => {
      const vocabulary = tinyBertVocabulary(2, 3);
      const { tensors } = readSafetensors(await tinyBert());
      const change = (name: string, values: (old: Float32Array) => Float32Array): ArrayBuffer => {
        const changed = new Map(tensors) as Map<string, StoredTensor & { values: Float32Array }>;
        const { shape, values: old } = changed.get(name)!;
        return writeSafetensors(changed.set(name, { shape, values: values(old) })).buffer;
      };
      const embed = async (weights: ArrayBuffer): Promise<unknown> => {
        const model = loadBertModel(weights, vocabulary, use, 'w');
        const reports = [
          { text: 'w20', row: 4 },
          { text: 'w21', row: 17 },
        ];
        return finished(embedReports(model, reports, () => {})).finally(() => model.dispose());
      };
      const words = 'embeddings.word_embeddings.weight';
      const nan = change(words, (old) => old.map((value, i) => (Math.floor(i / 32) === 21 ? NaN : value)));
      await expect(embed(nan)).rejects.toMatchObject({
        name: 'NotFiniteError',
        message: expect.stringContaining('row 17') as string,
      });
      const same = change(words, (old) => old.map(() => 0.5));
      await expect(embed(same)).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringContaining('all 2 wordings') as string,
      });
    });
  });
}

type Arrays = Readonly<Record<string, ReferenceArray>>;
