import { expect, test } from 'vitest';
import { importedEncoderId, importedEncoderName, importedIdOf } from '../../src/identity/imported-encoder.ts';

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
