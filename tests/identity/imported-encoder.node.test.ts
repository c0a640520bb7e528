import { expect, test } from 'vitest';
import {
  importedEncoderId,
  importedEncoderName,
  importedIdOf,
  importedTextId,
  importedWeightsId,
  isFrozenImport,
  isTextImport,
} from '../../src/identity/imported-encoder.ts';

const weights = (...values: number[]): ArrayBuffer => Float32Array.from(values).buffer;

test('a model is known by its topology, its weights and its scaling', async () => {
  const id = await importedEncoderId('{}', weights(1, 2), 'zeroToOne');
  expect(id).toMatch(/^[0-9a-f]{20}$/);
  expect(await importedEncoderId('{}', weights(1, 2), 'zeroToOne')).toBe(id);
  const others = await Promise.all([
    importedEncoderId('{ }', weights(1, 2), 'zeroToOne'),
    importedEncoderId('{}', weights(1, 3), 'zeroToOne'),
    importedEncoderId('{}', weights(1, 2), 'minusOneToOne'),
  ]);
  expect(new Set([id, ...others]).size).toBe(4);
});

test('names carry the id and nothing else does', () => {
  expect(importedIdOf(importedEncoderName('abc'))).toBe('abc');
  expect(importedIdOf('resnet')).toBeNull();
});

test('imported weights are known by their numbers and their use, and by their name as ones that can be trained', async () => {
  const use = { scaling: 'zeroToOne', heads: 3 };
  const id = await importedWeightsId(weights(1, 2), use);
  expect(await importedWeightsId(weights(1, 2), { heads: 3, scaling: 'zeroToOne' })).toBe(id);
  const others = await Promise.all([
    importedWeightsId(weights(1, 3), use),
    importedWeightsId(weights(1, 2), { ...use, heads: 6 }),
    importedWeightsId(weights(1, 2), { ...use, scaling: { mean: [0], standardDeviation: [1] } }),
  ]);
  expect(new Set([id, ...others]).size).toBe(4);
  expect(importedIdOf(importedEncoderName(id))).toBe(id);
  expect(isFrozenImport(importedEncoderName(id))).toBe(false);
  const frozen = await importedEncoderId('{}', weights(1, 2), 'zeroToOne');
  expect(isFrozenImport(importedEncoderName(frozen))).toBe(true);
  expect(isFrozenImport('resnet')).toBe(false);
});

test('text encoders are known by their weights, their vocabulary and their use, and by their name as readers of reports', async () => {
  const id = await importedTextId(weights(1, 2), ['a', 'b'], { heads: 2 });
  expect(await importedTextId(weights(1, 2), ['a', 'b'], { heads: 2 })).toBe(id);
  const others = await Promise.all([
    importedTextId(weights(1, 3), ['a', 'b'], { heads: 2 }),
    importedTextId(weights(1, 2), ['b', 'a'], { heads: 2 }),
    importedTextId(weights(1, 2), ['a', 'b'], { heads: 1 }),
  ]);
  expect(new Set([id, ...others]).size).toBe(4);
  expect(isTextImport(importedEncoderName(id))).toBe(true);
  expect(isFrozenImport(importedEncoderName(id))).toBe(true);
  const ofFilms = [
    await importedWeightsId(weights(1, 2), {}),
    await importedEncoderId('{}', weights(1, 2), 'zeroToOne'),
  ];
  expect([...ofFilms.map(importedEncoderName), 'tfidf', 'text-x'].filter(isTextImport)).toEqual([]);
});
