/**
 * How Adam and AdamW change a weight.
 *
 *   AdamW: w ← w − η·λ·w, then Adam's step; Adam: g ← g + λ·w first (L2)
 *   m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  w ← w − η · (m / c₁) / (√(v / c₂) + ε),  cᵢ = 1 − βᵢᵗ
 *
 * D. Kingma, J. Ba, "Adam: a method for stochastic optimization", ICLR 2015, https://arxiv.org/abs/1412.6980, algorithm 1;
 * I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", ICLR 2019, https://arxiv.org/abs/1711.05101, algorithm 2, with the
 * order of PyTorch's torch.optim.AdamW; AMSGrad: S. Reddi, S. Kale, S. Kumar, 2018, https://arxiv.org/abs/1904.09237, algorithm 2.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { UpdateRule } from './flat-update.ts';

/** The step's scalars. */
export interface AdamScalars {
  readonly learningRate: number;
  /** λ; for AdamW per unit of learning rate. */
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** c₁ = 1 − β₁ᵗ at step t = 1, 2, … */
  readonly biasCorrection1: number;
  /** c₂ = 1 − β₂ᵗ */
  readonly biasCorrection2: number;
}

/** The scalars in the order in which the rule reads them: [7]. */
export function adamNumbers(s: AdamScalars): Float32Array {
  const betas = [s.beta1, s.beta2, s.epsilon];
  return Float32Array.of(s.learningRate, s.weightDecay, ...betas, s.biasCorrection1, s.biasCorrection2);
}

/** The step of AdamW on arrays, in place. */
export function adamWReference(
  parameter: Float32Array,
  gradient: Float32Array,
  firstMoment: Float32Array,
  secondMoment: Float32Array,
  s: AdamScalars,
): void {
  for (let i = 0; i < parameter.length; i++) {
    const g = gradient[i]!;
    const m = s.beta1 * firstMoment[i]! + (1 - s.beta1) * g;
    const v = s.beta2 * secondMoment[i]! + (1 - s.beta2) * g * g;
    const decayed = parameter[i]! * (1 - s.learningRate * s.weightDecay);
    firstMoment[i] = m;
    secondMoment[i] = v;
    parameter[i] =
      decayed - (s.learningRate * (m / s.biasCorrection1)) / (Math.sqrt(v / s.biasCorrection2) + s.epsilon);
  }
}

/**
 * The rule; slots are the first and second moment and, with AMSGrad, the largest second moment.
 * @param kind where the decay enters: the weight ('adamW') or the gradient ('adam').
 */
export function adamRule(kind: 'adamW' | 'adam', amsgrad = false): UpdateRule {
  const used = amsgrad ? 's2' : 's1';
  return {
    key: `${kind}${amsgrad ? ' amsgrad' : ''}`,
    slots: amsgrad ? 3 : 2,
    wgsl: `${kind === 'adam' ? 'g += scalars[1] * decay * p;' : ''}
s0 = scalars[2] * s0 + (1.0 - scalars[2]) * g;
s1 = scalars[3] * s1 + (1.0 - scalars[3]) * g * g;
${amsgrad ? 's2 = select(s1, s2, s2 >= s1);' : ''}
${kind === 'adamW' ? 'p *= 1.0 - scalars[0] * scalars[1] * decay;' : ''}
p -= scalars[0] * (s0 / scalars[5]) / (sqrt(${used} / scalars[6]) + scalars[4]);`,
    composed({ p, g, slots, decay, scalar }) {
      const [rate, weightDecay, beta1, beta2] = [scalar(0), scalar(1), scalar(2), scalar(3)];
      const [epsilon, c1, c2] = [scalar(4), scalar(5), scalar(6)];
      const penalty = tf.mul(weightDecay, decay);
      const gradient = kind === 'adam' ? tf.add(g, tf.mul(penalty, p)) : g;
      const m = tf.add(tf.mul(beta1, slots[0]!), tf.mul(tf.sub(1, beta1), gradient));
      const v = tf.add(tf.mul(beta2, slots[1]!), tf.mul(tf.sub(1, beta2), tf.square(gradient)));
      const largest = amsgrad ? [tf.maximum(slots[2]!, v)] : [];
      const kept = kind === 'adamW' ? tf.mul(p, tf.sub(1, tf.mul(rate, penalty))) : p;
      const root = tf.add(tf.sqrt(tf.div(largest[0] ?? v, c2)), epsilon);
      const after = tf.sub(kept, tf.div(tf.mul(rate, tf.div(m, c1)), root));
      return { p: after as tf.Tensor1D, slots: [m, v, ...largest] as tf.Tensor1D[] };
    },
  };
}
