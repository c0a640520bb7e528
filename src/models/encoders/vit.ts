/**
 * Vision transformers. Dosovitskiy et al., An Image is Worth 16x16 Words, 2020, https://arxiv.org/abs/2010.11929; weights named as in
 * timm's VisionTransformer. With LayerScale it has the shape of DINOv2's encoders (https://arxiv.org/abs/2304.07193).
 */
import * as tf from '@tensorflow/tfjs-core';
import { gatherTokens } from '../../kernels/embedding.ts';
import { linear } from '../../kernels/matmul/linear.ts';
import type { Random } from '../../random/random.ts';
import { imageEncoderFacts } from '../encoder-facts.ts';
import { completeSettings } from '../field.ts';
import type { ImageEncoder, ImageEncoderEntry } from '../encoder.ts';
import { buildSelfAttention } from '../layers/attention.ts';
import { pytorchUniform } from '../layers/initializers.ts';
import { buildLayerNorm, buildPreNorm } from '../layers/layer-norm.ts';
import { buildLayerScale } from '../layers/layer-scale.ts';
import { buildMlp } from '../layers/mlp.ts';
import { buildPrefixTokens, prefixCount, type PrefixTokens } from '../layers/prefix-tokens.ts';
import { ParameterScope } from '../parameter-scope.ts';
import { recomputedBlock } from '../recompute.ts';

/** The shape of a vision transformer. */
export interface VisionTransformerConfig extends PrefixTokens {
  /** Side of the films in px, a multiple of the patch. */
  readonly side: number;
  /** Side of a patch in px. */
  readonly patch: number;
  readonly inputChannels: number;
  /** Length of a token, a multiple of the heads. */
  readonly dimensions: number;
  readonly depth: number;
  readonly heads: number;
  /** Hidden width of the perceptrons as a multiple of the dimensions. */
  readonly mlpRatio: number;
  /** First values of LayerScale's gamma; null = no LayerScale. */
  readonly layerScale: number | null;
  /** What an embedding is: the class token or the mean of the patches; 'class' when left out. */
  readonly pooling?: 'class' | 'mean';
  /** Where the last norm stands: 'tokens', over each token before pooling ("norm"); 'pooled', over the embedding ("fc_norm"); 'tokens' when left out. */
  readonly finalNorm?: 'tokens' | 'pooled';
  /** What layer normalisation adds to the variance; 1e-6 when left out. */
  readonly epsilon?: number;
  /** True keeps only the input of each block for the backward pass, which computes the block once more; false when left out. */
  readonly recompute?: boolean;
}

/** An image encoder that also gives its tokens: the class token first, then any registers, then the patches row by row. */
export interface TokenEncoder extends ImageEncoder {
  /** @param films [batch, side, side, inputChannels]. @returns [batch, 1 + registers + patches, dimensions], after the last norm of tokens */
  tokens(films: tf.Tensor4D): tf.Tensor3D;
}

/** A block over [batch, tokens, dimensions]. */
export type Block = (x: tf.Tensor3D) => tf.Tensor3D;

const usualEpsilon = 1e-6;

/** The shape of one block. */
export type BlockConfig = Pick<
  VisionTransformerConfig,
  'dimensions' | 'heads' | 'mlpRatio' | 'layerScale' | 'epsilon'
>;

/** Builds a vision transformer. @throws RangeError when sizes do not divide, or there is no class token to be the embedding. */
export function buildVisionTransformer(config: VisionTransformerConfig, random: Random): TokenEncoder {
  const { side, patch, dimensions, heads, depth } = config;
  if (side % patch !== 0) {
    throw new RangeError(`vit: a film's side must be a multiple of the patch ${patch} px, got ${side} px`);
  }
  if (dimensions % heads !== 0) {
    throw new RangeError(`vit: dimensions must be a multiple of the ${heads} heads, got ${dimensions}`);
  }
  const { pooling = 'class', finalNorm = 'tokens', epsilon = usualEpsilon } = config;
  if (pooling === 'class' && config.classToken === false) {
    throw new RangeError('vit: without a class token the embedding must be the mean of the patches');
  }
  const scope = new ParameterScope(random);
  const embed = buildTokenEmbedding(scope, config);
  const blocks = Array.from({ length: depth }, (_, i) => {
    const build = (): Block => buildTransformerBlock(scope.within('blocks').within(i), config);
    return config.recompute ? recomputedBlock(scope, build) : build();
  });
  const ofTokens = finalNorm === 'tokens';
  const normalise = buildLayerNorm(scope.within(ofTokens ? 'norm' : 'fc_norm'), dimensions, epsilon);
  const encode = (embedded: tf.Tensor3D): tf.Tensor3D => {
    const encoded = blocks.reduce((x, block) => block(x), embedded);
    return ofTokens ? normalise(encoded) : encoded;
  };
  const tokens = (films: tf.Tensor4D): tf.Tensor3D => encode(embed(films));
  return {
    dimensions,
    variables: scope.variables,
    tokens,
    patches: {
      patch,
      count: (side / patch) ** 2,
      prefix: prefixCount(config),
      encode: (films, places) => encode(gatherTokens(embed(films), places)),
    },
    forward: (films) => {
      const pooled = poolTokens(tokens(films), pooling, prefixCount(config));
      return ofTokens ? pooled : normalise(pooled);
    },
    dispose: () => scope.dispose(),
  };
}

