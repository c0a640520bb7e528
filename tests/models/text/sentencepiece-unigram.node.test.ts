/**
 * The unigram tokenizer: cuts worked out by hand, all cuts of short texts tried one by one, what is joined again, and the ids that the
 * published tokenizer of the lite Universal Sentence Encoder gives.
 */
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePieces } from '../../../src/models/imported/pieces-file.ts';
import {
  buildUnigramTokenizer,
  normalisePieces,
  type ScoredPiece,
} from '../../../src/models/text/sentencepiece-unigram.ts';
import { textEncoderFile } from '../../../src/cli/reference-files.ts';

const reserved: readonly ScoredPiece[] = ['�', '<s>', '</s>', 'x', 'y', 'z'].map((piece) => [piece, 0]);

function tokenizerOf(pieces: Readonly<Record<string, number>>) {
  return buildUnigramTokenizer([...reserved, ...Object.entries(pieces)]);
}

describe('normalisePieces', () => {
  it.each([
    ['Heart size', '▁Heart▁size'],
    ['  Heart\n\n size\t', '▁Heart▁size'],
    ['ﬁlm ½ ２', '▁film▁1⁄2▁2'],
    [' \n', ''],
    ['', ''],
  ])('%j is %j', (text, wanted) => expect(normalisePieces(text)).toBe(wanted));
});

describe('buildUnigramTokenizer', () => {
  it('takes the cut whose scores have the highest sum', () => {
    // "▁ab": ▁ + ab = −1 − 4, ▁a + b = −3 − 1, ▁ + a + b = −1 − 2 − 1, of which the last two are equal: the shorter last piece is no
    // difference, the shorter one before it is.
    const { encode, split } = tokenizerOf({ '▁': -1, a: -2.5, b: -1, ab: -4, '▁a': -3 });
    expect(encode('ab')).toEqual([10, 8]);
    expect(split('ab b')).toEqual([
      { text: '▁a', id: 10 },
      { text: 'b', id: 8 },
      { text: '▁', id: 6 },
      { text: 'b', id: 8 },
    ]);
  });

  it('takes the way with the shorter last piece among equals', () => {
    expect(tokenizerOf({ '▁': -1, a: -1, '▁a': -2 }).encode('a')).toEqual([6, 7]);
  });

  it('of equal pieces counts the last', () => {
    const { encode } = buildUnigramTokenizer([...reserved, ['▁', -1], ['a', -1], ['a', -9]]);
    expect(encode('a')).toEqual([6, 8]);
  });

  it('never cuts into reserved entries', () => {
    expect(tokenizerOf({ '▁': -1, '<': -9, s: -9, '>': -9 }).encode('<s>')).toEqual([6, 7, 8, 9]);
    expect(tokenizerOf({ '▁': -1 }).encode('x�')).toEqual([6, 0]);
  });

  it('joins a run of unknown characters to one, and keeps runs apart', () => {
    const { encode, split } = tokenizerOf({ '▁': -1, a: -1 });
    expect(encode('胸部a胸 部')).toEqual([6, 0, 7, 0, 6, 0]);
    expect(split('😀😀a').map(({ text }) => text)).toEqual(['▁', '😀😀', 'a']);
  });

  it('takes an unknown character only where no piece fits', () => {
    // "c" stands in "bc" alone.
    const { encode } = tokenizerOf({ '▁': -1, a: -1, b: -1, bc: -30 });
    expect(encode('abc')).toEqual([6, 7, 9]);
    expect(encode('cb')).toEqual([6, 0, 8]);
  });

  it('has no pieces for a text without characters', () => {
    expect(tokenizerOf({ '▁': -1 }).encode(' \n')).toEqual([]);
  });

  it('its parts joined are the normalised text, whatever the text', () => {
    const { split } = tokenizerOf({ '▁': -2, a: -3, e: -3, 'e.': -4, '▁the': -4, th: -5 });
    const words = fc.array(fc.constantFrom('a', 'e.', 'the', ' ', '\n', '胸', '﷽', '😀', 'th'));
    fc.assert(
      fc.property(
        fc.oneof(
          words.map((parts) => parts.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          expect(
            split(text)
              .map((part) => part.text)
              .join(''),
          ).toBe(normalisePieces(text));
        },
      ),
    );
  });

  it('finds the best of all cuts', () => {
    const pieces = fc.uniqueArray(
      fc.tuple(
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', '▁'), minLength: 1, maxLength: 3 }),
        fc.double({ min: -12, max: -0.5, noNaN: true }),
      ),
      { selector: ([piece]) => piece, minLength: 1, maxLength: 12 },
    );
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 9 });
    fc.assert(
      fc.property(pieces, texts, (vocabulary, text) => {
        const { split } = buildUnigramTokenizer([...reserved, ...vocabulary]);
        const scores = new Map(vocabulary);
        const unknown = Math.min(...scores.values()) - 10;
        // A run of unknown characters is as many as it has characters.
        const sum = split(text).reduce(
          (total, part) => total + (part.id === 0 ? unknown * part.text.length : scores.get(part.text)!),
          0,
        );
        expect(sum).toBeCloseTo(bestOfAll(normalisePieces(text), scores, unknown), 9);
      }),
      { numRuns: 300 },
    );
  });
});

/** The highest sum over all cuts of a text, by trying each. */
function bestOfAll(text: string, scores: ReadonlyMap<string, number>, unknown: number): number {
  if (text === '') return 0;
  let best = -Infinity;
  for (let length = 1; length <= text.length; length++) {
    const score = scores.get(text.slice(0, length)) ?? (length === 1 ? unknown : null);
    if (score !== null) best = Math.max(best, score + bestOfAll(text.slice(length), scores, unknown));
  }
  return best;
}

const vocabularyFile = textEncoderFile('use-lite/vocab.json');

// The published vocabulary lies beside the repository where it was fetched, and nowhere else.
describe.skipIf(!existsSync(vocabularyFile))('the published vocabulary', () => {
  it('gives the ids that its own tokenizer gives', () => {
    const { encode, split } = buildUnigramTokenizer(
      parsePieces(readFileSync(vocabularyFile, 'utf8'), 'vocab.json'),
    );
    // From the README of @tensorflow-models/universal-sentence-encoder 1.3.3.
    expect(encode('Hello, how are you?')).toEqual([341, 4125, 8, 140, 31, 19, 54]);
    expect(
      split('No focal consolidation: clear.')
        .map(({ text }) => text)
        .join(''),
    ).toBe('▁No▁focal▁consolidation:▁clear.');
  });
});
