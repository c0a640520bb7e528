/**
 * The gradients of group normalisation on WebGPU, the residual's and the ReLU's included: one dispatch, and the sums over the batch.
 *
 * With x̂ = (x − μ)/σ and d = dL/dy where the ReLU let y through:
 *   dL/dγ = Σ d·x̂,  dL/dβ = Σ d,  dL/dx = (γ·d − mean(γ·d) − x̂·mean(γ·d·x̂)) / σ,  means over each group of each film
 */
import * as tf from '@tensorflow/tfjs-core';
import { asTensor, dispatch, emptyTensor, release } from '../tensors/webgpu-dispatch.ts';
import {
  givesResidual,
  groupNormBackwardShader,
  groupNormGrid,
  type GroupNormSizes,
} from './group-norm-shader.ts';
import { sumSplits } from './reduce.ts';

/**
 * Gradients with respect to x, gamma, beta and, where there is one, the residual.
 * @param saved x, gamma, statistics [batch, 2, channels] and, with a ReLU, y
 */
export function groupNormBackward(
  dy: tf.Tensor,
  saved: readonly tf.Tensor[],
  sizes: GroupNormSizes,
): tf.Tensor[] {
  const [x, gamma, statistics, y] = saved;
  const { batch, channels } = sizes;
  const dx = emptyTensor(x!.shape);
  const [stretchBy, shift] = [emptyTensor([batch, channels]), emptyTensor([batch, channels])];
  const dResidual = givesResidual(sizes) ? emptyTensor(x!.shape) : null;
  dispatch(
    { key: `groupNorm gradient ${JSON.stringify(sizes)}`, code: () => groupNormBackwardShader(sizes) },
    [x!, dy, gamma!, statistics!, dx, stretchBy, shift, ...(y ? [y] : []), ...(dResidual ? [dResidual] : [])],
    groupNormGrid(sizes),
  );
  const sums = [stretchBy, shift].map((parts) => {
    const sum = asTensor(sumSplits(parts, batch, [channels]));
    release(parts);
    return sum;
  });
  const residual = sizes.residual ? [dResidual ? asTensor(dResidual) : tf.clone(dy)] : [];
  return [asTensor(dx), ...sums, ...residual];
}
