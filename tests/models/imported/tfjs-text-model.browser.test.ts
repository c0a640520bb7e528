/**
 * A person's text graph from its files and reports to embeddings: a tiny one against sums in plain loops, and the published Universal
 * Sentence Encoder lite, where it lies at hand, by what its paper promises. Nothing stays on the device.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { embedBatch } from '../../../src/models/imported/embed-batch.ts';
import { parsePieces } from '../../../src/models/imported/pieces-file.ts';
import type { FrozenTextModel } from '../../../src/models/imported/text-model.ts';
import { gatherTfjsFiles, type ModelFile } from '../../../src/models/imported/tfjs-files.ts';
import { loadTfjsLibrary } from '../../../src/models/imported/tfjs-library.ts';
import { loadTfjsTextModel } from '../../../src/models/imported/tfjs-text-model.ts';
import { buildUnigramTokenizer, type ScoredPiece } from '../../../src/models/text/sentencepiece-unigram.ts';
import { embedReports } from '../../../src/training/text-embeddings.ts';
import { backends, useBackend } from '../../backends.ts';
import { readTextEncoderBytes } from '../../reference/reference.ts';
import { textGraph, tinyDimensions, tinyLimit, tinyPieces, tinyTable } from './tiny-text-graph.ts';

function load(files: readonly ModelFile[], pieces: readonly ScoredPiece[] = tinyPieces) {
  return loadTfjsTextModel(gatherTfjsFiles(files), pieces, 'model.json');
}

async function finished<T>(work: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const next = await work.next();
    if (next.done) return next.value;
  }
}

function embedAll(model: FrozenTextModel, reports: readonly string[]): Promise<Float32Array> {
  return finished(
    embedReports(
      model,
      reports.map((text, row) => ({ text, row })),
      () => {},
    ),
  );
}

/** The tiny graph in plain loops: the sum over the first pieces, made one long. */
function byHand(report: string): number[] {
  const table = new Float32Array(tinyTable());
  const ids = buildUnigramTokenizer(tinyPieces).encode(report).slice(0, tinyLimit);
  const sum = Array.from({ length: tinyDimensions }, (_, d) =>
    (ids.length > 0 ? ids : [0]).reduce((total, id) => total + table[id * tinyDimensions + d]!, 0),
  );
  const length = Math.hypot(...sum);
  return sum.map((value) => value / length);
}

