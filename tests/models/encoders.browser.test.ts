/**
 * What holds for every image encoder of the registry.
 */
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildLinearHead } from '../../src/models/classifier.ts';
import type { ImageEncoder, ImageEncoderEntry } from '../../src/models/encoder.ts';
import { imageEncoders } from '../../src/models/encoders/registry.ts';
import { Random } from '../../src/random/random.ts';
import { backends, useBackend } from '../backends.ts';
import { descend, nudge, readWeights, zeroGradients } from './weights.ts';

const side = 16;
const batch = 2;

function drawFilms(): tf.Tensor4D {
  const random = new Random('films');
  const pixels = Float32Array.from({ length: batch * side * side }, () => random.normal());
  return tf.tensor4d(pixels, [batch, side, side, 1]);
}

function build(entry: ImageEncoderEntry, seed: string): ImageEncoder {
  return entry.build(entry.smoke, side, new Random(seed));
}

for (const backend of backends) {
  describe.each(Object.entries(imageEncoders))(`image encoder %s on ${backend}`, (key, entry) => {
    let tensorsBefore = 0;
    beforeAll(() => useBackend(backend));
    beforeEach(() => {
      tensorsBefore = tf.memory().numTensors;
    });
    afterEach(() => {
      expect(tf.memory().numTensors).toBe(tensorsBefore);
    });

    it('gives finite embeddings of the shape it says, the same in training and in use', async () => {
      const encoder = build(entry, 'a');
      const [trained, used] = tf.tidy(() => {
        const films = drawFilms();
        return [encoder.forward(films, true), encoder.forward(films, false)] as const;
      });
      const values = await used.data();
      expect(used.shape).toEqual([batch, encoder.dimensions]);
      expect(values.every(Number.isFinite)).toBe(true);
      expect(await trained.data()).toEqual(values);
      const [first, second] = [values.slice(0, encoder.dimensions), values.slice(encoder.dimensions)];
      expect(first, 'two films have one embedding').not.toEqual(second);
      tf.dispose([trained, used]);
      encoder.dispose();
    });

    it('sends a gradient into every weight', async () => {
      const encoder = build(entry, 'a');
      nudge(encoder.variables);
      const loss = (): tf.Scalar => tf.sum(tf.square(encoder.forward(drawFilms(), true)));
      expect(await zeroGradients(loss, encoder.variables)).toEqual([]);
      encoder.dispose();
    });

    // Steps take seconds on a software GPU, and gradients are held against the reference there; once is enough.
    it.runIf(backend === 'cpu')('learns to tell two films apart', async () => {
      const encoder = build(entry, 'a');
      const head = buildLinearHead(encoder.dimensions, 1, new Random('head'));
      const films = drawFilms();
      const labels = tf.tensor2d([[0], [1]]);
      const loss = (): tf.Scalar => {
        const logits = head.forward(encoder.forward(films, true));
        return tf.mean(tf.sub(tf.softplus(logits), tf.mul(logits, labels))); // binary cross-entropy
      };
      const measure = async (): Promise<number> => {
        const value = tf.tidy(loss);
        const [nats] = await value.data();
        value.dispose();
        return nats!;
      };
      const before = await measure();
      descend(loss, [...encoder.variables, ...head.variables], 15);
      const after = await measure();
      expect(before).toBeCloseTo(Math.LN2, 0);
      expect(after).toBeLessThan(before / 2);
      tf.dispose([films, labels]);
      head.dispose();
      encoder.dispose();
    });

    it('starts alike from one seed and otherwise from another', async () => {
      const encoders = ['a', 'a', 'b'].map((seed) => build(entry, seed));
      const [first, again, other] = await Promise.all(
        encoders.map(({ variables }) => readWeights(variables)),
      );
      expect(again).toEqual(first);
      expect(other).not.toEqual(first);
      encoders.forEach((encoder) => encoder.dispose());
    });

    it('names each weight once, decays no vector, and is kept under its own name', () => {
      const encoder = build(entry, 'a');
      const names = encoder.variables.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const { variable, decay, name } of encoder.variables) {
        if (variable.rank === 1) expect(decay, name).toBe(false);
      }
      expect(key).toBe(entry.name);
      encoder.dispose();
    });

    it('refuses a setting that it does not have and one out of range', () => {
      const { name, high } = entry.fields[0]!;
      const random = new Random('a');
      expect(() => entry.build({ ...entry.smoke, nonsense: 1 }, side, random)).toThrow(/nonsense/);
      expect(() => entry.build({ ...entry.smoke, [name]: high + 1 }, side, random)).toThrow(RangeError);
    });
  });
}
