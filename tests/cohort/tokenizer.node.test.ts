/**
 * Rules of the tokenizer on a vocabulary small enough to work out by hand; see tests/reference/text for BERT's own.
 */
import { describe, expect, it } from 'vitest';
import { basicTokenize, buildTokenizer } from '../../src/cohort/tokenizer.ts';

const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'heart', 'no', '##mal', 'nor', ','];
const tokenizer = buildTokenizer(vocabulary);

describe('basicTokenize', () => {
  it.each([
    ['lower case, accents off', 'Épanchement LÉGER', ['epanchement', 'leger']],
    ['punctuation alone', 'a/b$c', ['a', '/', 'b', '$', 'c']],
    ['control and invisible characters out', 'he\u0000ar\u200bt\u0007 x', ['heart', 'x']],
    ['white space of all kinds', 'a\u00a0b\u3000c\r\nd', ['a', 'b', 'c', 'd']],
    ['ideographs alone', '胸部X', ['胸', '部', 'x']],
    ['a sigma stays the same letter at the end', 'ΣΑΣ', ['σασ']],
    ['nothing', '  ', []],
  ])('%s', (_what, text, words) => {
    expect(basicTokenize(text)).toEqual(words);
  });
});

describe('buildTokenizer', () => {
  it('leaves capitals and accents to a vocabulary that tells them apart', () => {
    const cased = buildTokenizer([...vocabulary, 'Heart', 'Légère'], { cased: true });
    expect(cased.tokenize('Heart heart,HEART Légère')).toEqual(['Heart', 'heart', ',', '[UNK]', 'Légère']);
    expect(basicTokenize('Épanchement\u0000 (Léger)', true)).toEqual(['Épanchement', '(', 'Léger', ')']);
  });

  it('takes the longest piece first and gives up a word that it cannot finish', () => {
    expect(tokenizer.tokenize('Heart normal, norx')).toEqual(['heart', 'nor', '##mal', ',', '[UNK]']);
  });

  it('knows special tokens in a text, in capitals only', () => {
    expect(tokenizer.tokenize('no[MASK]heart')).toEqual(['no', '[MASK]', 'heart']);
    expect(tokenizer.tokenize('[mask]')).not.toContain('[MASK]');
  });

  it('cuts and fills to a length', () => {
    expect(tokenizer.encode('no heart, no', { maxLength: 4, pad: true })).toEqual({
      ids: [2, 6, 5, 3],
      tokenTypeIds: [0, 0, 0, 0],
      attentionMask: [1, 1, 1, 1],
    });
    expect(tokenizer.encode('no', { maxLength: 5, pad: true })).toEqual({
      ids: [2, 6, 3, 0, 0],
      tokenTypeIds: [0, 0, 0, 0, 0],
      attentionMask: [1, 1, 1, 0, 0],
    });
  });

  it('cuts the longer text of a pair first', () => {
    const types = (text: string, pair: string, maxLength: number): number[] => [
      ...tokenizer.encode(text, { pair, maxLength }).tokenTypeIds,
    ];
    expect(types('no no no no', 'heart', 6)).toEqual([0, 0, 0, 0, 1, 1]); // [CLS] no no [SEP] heart [SEP]
    expect(types('heart', 'no no no no', 6)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(types('no no no', 'heart heart', 5)).toEqual([0, 0, 0, 1, 1]); // one each
  });

  it('refuses a vocabulary without special tokens or with a token twice', () => {
    expect(() => buildTokenizer(['heart'])).toThrow(/\[PAD\]/);
    expect(() => buildTokenizer([...vocabulary, 'heart'])).toThrow(/twice/);
  });

  it('refuses a length that the special tokens alone exceed', () => {
    expect(() => tokenizer.encode('no', { maxLength: 1 })).toThrow(RangeError);
  });
});
