/**
 * Reports through a small BERT trained from scratch, its WordPiece vocabulary learned from the training reports.
 */
import * as tf from '@tensorflow/tfjs-core';
import { buildTokenizer, specialTokens } from '../../cohort/tokenizer.ts';
import { InputError } from '../../errors.ts';
import { textEncoderFacts } from '../encoder-facts.ts';
import { completeSettings } from '../field.ts';
import type { TextEncoderEntry } from '../encoder.ts';
import { ParameterScope } from '../parameter-scope.ts';
import { buildBert, type BertConfig } from './bert.ts';
import { learnWordPieceVocabulary } from './wordpiece-vocabulary.ts';

const fields = [
  {
    name: 'vocabularySize',
    label: 'Pieces of words at most',
    unit: 'tokens',
    low: 50,
    high: 30000,
    step: 50,
    value: 1000,
    why: 'Radiology is written with few words; BERT has 30,522 for all of English.',
  },
  {
    name: 'maxLength',
    label: 'Tokens of a report that are read',
    unit: 'tokens',
    low: 8,
    high: 512,
    step: 8,
    value: 96,
    why: 'Most reports fit; time and memory grow with the square of it.',
  },
  {
    name: 'dimensions',
    label: 'Length of a token',
    unit: 'dimensions',
    low: 16,
    high: 384,
    step: 16,
    value: 64,
    why: 'BERT has 768; hundreds of reports cannot train that.',
  },
  {
    name: 'depth',
    label: 'Transformer layers',
    unit: 'layers',
    low: 1,
    high: 6,
    step: 1,
    value: 2,
    why: 'BERT has 12; two read negations, which is what words alone miss.',
  },
  {
    name: 'heads',
    label: 'Attention heads',
    unit: 'heads',
    low: 1,
    high: 8,
    step: 1,
    value: 4,
    why: 'Heads of 16 dimensions at the default token length; the length must be a multiple of the heads.',
  },
] as const;

/** A small transformer over WordPiece tokens; embeddings are the mean of its last hidden states over a report's tokens. */
export const textTransformer: TextEncoderEntry = {
  name: 'textTransformer',
  ...textEncoderFacts.textTransformer,
  label: 'Text transformer',
  paper: 'https://arxiv.org/abs/1810.04805',
  fields,
  smoke: { vocabularySize: 80, maxLength: 16, dimensions: 16, depth: 1, heads: 2 },
  fit(trainingReports, settings) {
    const { vocabularySize, maxLength } = completeSettings('textTransformer', fields, settings);
    const vocabulary = learnWordPieceVocabulary(trainingReports, vocabularySize);
    if (vocabulary.length === Object.keys(specialTokens).length) {
      throw new InputError(
        `None of the ${trainingReports.length} training reports has a character that occurs twice. Check the report column.`,
      );
    }
    const tokenizer = buildTokenizer(vocabulary);
    return {
      width: maxLength,
      dtype: 'int32',
      encode: (report) => Int32Array.from(tokenizer.encode(report, { maxLength, pad: true }).ids),
      named: null,
      vocabulary,
    };
  },
  build(fitted, settings, random) {
    const { dimensions, depth, heads } = completeSettings('textTransformer', fields, settings);
    if (!fitted.vocabulary) throw new RangeError('textTransformer: fitted without a vocabulary');
    const config: BertConfig = {
      vocabularySize: fitted.vocabulary.length,
      dimensions,
      depth,
      heads,
      intermediate: 4 * dimensions,
      maxLength: fitted.width,
      tokenTypes: 1,
      pooler: false,
    };
    const scope = new ParameterScope(random);
    const bert = buildBert(scope, config);
    const padding = fitted.vocabulary.indexOf(specialTokens.padding);
    return {
      dimensions,
      variables: scope.variables,
      tokens: {
        words: bert.words.table,
        hidden: (ids) => bert.hidden({ ids, mask: tokenMask(ids, padding), typeIds: null }),
      },
      forward: (ids) => {
        const mask = tokenMask(ids, padding);
        return meanOverTokens(bert.hidden({ ids, mask, typeIds: null }), mask);
      },
      dispose: () => scope.dispose(),
    };
  },
};

/** 1 on tokens, 0 on padding. @param ids int32 [batch, tokens]. @returns int32 [batch, tokens] */
export function tokenMask(ids: tf.Tensor2D, padding: number): tf.Tensor2D {
  return tf.cast(tf.notEqual(ids, padding), 'int32');
}

/**
 * The mean over a text's own tokens.
 * @param hidden [batch, tokens, dimensions]
 * @param mask [batch, tokens], 1 on tokens, 0 on padding; each row has at least one token.
 * @returns [batch, dimensions]
 */
export function meanOverTokens(hidden: tf.Tensor3D, mask: tf.Tensor2D): tf.Tensor2D {
  const weights = tf.cast(mask, 'float32');
  const shares = tf.div(weights, tf.sum(weights, 1, true)); // [batch, tokens]
  return tf.sum(tf.mul(hidden, tf.expandDims(shares, 2)), 1);
}