/** The class token, or the mean of the patches. @returns [batch, dimensions] */
function poolTokens(tokens: tf.Tensor3D, pooling: 'class' | 'mean', prefix: number): tf.Tensor2D {
  const [batch, , dimensions] = tokens.shape;
  if (pooling === 'mean') return tf.mean(tf.slice(tokens, [0, prefix, 0]), 1);
  return tf.reshape(tf.slice(tokens, [0, 0, 0], [-1, 1, -1]), [batch, dimensions]);
}

/**
 * Class token, registers and patches, with their learned positions, and "patch_embed.proj". Films of another side than the encoder's are read
 * with resampled positions.
 */
function buildTokenEmbedding(
  scope: ParameterScope,
  config: VisionTransformerConfig,
): (films: tf.Tensor4D) => tf.Tensor3D {
  const { side, patch, inputChannels, dimensions } = config;
  const pixels = patch * patch * inputChannels;
  const withPrefix = buildPrefixTokens(scope, config, (side / patch) ** 2, dimensions);
  const projection = scope.within('patch_embed').within('proj');
  const weight = projection.weight(
    'weight',
    [patch, patch, inputChannels, dimensions],
    pytorchUniform(pixels),
    { decay: true, layout: 'convolution' },
  );
  const bias = projection.weight('bias', [dimensions], pytorchUniform(pixels));
  return (films) => {
    const map = { weight: tf.reshape(weight, [pixels, dimensions]), bias };
    const patches = linear(toPatches(films, patch), map) as tf.Tensor3D;
    return withPrefix(patches);
  };
}

/**
 * Cuts films into patches: a convolution whose stride is its size is a product with these.
 * @param films [batch, side, side, channels]
 * @returns [batch, patches, patch · patch · channels], patches row by row, pixels of a patch row by row
 */
export function toPatches(films: tf.Tensor4D, patch: number): tf.Tensor3D {
  const [batch, height, width, channels] = films.shape;
  const [rows, columns] = [height / patch, width / patch];
  const strips = tf.reshape(films, [batch * rows, patch, columns, patch * channels]);
  return tf.reshape(tf.transpose(strips, [0, 2, 1, 3]), [batch, rows * columns, patch * patch * channels]);
}

/** A pre-norm block: x + ls1(attn(norm1(x))), then x + ls2(mlp(norm2(x))). */
export function buildTransformerBlock(
  scope: ParameterScope,
  { dimensions, heads, mlpRatio, layerScale, epsilon = usualEpsilon }: BlockConfig,
): Block {
  const scale = (name: string): ((x: tf.Tensor3D) => tf.Tensor3D) | null =>
    layerScale === null ? null : buildLayerScale(scope.within(name), dimensions, layerScale);
  const norm1 = buildPreNorm(scope.within('norm1'), dimensions, epsilon);
  const attention = buildSelfAttention(scope.within('attn'), dimensions, heads);
  const scale1 = scale('ls1');
  const norm2 = buildPreNorm(scope.within('norm2'), dimensions, epsilon);
  const mlp = buildMlp(scope.within('mlp'), dimensions, Math.round(dimensions * mlpRatio));
  const scale2 = scale('ls2');
  return (x) => {
    const [normal1, skip1] = norm1(x);
    const attended = scale1
      ? tf.add<tf.Tensor3D>(skip1, scale1(attention(normal1)))
      : attention(normal1, skip1);
    const [normal2, skip2] = norm2(attended);
    return scale2 ? tf.add(skip2, scale2(mlp(normal2))) : mlp(normal2, skip2);
  };
}

const fields = [
  {
    name: 'dimensions',
    label: 'Length of a token',
    unit: 'dimensions',
    low: 16,
    high: 384,
    step: 16,
    value: 64,
    why: 'ViT-Small has 384; 64 trains in minutes on small films.',
  },
  {
    name: 'depth',
    label: 'Transformer blocks',
    unit: 'blocks',
    low: 1,
    high: 12,
    step: 1,
    value: 3,
    why: 'ViT-Small has 12; a few suffice for small films and small cohorts.',
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
  {
    name: 'patch',
    label: 'Side of a patch',
    unit: 'px',
    low: 4,
    high: 32,
    step: 1,
    value: 8,
    why: 'An eighth of a film of 64 px: 64 patches. The film must be a multiple of it.',
  },
] as const;

/** Vision transformer for training from scratch. */
export const vit: ImageEncoderEntry = {
  name: 'vit',
  ...imageEncoderFacts.vit,
  label: 'Vision transformer',
  paper: 'https://arxiv.org/abs/2010.11929',
  fields,
  smoke: { dimensions: 16, depth: 1, heads: 2, patch: 8 },
  build(settings, side, random) {
    const complete = completeSettings('vit', fields, settings);
    return buildVisionTransformer(
      { ...complete, side, inputChannels: 1, mlpRatio: 4, layerScale: null },
      random,
    );
  },
};
