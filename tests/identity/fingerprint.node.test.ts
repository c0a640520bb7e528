import { describe, expect, it } from 'vitest';
import { canonicalJson, fingerprint, sha256 } from '../../src/identity/fingerprint.ts';

describe('canonicalJson', () => {
  it('does not depend on the order of keys and leaves undefined members out', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined })).toBe('{"b":[1,{"c":"x","d":null}]}');
    expect(canonicalJson({ a: 1, b: 2 })).toBe(canonicalJson({ b: 2, a: 1 }));
  });

  it('refuses numbers without a JSON form', () => {
    expect(() => canonicalJson({ a: NaN })).toThrow(TypeError);
    expect(() => canonicalJson([Infinity])).toThrow(TypeError);
  });
});

describe('sha256', () => {
  it('agrees with the example of FIPS 180-4 ("abc")', async () => {
    expect(await sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('fingerprint', () => {
  it('is equal for equal content and differs with any member', async () => {
    expect(await fingerprint({ a: [1, 2], b: 'x' })).toBe(await fingerprint({ b: 'x', a: [1, 2] }));
    expect(await fingerprint({ a: [1, 2] })).not.toBe(await fingerprint({ a: [2, 1] }));
  });
});
