/** Counts and their nouns. */
import { expect, test } from 'vitest';
import { countPhrase, nounFor } from '../src/count-words.ts';

test('a count stands with the noun that agrees with it', () => {
  expect([0, 1, 2].map((count) => countPhrase(count, 'film'))).toEqual(['0 films', '1 film', '2 films']);
  expect(countPhrase(1, 'study', 'studies')).toBe('1 study');
  expect(countPhrase(3, 'study', 'studies')).toBe('3 studies');
  expect(nounFor(1, 'is', 'are')).toBe('is');
});
