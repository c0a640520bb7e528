/**
 * BERT's masked-language-model head: a dense layer, GELU, layer normalisation, and a decoder tied to the word embeddings.
 * Names as in the BertForMaskedLM of Hugging Face's transformers.
 */
import * as tf from '@tensorflow/tfjs-core';
import { constant } from '../layers/initializers.ts';
import { buildLayerNorm } from '../layers/layer-norm.ts';
import { buildLinear } from '../layers/linear.ts';
import type { ParameterScope } from '../parameter-scope.ts';
import { bertEpsilon, type BertConfig } from './bert.ts';

/**
 * Builds "cls.predictions" for a table of word embeddings [vocabularySize, dimensions], to which the decoder is tied.
 * @returns the map from hidden states [..., dimensions] to logits [..., vocabularySize]
 */
export function buildMaskedLanguageHead(
  scope: ParameterScope,
  words: tf.Variable,
  { dimensions, vocabularySize }: Pick<BertConfig, 'dimensions' | 'vocabularySize'>,
): <T extends tf.Tensor>(hidden: T) => T {
  const predictions = scope.within('cls').within('predictions');
  const transform = predictions.within('transform');
  const dense = buildLinear(transform.within('dense'), dimensions, dimensions, { activation: 'gelu' });
  const normalise = buildLayerNorm(transform.within('LayerNorm'), dimensions, bertEpsilon);
  const bias = predictions.weight('bias', [vocabularySize], constant(0));
  return <T extends tf.Tensor>(hidden: T) => {
    const rows = tf.reshape(normalise(dense(hidden)), [-1, dimensions]);
    const logits = tf.add(tf.matMul(rows, words as tf.Tensor2D, false, true), bias);
    return tf.reshape(logits, [...hidden.shape.slice(0, -1), vocabularySize]) as T;
  };
}
