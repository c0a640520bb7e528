/** What encoders are said to read is what they can do once they are built. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { imageEncoderFacts, textEncoderFacts } from '../../src/models/encoder-facts.ts';
import { imageEncoders } from '../../src/models/encoders/registry.ts';
import { textEncoders } from '../../src/models/text/registry.ts';
import { Random } from '../../src/random/random.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('every encoder has its facts, and no other', () => {
  expect(Object.keys(imageEncoderFacts)).toEqual(Object.keys(imageEncoders));
  expect(Object.keys(textEncoderFacts).sort()).toEqual(Object.keys(textEncoders).sort());
});

test.each(Object.values(imageEncoders))('$name reads patches as it is said', (entry) => {
  const encoder = entry.build(entry.smoke, 32, new Random(1));
  encoder.dispose();
  expect(encoder.patches !== undefined).toBe(entry.readsPatches);
});

test.each(Object.values(textEncoders))('$name reads tokens as it is said', (entry) => {
  const fitted = entry.fit(['the heart is large', 'the lungs are clear'], entry.smoke);
  const encoder = entry.build(fitted, entry.smoke, new Random(1));
  encoder.dispose();
  expect(encoder.tokens !== undefined).toBe(entry.readsTokens);
});
