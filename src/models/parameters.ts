/**
 * Named weights: the names are those of the papers' reference implementations (timm, transformers), so that checkpoints can be exchanged.
 */
import type * as tf from '@tensorflow/tfjs-core';

/**
 * How a weight lies in memory here, where that differs from PyTorch: a linear weight is [inputs, outputs] here and [outputs, inputs]
 * there; a convolution's is [height, width, inputs, outputs] here and [outputs, inputs, height, width] there.
 */
export type WeightLayout = 'linear' | 'convolution';

/** A trainable variable; `decay` tells whether weight decay applies (not to biases and normalisation). */
export interface NamedVariable {
  readonly name: string;
  readonly variable: tf.Variable;
  readonly decay: boolean;
  /** Absent where the weight lies as in PyTorch. */
  readonly layout?: WeightLayout;
}
