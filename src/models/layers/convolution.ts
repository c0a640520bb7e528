/**
 * Two-dimensional convolution without bias, as it stands before a normalisation.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ParameterScope } from '../parameter-scope.ts';
import { kaimingNormal } from './initializers.ts';

/** Size and stride in px; padding is size / 2 rounded down, as in PyTorch's networks. */
export interface ConvolutionShape {
  readonly inputs: number;
  readonly outputs: number;
  readonly size: number;
  readonly stride: number;
}

/**
 * Builds "weight" [size, size, inputs, outputs], Kaiming normal over the fan out (as ResNets start in torchvision and timm).
 * @returns the map from [batch, height, width, inputs] to [batch, ⌈height/stride⌉, ⌈width/stride⌉, outputs] for odd sizes
 */
export function buildConvolution(
  scope: ParameterScope,
  { inputs, outputs, size, stride }: ConvolutionShape,
): (x: tf.Tensor4D) => tf.Tensor4D {
  const weight = scope.weight('weight', [size, size, inputs, outputs], kaimingNormal(size * size * outputs), {
    decay: true,
    layout: 'convolution',
  });
  return (x) => tf.conv2d(x, weight as tf.Tensor4D, stride, Math.floor(size / 2));
}
