/** The vocabulary of a text graph: what is read, and which entry is named where it is another. */
import { describe, expect, it } from 'vitest';
import { parsePieces } from '../../../src/models/imported/pieces-file.ts';

const reserved = ['�', '<s>', '</s>', '1', '2', '3'].map((piece) => [piece, 0]);
const parse = (value: unknown) => parsePieces(JSON.stringify(value), 'vocab.json');

describe('parsePieces', () => {
  it('gives pieces by id; a lost score counts as 0', () => {
    expect(parse([...reserved, ['▁the', -3.5], [':', null]]).slice(6)).toEqual([
      ['▁the', -3.5],
      [':', 0],
    ]);
  });

  it.each<[string, unknown, RegExp]>([
    ['a list of tokens', ['[PAD]', ...reserved], /entry 1 of 7: expected a piece with its score.*"\[PAD\]"/],
    ['tokens with ids', { '[PAD]': 0 }, /is not the vocabulary of a text graph.*a list of pieces/],
    ['a piece without text', [...reserved, ['', -1]], /entry 7 of 7/],
    ['a score in words', [...reserved, ['a', -1], ['b', '-2']], /entry 8 of 8.*there is \["b","-2"\]/],
    ['a third part', [...reserved, ['a', -1, 7]], /entry 7 of 7/],
    ['reserved entries alone', reserved, /has 6 entries.*no pieces/],
  ])('refuses %s', (_words, value, sentence) => {
    expect(() => parse(value)).toThrow(sentence);
    expect(() => parse(value)).toThrow(/vocab\.json that lies in the model’s folder/);
  });

  it('refuses lines of tokens', () => {
    expect(() => parsePieces('[PAD]\n[UNK]', 'vocab.txt')).toThrow(
      /^vocab\.txt is not JSON[^]*a list of pieces/,
    );
  });
});
