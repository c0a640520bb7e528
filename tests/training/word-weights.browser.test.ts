/** Words are weighed so that a report's logit is the sum of its words: closed forms of a linear and a curved model, and a whole run. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerKernels } from '../../src/kernels/registry.ts';
import { linear } from '../../src/kernels/matmul/linear.ts';
import { fitTfidf, tfidfDefaults } from '../../src/models/text/tfidf-vectorizer.ts';
import { fineTune, type FineTuned } from '../../src/training/fine-tune.ts';
import { keptWords, weighWords, type WordModel } from '../../src/training/word-weights.ts';
import { backends, useBackend } from '../backends.ts';
import { separableData, shortProbe } from '../../src/bench/separable-data.ts';

/** Rows 0 and 1 are positive; rows 0 and 2 hold words that no other report holds. */
const features = [
  [0.8, 0.6, 0, 0, 0, 0],
  [0, 0, 0, 0, 1, 0],
  [0, 0, 0.6, 0.8, 0, 0],
  [0, 0, 0, 0, 0.4, 0],
];
const words = ['effusion', 'large', 'clear', 'lungs', 'film', 'never'];

function modelOf(logits: WordModel['logits'], batchSize = 3): WordModel {
  return {
    words,
    rows: [0, 1, 2, 3],
    labels: new Map([
      [0, 1],
      [1, 1],
      [2, 0],
      [3, 0],
    ]),
    batchSize,
    fewestReports: 1,
    read: (row) => Float32Array.from(features[row]!),
    logits,
  };
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    if (backend === 'webgpu') registerKernels();
  });

  it('a linear model’s words weigh what its weights say, and shares count the reports that hold them', async () => {
    const weight = tf.tensor2d([2, -1, -3, 0.5, 0.25, 9], [6, 1]);
    const bias = tf.tensor1d([0.7]);
    const before = tf.memory().numTensors;
    const weighed = await weighWords(modelOf((reports) => linear(reports, { weight, bias }) as tf.Tensor2D));
    expect(tf.memory().numTensors).toBe(before);
    expect(weighed.map(({ word }) => word)).toEqual(['clear', 'effusion', 'large', 'lungs', 'film']);
    [-3, 2, -1, 0.5, 0.25].forEach((expected, i) => expect(weighed[i]!.weight).toBeCloseTo(expected, 5));
    expect(weighed.find(({ word }) => word === 'effusion')).toMatchObject({
      inPositives: 0.5,
      inNegatives: 0,
    });
    expect(weighed.find(({ word }) => word === 'film')).toMatchObject({ inPositives: 0.5, inNegatives: 0.5 });
    tf.dispose([weight, bias]);
  });

  it('words that too few reports hold are left out', async () => {
    const weight = tf.tensor2d([2, -1, -3, 0.5, 0.25, 9], [6, 1]);
    const bias = tf.tensor1d([0]);
    const model = modelOf((reports) => linear(reports, { weight, bias }) as tf.Tensor2D);
    const weighed = await weighWords({ ...model, fewestReports: 2 });
    expect(weighed.map(({ word }) => word)).toEqual(['film']);
    tf.dispose([weight, bias]);
  });

  it('a curved model’s logit is that of the empty report and the sum of its words', async () => {
    const first = {
      weight: tf.tensor2d([3, -2, 1, 4, -2, 1, 0.5, -3, 2, 2, -1, 0], [6, 2]),
      bias: tf.tensor1d([-0.5, 0.3]),
    };
    const second = { weight: tf.tensor2d([2, -1.5], [2, 1]), bias: tf.tensor1d([0.1]) };
    const logits = (reports: tf.Tensor2D): tf.Tensor2D =>
      linear(linear(reports, first, { activation: 'gelu' }), second) as tf.Tensor2D;
    const weighed = await weighWords(modelOf(logits));
    const weightOf = new Map(weighed.map(({ word, weight }) => [word, weight]));
    const both = tf.tidy(() => logits(tf.tensor2d([...features, features[0]!.map(() => 0)])));
    const actual = await both.data();
    for (const row of [0, 2]) {
      const sum = features[row]!.reduce((s, x, j) => s + x * (x > 0 ? weightOf.get(words[j]!)! : 0), 0);
      expect(Math.abs(sum)).toBeGreaterThan(0.3);
      expect(actual[4]! + sum).toBeCloseTo(actual[row]!, 4);
    }
    tf.dispose([both, ...Object.values(first), ...Object.values(second)]);
  });

  // One backend: whole runs are slow on a software device, and methods.browser.test.ts has one with words there.
  it.runIf(backend === 'cpu')('the words of a whole run reproduce its predictions', async () => {
    const data = separableData({ trainingRows: 30, otherRows: 12, dimensions: 6 });
    const wordings = ['Clear lungs.', 'Large effusion.'];
    const reports = data.reports.map((_, row) => wordings[data.labels.get(row)!]!);
    const tuned = await run({ ...data, reports });
    const vectorizer = fitTfidf(
      data.trainingRows.map((row) => reports[row]!),
      { ...tfidfDefaults, ngramRange: [1, 2], sublinear: true },
    );
    const weightOf = new Map(tuned.words!.map(({ word, weight }) => [word, weight]));
    const sumOf = (report: string): number =>
      vectorizer
        .transform(report)
        .reduce((sum, x, j) => (x > 0 ? sum + x * weightOf.get(vectorizer.terms[j]!)! : sum), 0);
    // Row 0 is positive, row 1 negative; what the empty report has falls out of the difference.
    const expected = tuned.trainingLogits[0]! - tuned.trainingLogits[1]!;
    expect(expected).toBeGreaterThan(0.5);
    expect(sumOf(wordings[1]!) - sumOf(wordings[0]!)).toBeCloseTo(expected, 3);
    expect(tuned.words!.length).toBeLessThanOrEqual(keptWords);
    expect(tuned.words!.find(({ word }) => word === 'effusion')).toMatchObject({
      inPositives: 1,
      inNegatives: 0,
    });
  });
});

async function run(data: ReturnType<typeof separableData>): Promise<FineTuned> {
  const events = fineTune({ ...shortProbe, method: 'textOnly' }, data, { assertAlive: () => undefined });
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
  }
}
