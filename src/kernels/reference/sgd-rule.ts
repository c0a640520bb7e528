/**
 * How stochastic gradient descent changes a weight.
 *
 *   g ← g + λ·w;  velocity ← μ·velocity + g;  w ← w − η · velocity, or with Nesterov's look ahead w − η · (g + μ·velocity)
 *
 * I. Sutskever, J. Martens, G. Dahl, G. Hinton, "On the importance of initialization and momentum in deep learning", ICML 2013,
 * section 2, with the learning rate outside the velocity.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { UpdateRule } from '../optimizer/flat-update.ts';

/** The scalars in the order in which the rule reads them: [3]. */
export function sgdNumbers(learningRate: number, weightDecay: number, momentum: number): Float32Array {
  return Float32Array.of(learningRate, weightDecay, momentum);
}

/** The rule; its slot is the velocity, where there is momentum. */
export function sgdRule(hasMomentum: boolean, nesterov: boolean): UpdateRule {
  const direction = !hasMomentum ? 'g' : nesterov ? '(g + scalars[2] * s0)' : 's0';
  return {
    key: `sgd ${hasMomentum} ${nesterov}`,
    slots: hasMomentum ? 1 : 0,
    wgsl: `g += scalars[1] * decay * p;
${hasMomentum ? 's0 = scalars[2] * s0 + g;' : ''}
p -= scalars[0] * ${direction};`,
    composed({ p, g, slots, decay, scalar }) {
      const [rate, weightDecay, momentum] = [scalar(0), scalar(1), scalar(2)];
      const gradient = tf.add(g, tf.mul(tf.mul(weightDecay, decay), p));
      const velocity = hasMomentum ? tf.add(tf.mul(momentum, slots[0]!), gradient) : gradient;
      const step = hasMomentum && nesterov ? tf.add(gradient, tf.mul(momentum, velocity)) : velocity;
      const after = tf.sub<tf.Tensor1D>(p, tf.mul(rate, step));
      return { p: after, slots: hasMomentum ? [velocity as tf.Tensor1D] : [] };
    },
  };
}
