/**
 * BERT's masked-language-model head: a dense layer, GELU, layer normalisation, and a decoder tied to the word embeddings.
 * Names as in the BertForMaskedLM of Hugging Face's transformers.
 */
import * as tf from '@tensorflow/tfjs-core';
import { constant } from '../layers/initializers.ts';
import { buildLayerNorm } from '../layers/layer-norm.ts';
import { buildLinear } from '../layers/linear.ts';
import type { ParameterScope } from '../parameter-scope.ts';
import { bertEpsilon, type Bert, type BertConfig } from './bert.ts';

/**
 * Builds "cls.predictions" for a BERT.
 * @returns the map from hidden states [batch, tokens, dimensions] to logits [batch, tokens, vocabularySize]
 */
export function buildMaskedLanguageHead(
  scope: ParameterScope,
  bert: Bert,
  { dimensions, vocabularySize }: BertConfig,
): (hidden: tf.Tensor3D) => tf.Tensor3D {
  const predictions = scope.within('cls').within('predictions');
  const transform = predictions.within('transform');
  const dense = buildLinear(transform.within('dense'), dimensions, dimensions, { activation: 'gelu' });
  const normalise = buildLayerNorm(transform.within('LayerNorm'), dimensions, bertEpsilon);
  const bias = predictions.weight('bias', [vocabularySize], constant(0));
  return (hidden) => {
    const rows = tf.reshape(normalise(dense(hidden)), [-1, dimensions]);
    const logits = tf.add(tf.matMul(rows, bert.words.table as tf.Tensor2D, false, true), bias);
    return tf.reshape(logits, [hidden.shape[0], hidden.shape[1], vocabularySize]);
  };
}
