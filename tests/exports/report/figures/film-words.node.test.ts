/** How many films and patients, by hand. */
import { expect, test } from 'vitest';
import { filmWords } from '../../../../src/exports/report/figures/film-words.ts';

const cell = (testFilms: number, testPositives: number, testPatients: number) => ({
  testFilms,
  testPositives,
  testPatients,
});

test('one number where cells agree, a range where they differ, nouns that agree', () => {
  expect(filmWords([cell(178, 54, 120), cell(178, 54, 120)])).toBe(
    '178 test films, 54 positive, of 120 patients',
  );
  expect(filmWords([cell(1, 0, 1)])).toBe('1 test film, 0 positive, of 1 patient');
  expect(filmWords([cell(900, 54, 120), cell(1200, 60, 120)])).toBe(
    '900 to 1\u202f200 test films, 54 to 60 positive, of 120 patients',
  );
});
