/**
 * Late fusion: g, the teacher's head, on the embeddings of a film and its report side by side.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../random/random.ts';
import { kaimingNormal, normal } from './layers/initializers.ts';
import { buildLinear } from './layers/linear.ts';
import type { NamedVariable } from './parameters.ts';
import { ParameterScope } from './parameter-scope.ts';

/** A head on two embeddings. */
export interface FusionHead {
  readonly variables: readonly NamedVariable[];
  /**
   * @param images [batch, imageDimensions]
   * @param texts [batch, textDimensions]
   * @returns logits [batch, outputs]
   */
  forward(images: tf.Tensor2D, texts: tf.Tensor2D): tf.Tensor2D;
  dispose(): void;
}

/**
 * Builds "fusion.fc1" (both embeddings → hidden, Kaiming) and "fusion.fc2" (hidden → outputs, as small at first as a linear head):
 * logits = fc2(gelu(fc1([image, text]))). Embeddings should have similar scales; otherwise the larger one dominates at first.
 */
export function buildFusionHead(
  imageDimensions: number,
  textDimensions: number,
  hidden: number,
  outputs: number,
  random: Random,
): FusionHead {
  const scope = new ParameterScope(random);
  const inputs = imageDimensions + textDimensions;
  const fusion = scope.within('fusion');
  const fc1 = buildLinear(fusion.within('fc1'), inputs, hidden, {
    weight: kaimingNormal(inputs),
    activation: 'gelu',
  });
  const fc2 = buildLinear(fusion.within('fc2'), hidden, outputs, { weight: normal(0.01) });
  return {
    variables: scope.variables,
    forward: (images, texts) => fc2(fc1(tf.concat([images, texts], 1))),
    dispose: () => scope.dispose(),
  };
}
