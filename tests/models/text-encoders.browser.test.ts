/**
 * What holds for every text encoder of the registry.
 */
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FittedText, TextEncoder, TextEncoderEntry } from '../../src/models/encoder.ts';
import { textEncoders } from '../../src/models/text/registry.ts';
import { Random } from '../../src/random/random.ts';
import { backends, useBackend } from '../backends.ts';
import { nudge, readWeights, zeroGradients } from './weights.ts';

const trainingReports = [
  'No pleural effusion. The heart is normal in size.',
  'Large left pleural effusion; the heart is enlarged.',
  'The lungs are clear. No pneumothorax.',
  'Small nodule in the right upper lobe, unchanged.',
];

/** Reports as one batch of the encoder's input. */
function toBatch(fitted: FittedText, reports: readonly string[]): tf.Tensor2D {
  const rows = reports.map((report) => [...fitted.encode(report)]);
  return tf.tensor2d(rows, [reports.length, fitted.width], fitted.dtype);
}

function build(entry: TextEncoderEntry, fitted: FittedText, seed: string): TextEncoder {
  return entry.build(fitted, entry.smoke, new Random(seed));
}

for (const backend of backends) {
  describe.each(Object.entries(textEncoders))(`text encoder %s on ${backend}`, (key, entry) => {
    const fitted = entry.fit(trainingReports, entry.smoke);
    let tensorsBefore = 0;
    beforeAll(() => useBackend(backend));
    beforeEach(() => {
      tensorsBefore = tf.memory().numTensors;
    });
    afterEach(() => {
      expect(tf.memory().numTensors).toBe(tensorsBefore);
    });

    it('gives finite embeddings of the shape it says, also for an empty and an unknown report', async () => {
      const encoder = build(entry, fitted, 'a');
      const reports = [trainingReports[0]!, trainingReports[1]!, '', 'жük 象'];
      const embeddings = tf.tidy(() => encoder.forward(toBatch(fitted, reports), false));
      const values = await embeddings.data();
      expect(embeddings.shape).toEqual([reports.length, encoder.dimensions]);
      expect(values.every(Number.isFinite)).toBe(true);
      const { dimensions } = encoder;
      expect(values.slice(0, dimensions)).not.toEqual(values.slice(dimensions, 2 * dimensions));
      embeddings.dispose();
      encoder.dispose();
    });

    it('gives a report the same embedding whatever reports stand beside it', async () => {
      const encoder = build(entry, fitted, 'a');
      const alone = tf.tidy(() => encoder.forward(toBatch(fitted, trainingReports.slice(0, 1)), false));
      const among = tf.tidy(() => encoder.forward(toBatch(fitted, trainingReports), false));
      const [first, all] = [await alone.data(), await among.data()];
      first.forEach((value, i) => expect(all[i]).toBeCloseTo(value, 5));
      tf.dispose([alone, among]);
      encoder.dispose();
    });

    it('sends a gradient into every weight', async () => {
      const encoder = build(entry, fitted, 'a');
      nudge(encoder.variables);
      // A bias of all keys shifts every logit of a softmax alike: its gradient is zero by the formula, and by rounding only is it not.
      const reached = encoder.variables.filter(({ name }) => !name.endsWith('self.key.bias'));
      const loss = (): tf.Scalar =>
        tf.sum(tf.square(encoder.forward(toBatch(fitted, trainingReports), true)));
      expect(await zeroGradients(loss, reached)).toEqual([]);
      encoder.dispose();
    });

    it('starts alike from one seed and otherwise from another', async () => {
      const encoders = ['a', 'a', 'b'].map((seed) => build(entry, fitted, seed));
      const [first, again, other] = await Promise.all(
        encoders.map(({ variables }) => readWeights(variables)),
      );
      expect(again).toEqual(first);
      expect(other).not.toEqual(first);
      encoders.forEach((encoder) => encoder.dispose());
    });

    it('makes the same of reports when it was told which it will read, and of their features with names', async () => {
      const reports = [...trainingReports, '', 'жük 象'];
      const told = entry.fit(trainingReports, entry.smoke, reports);
      const encoder = build(entry, fitted, 'a');
      nudge(encoder.variables);
      const { named } = told;
      const batches = [toBatch(fitted, reports), toBatch(told, reports)];
      if (named) batches.push(tf.tensor2d(reports.map((report) => [...named.read(report)])));
      const [expected, ...others] = await Promise.all(
        batches.map(async (batch) => {
          const embeddings = tf.tidy(() => encoder.forward(batch, false));
          const values = await embeddings.data();
          tf.dispose([batch, embeddings]);
          return values;
        }),
      );
      for (const values of others) values.forEach((value, i) => expect(value).toBeCloseTo(expected![i]!, 5));
      encoder.dispose();
    });

    it('names each weight once and is kept under its own name', () => {
      const encoder = build(entry, fitted, 'a');
      const names = encoder.variables.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(key).toBe(entry.name);
      encoder.dispose();
    });
  });
}
