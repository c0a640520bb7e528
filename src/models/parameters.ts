/**
 * Named weights: the names are those of the papers' reference implementations (timm, transformers), so that checkpoints travel.
 */
import type * as tf from '@tensorflow/tfjs-core';

/** A trainable variable; `decay` tells whether weight decay applies (not to biases and normalisation). */
export interface NamedVariable {
  readonly name: string;
  readonly variable: tf.Variable;
  readonly decay: boolean;
}
