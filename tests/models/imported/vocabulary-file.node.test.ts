/**
 * Vocabularies of people's BERTs: BERT-base-uncased's own vocab.txt beside the tokenisations of transformers (tests/reference/data/text),
 * and small ones in the other forms.
 */
import { describe, expect, it } from 'vitest';
import { buildTokenizer } from '../../../src/cohort/tokenizer.ts';
import { isCased, isVocabularyName, parseVocabulary } from '../../../src/models/imported/vocabulary-file.ts';
import {
  numbers,
  readReference,
  readReferenceBytes,
  type ReferenceArray,
} from '../../reference/reference.ts';

const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

describe('parseVocabulary', () => {
  it('of BERT-base-uncased gives the ids of transformers, as lines, as a list, as an object and as SentencePiece marks', async () => {
    const text = new TextDecoder().decode(await readReferenceBytes('text/vocab.txt'));
    const tokens = parseVocabulary(text, 'vocab.txt');
    expect(tokens).toHaveLength(30522);
    expect(isCased(tokens)).toBe(false);
    const tokenizer = buildTokenizer(tokens);
    const { cases } = await readReference('text/wordpiece.json');
    const tokenised = cases.filter(({ kind }) => kind === 'tokenize');
    expect(tokenised.length).toBeGreaterThan(5);
    for (const { inputs, expected } of tokenised as unknown as TokenisedCase[]) {
      expect(tokenizer.encode(inputs.text).ids, inputs.text).toEqual(numbers(expected.ids));
    }
    expect(parseVocabulary(JSON.stringify(tokens), 'vocab.json')).toEqual(tokens);
    const ids = Object.fromEntries(tokens.map((token, id) => [token, id]));
    expect(parseVocabulary(JSON.stringify(ids), 'vocab.json')).toEqual(tokens);
    const marked = tokens.map((token) => {
      if (token.startsWith('[') && token.endsWith(']') && token.length > 2) return token;
      return token.startsWith('##') && token.length > 2 ? token.slice(2) : `▁${token}`;
    });
    expect(parseVocabulary(JSON.stringify(marked), 'vocab.json')).toEqual(tokens);
  });

  it('reads lines of all systems, and a mark of byte order', () => {
    expect(parseVocabulary(`\uFEFF${special.join('\r\n')}\r\nheart\r\n`, 'vocab.txt')).toEqual([
      ...special,
      'heart',
    ]);
  });

  it.each([
    ['vocab.txt', 'heart\nlung', /2 tokens, but not \[PAD\], \[UNK\], \[CLS\], \[SEP\], \[MASK\]/],
    ['vocab.txt', [...special, 'a', 'b', 'a'].join('\n'), /"a" twice, with the ids 5 and 7/],
    ['vocab.json', '{"[PAD]": 0, "a": 2}', /"a" the id 2; its 2 tokens should have the ids 0 to 1/],
    ['vocab.json', '{"[PAD]": 0, "a": 0}', /"a" the id 0/],
    ['vocab.json', '[["the", -3.5]]', /list of tokens/],
    ['vocab.json', '{', /not JSON/],
  ])('refuses %s with %j', (name, text, sentence) => {
    expect(() => parseVocabulary(text, name)).toThrow(sentence);
  });
});

describe('isCased', () => {
  it('is told by capitals outside of special tokens', () => {
    expect(isCased([...special, 'heart', '##s'])).toBe(false);
    expect(isCased([...special, 'heart', 'Heart'])).toBe(true);
    // BERT-base-uncased to whose vocabulary a few words were added: 500 tokens of small letters, two with capitals.
    const small = Array.from({ length: 500 }, (_, i) => `word${i}`);
    expect(isCased([...special, ...small, 'COVID', 'CheXpert'])).toBe(false);
  });
});

describe('isVocabularyName', () => {
  it('knows the names that vocabularies have', () => {
    const known = ['vocab.txt', 'vocab.json', 'bert-base-uncased-vocab.txt', 'Vocabulary.TXT'];
    expect(known.filter(isVocabularyName)).toEqual(known);
    expect(['config.json', 'tokenizer.json', 'notes.txt', 'vocab.model'].filter(isVocabularyName)).toEqual(
      [],
    );
  });
});

interface TokenisedCase {
  readonly inputs: { readonly text: string };
  readonly expected: { readonly ids: ReferenceArray };
}
