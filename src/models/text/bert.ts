/**
 * BERT: a bidirectional transformer over tokens. Devlin et al., 2018, https://arxiv.org/abs/1810.04805; weights named as in the
 * BertModel of Hugging Face's transformers, without dropout.
 */
import * as tf from '@tensorflow/tfjs-core';
import { attention } from '../../kernels/attention.ts';
import { perceptron } from '../../kernels/matmul/linear.ts';
import { buildEmbedding, type Embedding } from '../layers/embedding.ts';
import { buildLayerNorm } from '../layers/layer-norm.ts';
import { buildAffine, buildLinear, type Linear } from '../layers/linear.ts';
import type { ParameterScope } from '../parameter-scope.ts';

/** The shape of a BERT. */
export interface BertConfig {
  readonly vocabularySize: number;
  /** Length of a token's vector, a multiple of the heads. */
  readonly dimensions: number;
  readonly depth: number;
  readonly heads: number;
  /** Hidden width of the perceptrons. */
  readonly intermediate: number;
  /** Tokens of a text at most. */
  readonly maxLength: number;
  /** Kinds of text: 2 where pairs are read. */
  readonly tokenTypes: number;
  /** Whether the pooler (tanh of a linear map of the first token) is built. */
  readonly pooler: boolean;
  /** What layer normalisation adds to the variance; 1e-12 when left out. */
  readonly epsilon?: number;
}

/** Token ids with what belongs to them, each int32 [batch, tokens]. */
export interface BertInput {
  readonly ids: tf.Tensor2D;
  /** 1 on tokens, 0 on padding. */
  readonly mask: tf.Tensor2D;
  /** 0 in the first text, 1 in the second; null = all 0. */
  readonly typeIds: tf.Tensor2D | null;
}

/** A BERT without its weights' owner: the scope that it was built in holds them. */
export interface Bert {
  readonly words: Embedding;
  /** @returns the sum of word, position and type, normalised: [batch, tokens, dimensions] */
  embed(input: BertInput): tf.Tensor3D;
  /** @param mask int32 [batch, tokens], 1 on tokens. @returns what the layers make of embedded tokens [batch, tokens, dimensions] */
  encode(embedded: tf.Tensor3D, mask: tf.Tensor2D): tf.Tensor3D;
  /** @returns the last hidden state [batch, tokens, dimensions] */
  hidden(input: BertInput): tf.Tensor3D;
  /** @returns tanh(W · h_first + b), [batch, dimensions]. @throws RangeError when it was built without a pooler. */
  pool(hidden: tf.Tensor3D): tf.Tensor2D;
}

/** The epsilon of all of BERT's layer normalisations, where its config says nothing else. */
export const bertEpsilon = 1e-12;

/** Builds a BERT's weights in a scope. @throws RangeError when dimensions is no multiple of heads. */
export function buildBert(scope: ParameterScope, config: BertConfig): Bert {
  const { dimensions, heads } = config;
  if (dimensions % heads !== 0) {
    throw new RangeError(`bert: dimensions must be a multiple of the ${heads} heads, got ${dimensions}`);
  }
  const { words, embed } = buildTokenEmbeddings(scope.within('embeddings'), config);
  const layers = scope.within('encoder').within('layer');
  const blocks = Array.from({ length: config.depth }, (_, i) => buildBertLayer(layers.within(i), config));
  const pooler = config.pooler
    ? buildLinear(scope.within('pooler').within('dense'), dimensions, dimensions)
    : null;
  const encode = (embedded: tf.Tensor3D, mask: tf.Tensor2D): tf.Tensor3D =>
    blocks.reduce((x, block) => block(x, mask), embedded);
  return {
    words,
    embed,
    encode,
    hidden: (input) => encode(embed(input), input.mask),
    pool: (hidden) => {
      if (!pooler) throw new RangeError('bert: it was built without a pooler');
      const first = tf.slice(hidden, [0, 0, 0], [-1, 1, -1]);
      return tf.tanh(pooler(tf.reshape(first, [hidden.shape[0], dimensions])));
    },
  };
}

function buildTokenEmbeddings(scope: ParameterScope, config: BertConfig): Pick<Bert, 'words' | 'embed'> {
  const { dimensions, maxLength, epsilon = bertEpsilon } = config;
  const words = buildEmbedding(scope.within('word_embeddings'), config.vocabularySize, dimensions);
  const positions = buildEmbedding(scope.within('position_embeddings'), maxLength, dimensions);
  const types = buildEmbedding(scope.within('token_type_embeddings'), config.tokenTypes, dimensions);
  const normalise = buildLayerNorm(scope.within('LayerNorm'), dimensions, epsilon);
  return {
    words,
    embed: ({ ids, typeIds }) => {
      const tokens = ids.shape[1];
      if (tokens > maxLength) throw new RangeError(`bert: ${tokens} tokens, but at most ${maxLength} fit`);
      const position = tf.slice(positions.table as tf.Tensor2D, [0, 0], [tokens, dimensions]);
      const type = typeIds
        ? types.lookUp(typeIds)
        : tf.slice(types.table as tf.Tensor2D, [0, 0], [1, dimensions]);
      return normalise(tf.add(tf.add(words.lookUp(ids), position), type));
    },
  };
}

/** A post-norm layer: norm(x + attention(x)), then norm(x + perceptron(x)). */
function buildBertLayer(
  scope: ParameterScope,
  { dimensions, heads, intermediate, epsilon = bertEpsilon }: BertConfig,
): (x: tf.Tensor3D, mask: tf.Tensor2D) => tf.Tensor3D {
  const self = scope.within('attention').within('self');
  const [query, key, value] = (['query', 'key', 'value'] as const).map((name) =>
    buildLinear(self.within(name), dimensions, dimensions),
  ) as [Linear, Linear, Linear];
  const output = scope.within('attention').within('output');
  const project = buildLinear(output.within('dense'), dimensions, dimensions);
  const normaliseAttention = buildLayerNorm(output.within('LayerNorm'), dimensions, epsilon);
  const expand = buildAffine(scope.within('intermediate').within('dense'), dimensions, intermediate);
  const contract = buildAffine(scope.within('output').within('dense'), intermediate, dimensions);
  const normaliseOutput = buildLayerNorm(scope.within('output').within('LayerNorm'), dimensions, epsilon);
  return (x, mask) => {
    const y = normaliseAttention(project(attention(query(x), key(x), value(x), heads, mask), x));
    return normaliseOutput(perceptron(y, expand, contract, y) as tf.Tensor3D);
  };
}
