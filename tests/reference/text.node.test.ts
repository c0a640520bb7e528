/**
 * Text processing against golden numbers of Hugging Face's tokenizers and of scikit-learn (see data/README.md).
 */
import { describe, expect, it } from 'vitest';
import { buildTokenizer } from '../../src/cohort/tokenizer.ts';
import { fitTfidf, tfidfDefaults, type TfidfOptions } from '../../src/models/text/tfidf-vectorizer.ts';
import { excess, readReference, readReferenceBytes, type ReferenceArray } from './reference.ts';

const wordpiece = await readReference('text/wordpiece.json');
const vocabulary = new TextDecoder()
  .decode(await readReferenceBytes('text/vocab.txt'))
  .replace(/\n$/, '')
  .split('\n');

describe('WordPiece tokenizer', () => {
  const tokenizer = buildTokenizer(vocabulary);
  for (const { name, kind, args, inputs, expected } of wordpiece.cases) {
    it(`${kind} ${name}`, () => {
      const { max_length: maxLength } = args as { max_length?: number };
      const given = inputs as { text?: string; texts?: string[]; pair?: string };
      const wanted = expected as Record<string, ReferenceArray>;
      if (kind === 'tokenize') {
        const text = given.text!;
        expect(['[CLS]', ...tokenizer.tokenize(text), '[SEP]']).toEqual(expected['tokens']);
        const encoding = tokenizer.encode(text);
        expect(encoding.ids).toEqual(wanted['ids']!.data);
        expect(encoding.tokenTypeIds).toEqual(wanted['token_type_ids']!.data);
        return;
      }
      const pair = given.pair;
      const encodings = (given.texts ?? [given.text!]).map((text) =>
        tokenizer.encode(text, {
          maxLength: maxLength!,
          pad: kind === 'tokenize_batch',
          ...(pair === undefined ? {} : { pair }),
        }),
      );
      expect(encodings.flatMap((encoding) => encoding.ids)).toEqual(wanted['input_ids']!.data);
      expect(encodings.flatMap((encoding) => encoding.tokenTypeIds)).toEqual(wanted['token_type_ids']!.data);
      expect(encodings.flatMap((encoding) => encoding.attentionMask)).toEqual(wanted['attention_mask']!.data);
    });
  }
});

const tfidf = await readReference('text/tfidf.json');

/** scikit-learn's arguments as ours; an argument that is not known here fails the test. */
function toOptions(args: Record<string, unknown>): TfidfOptions {
  const { ngram_range, sublinear_tf, norm, min_df, max_df, stop_words, max_features, ...rest } = args;
  expect(Object.keys(rest)).toEqual([]);
  return {
    ngramRange: (ngram_range as [number, number] | undefined) ?? tfidfDefaults.ngramRange,
    sublinear: (sublinear_tf as boolean | undefined) ?? tfidfDefaults.sublinear,
    norm: norm === 'l2' || norm === undefined ? 'l2' : 'none',
    minimumDocuments: (min_df as number | undefined) ?? tfidfDefaults.minimumDocuments,
    maximumShare: (max_df as number | undefined) ?? tfidfDefaults.maximumShare,
    stopWords: (stop_words as string[] | undefined) ?? tfidfDefaults.stopWords,
    maximumTerms: (max_features as number | undefined) ?? tfidfDefaults.maximumTerms,
  };
}

describe('TF-IDF', () => {
  for (const { name, args, inputs, expected, tolerance } of tfidf.cases) {
    it(name, () => {
      const { documents, new_documents } = inputs as unknown as {
        documents: string[];
        new_documents: string[];
      };
      const wanted = expected as unknown as {
        vocabulary: string[];
        idf: ReferenceArray;
        matrix: ReferenceArray;
        matrix_of_new_documents: ReferenceArray;
      };
      const { atol, rtol } = tolerance!;
      const vectorizer = fitTfidf(documents, toOptions(args));
      const matrix = (texts: string[]): number[] => texts.flatMap((text) => [...vectorizer.transform(text)]);
      expect(vectorizer.terms).toEqual(wanted.vocabulary);
      expect(excess(vectorizer.idf, wanted.idf, atol, rtol)).toBeLessThanOrEqual(0);
      expect(excess(matrix(documents), wanted.matrix, atol, rtol)).toBeLessThanOrEqual(0);
      expect(excess(matrix(new_documents), wanted.matrix_of_new_documents, atol, rtol)).toBeLessThanOrEqual(
        0,
      );
    });
  }
});
