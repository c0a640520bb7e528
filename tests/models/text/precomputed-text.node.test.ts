/** Embeddings known before training: found by the report's text, on the scale of the training reports. */
import { describe, expect, it } from 'vitest';
import { precomputedText } from '../../../src/models/text/precomputed-text.ts';

const embeddings = new Map([
  ['clear', Float32Array.of(1, 10)],
  ['effusion', Float32Array.of(3, 10)],
  ['nodule', Float32Array.of(100, 12)],
]);
const entry = precomputedText({ name: 'imported:text-a', label: 'Own' }, embeddings);

describe('precomputedText', () => {
  it('takes out mean and deviation of the training reports, and of no other', () => {
    // Mean 2 and deviation 1 in the first dimension; the second never changes in training, so that it is only centred.
    const fitted = entry.fit(['effusion', 'clear'], {});
    expect(fitted).toMatchObject({ width: 2, dtype: 'float32' });
    expect([...fitted.encode('clear')]).toEqual([-1, 0]);
    expect([...fitted.encode('effusion')]).toEqual([1, 0]);
    expect([...fitted.encode('nodule')]).toEqual([98, 2]);
  });

  it('counts a report as often as films have it', () => {
    // Three of 1 and one of 3: mean 1.5, deviation √0.75.
    const fitted = entry.fit(['clear', 'clear', 'clear', 'effusion'], {});
    expect(fitted.encode('effusion')[0]).toBeCloseTo(1.5 / Math.sqrt(0.75), 6);
  });

  it('refuses reports that were never embedded, and training without reports', () => {
    expect(() => entry.fit(['clear'], {}).encode('another')).toThrow(RangeError);
    const withBlank = precomputedText({ name: 'n', label: 'l' }, new Map([['', Float32Array.of(1)]]));
    expect(() => withBlank.fit(['', ''], {})).toThrow(/None of the 2 training films has a report/);
  });
});