for (const backend of backends) {
  describe(`a text graph on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it('gives the embeddings of the same sums in plain loops, and leaves no tensor', async () => {
      await loadTfjsLibrary();
      const before = tf.memory().numTensors;
      const model = await load(textGraph());
      expect(model).toMatchObject({ dimensions: tinyDimensions, graph: 'dynamic' });
      const long = 'Lungs are clear. Effusion is seen. Heart is clear. Effusion is seen.';
      const words = ['Lungs', 'Heart', 'Effusion', 'a', 'b', 'clear.', '胸'];
      const reports = [
        long,
        '',
        ...words.flatMap((word) => words.map((other) => `${word} are ${other} seen`)),
      ];
      const got = await embedAll(model, reports);
      reports.forEach((report, i) =>
        byHand(report).forEach((wanted, d) =>
          expect(got[i * tinyDimensions + d], `${report} ${d}`).toBeCloseTo(wanted, 5),
        ),
      );
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    it('stopped after its first batch, leaves no tensor', async () => {
      const model = await load(textGraph());
      const before = tf.memory().numTensors;
      const reports = Array.from({ length: 40 }, (_, row) => ({ text: 'a'.repeat(row + 1), row }));
      const work = embedReports(model, reports, () => {});
      expect((await work.next()).value).toEqual({ done: 0, total: 40 });
      expect((await work.next()).value).toEqual({ done: 16, total: 40 });
      await work.return(new Float32Array());
      expect(tf.memory().numTensors).toBe(before);
      model.dispose();
    });

    it.each<[string, () => Promise<unknown>, RegExp]>([
      ['more pieces than its table', () => load(textGraph({ rows: 12 })), /table of 12 pieces.*has 17/],
      [
        'a table for far more pieces',
        () => load(textGraph({ rows: 200 })),
        /table of 200 pieces.*another model/,
      ],
      [
        'one row a piece',
        () => load(textGraph({ summed: false })),
        /output of shape \[.*one embedding a report/,
      ],
      ['an operation nobody knows', () => load(textGraph({ last: 'Frobnicate' })), /operation "Frobnicate"/],
      [
        'weights that are not numbers',
        () => load(textGraph({ table: new Float32Array(tinyTable().byteLength / 4).fill(NaN).buffer })),
        /not finite/,
      ],
    ])('is refused with %s, and leaves no tensor', async (_words, loading, sentence) => {
      await loadTfjsLibrary();
      const before = tf.memory().numTensors;
      await expect(loading()).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringMatching(sentence) as string,
      });
      expect(tf.memory().numTensors).toBe(before);
    });
  });
}

/** The files of the published encoder; null where nobody fetched them. */
async function published(): Promise<{ files: ModelFile[]; pieces: readonly ScoredPiece[] } | null> {
  const names = ['model.json', ...Array.from({ length: 7 }, (_, i) => `group1-shard${i + 1}of7`)];
  const read = await Promise.all(
    [...names, 'vocab.json'].map((name) => readTextEncoderBytes(`use-lite/${name}`)),
  );
  if (read.some((bytes) => bytes === null)) return null;
  const files = names.map((name, i) => ({ name, bytes: read[i]!.buffer }));
  return { files, pieces: parsePieces(new TextDecoder().decode(read.at(-1)!), 'vocab.json') };
}

/**
 * The first numbers of each embedding and the sum of all 512, from text_graph_numpy.py beside this file (numpy, float64), on the ids of
 * the published tokenizer (@tensorflow-models/universal-sentence-encoder 1.3.3).
 */
const sentences: readonly { text: string; ids: readonly number[]; first: readonly number[]; sum: number }[] =
  [
    {
      text: 'There is a small left pleural effusion.',
      ids: [263, 18, 11, 554, 550, 30, 1561, 5122, 299, 1266, 298, 243, 6],
      first: [0.008464, 0.0385479, 0.0063488, 0.037203, 0.0597025, -0.0370641],
      sum: 1.461536,
    },
    {
      text: 'A small effusion is seen in the left pleural space.',
      ids: [74, 554, 299, 1266, 298, 243, 18, 627, 15, 9, 550, 30, 1561, 5122, 1016, 6],
      first: [0.0375122, 0.0263623, -0.038326, 0.026431, 0.0452873, -0.0139202],
      sum: 1.707036,
    },
    {
      text: 'The quarterly budget was approved by the committee.',
      ids: [34, 1275, 56, 2202, 33, 4747, 55, 9, 4471, 6],
      first: [0.0538887, 0.0222092, -0.0463734, -0.057676, 0.0446765, 0.0196953],
      sum: 1.656581,
    },
    {
      text: 'The committee agreed to the budget for this quarter.',
      ids: [34, 4471, 4118, 10, 9, 2202, 22, 43, 1275, 6],
      first: [0.0608737, -0.0270104, -0.0594288, -0.0532428, 0.0458584, -0.0431588],
      sum: 1.708345,
    },
  ];

/**
 * Of single numbers, which are about 0.04; the sum may be off by more. A piece's place is told by sines, and WebGPU's may be off by 5e-4
 * (https://www.w3.org/TR/WGSL/#floating-point-accuracy), where all else is within 1e-6.
 */
const tolerances = { cpu: 1e-6, webgpu: 2e-4 } as const;

let reading: ReturnType<typeof published> | undefined;

for (const backend of backends) {
  describe(`the Universal Sentence Encoder lite on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it('gives the numbers of numpy, unit embeddings that tell meaning, the same in any batch', async (context) => {
      const found = await (reading ??= published());
      if (!found) return context.skip('The published encoder is not at hand (LAB_TEXT_ENCODERS).');
      await loadTfjsLibrary();
      const before = tf.memory().numTensors;
      const model = await load(found.files, found.pieces);
      const loaded = tf.memory().numTensors;
      expect(model.dimensions).toBe(512);
      const close = tolerances[backend];
      const read = async (ids: readonly (readonly number[])[]): Promise<Float32Array> => {
        const embeddings = await embedBatch(model, model.batch(ids));
        const values = await embeddings.data<'float32'>();
        embeddings.dispose();
        return values;
      };
      const ids = sentences.map((sentence) => sentence.ids);
      // Pairs of equal shapes, so that shaders are compiled once.
      const pairs = [await read(ids.slice(0, 2)), await read(ids.slice(2))];
      const rows = pairs.flatMap((pair) => [pair.subarray(0, 512), pair.subarray(512)]);
      sentences.forEach(({ text, first, sum }, i) => {
        expect(model.tokenise(text)).toEqual(ids[i]);
        first.forEach((value, d) => expect(Math.abs(rows[i]![d]! - value)).toBeLessThan(close));
        expect(Math.abs(rows[i]!.reduce((total, value) => total + value, 0) - sum)).toBeLessThan(100 * close);
        expect(dot(rows[i]!, rows[i]!)).toBeCloseTo(1, 5);
      });
      const [a, b, c, d] = rows as [Float32Array, Float32Array, Float32Array, Float32Array];
      for (const alike of [dot(a, b), dot(c, d)])
        for (const unlike of [dot(a, c), dot(a, d), dot(b, c), dot(b, d)])
          expect(alike).toBeGreaterThan(unlike + 0.5);
      const beside = await read([ids[2]!, ids[1]!]);
      c.forEach((value, i) => expect(Math.abs(value - beside[i]!)).toBeLessThan(close));
      expect(tf.memory().numTensors).toBe(loaded);
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
