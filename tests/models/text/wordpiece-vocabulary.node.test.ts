/**
 * Merges worked out by hand, and what holds for any texts.
 */
import { describe, expect, it } from 'vitest';
import { buildTokenizer, specialTokens } from '../../../src/cohort/tokenizer.ts';
import { learnWordPieceVocabulary } from '../../../src/models/text/wordpiece-vocabulary.ts';

const special: string[] = Object.values(specialTokens);

describe('learnWordPieceVocabulary', () => {
  it('merges the most frequent neighbours first', () => {
    // low ×3, lot ×2: characters l 5, ##o 5, ##w 3, ##t 2; then l+##o (5), lo+##w (3), lo+##t (2)
    expect(learnWordPieceVocabulary(['low low lot', 'lot low'], 100)).toEqual([
      ...special,
      '##o',
      'l',
      '##w',
      '##t',
      'lo',
      'low',
      'lot',
    ]);
  });

  it('stops at its size', () => {
    expect(learnWordPieceVocabulary(['low low lot', 'lot low'], 10)).toHaveLength(10);
  });

  it('merges within a word that repeats the pair', () => {
    // a ##a ##a ##a twice: (##a, ##a) 4, then (##aa, ##a) and (a, ##aa) 2 each, of which the first by code point is merged
    expect(learnWordPieceVocabulary(['aaaa aaaa'], 100)).toEqual([
      ...special,
      '##a',
      'a',
      '##aa',
      '##aaa',
      'aaaa',
    ]);
  });

  it('breaks every word that was seen often enough into known pieces', () => {
    const texts = ['No pleural effusion. No pneumothorax.', 'Large pleural effusion, no pneumothorax.'];
    const tokenizer = buildTokenizer(learnWordPieceVocabulary(texts, 200));
    expect(tokenizer.tokenize('no pleural effusion')).toEqual(['no', 'pleural', 'effusion']);
    expect(tokenizer.tokenize('pneumothorax effusion no')).not.toContain('[UNK]');
  });
});
