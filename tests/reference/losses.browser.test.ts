/** Losses of this floor against the golden numbers (PyTorch in float64): values and gradients, on cpu and webgpu. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  binaryCrossEntropyElements,
  binaryCrossEntropyWithLogits,
  meanBinaryCrossEntropyWithLogits,
} from '../../src/losses/binary-cross-entropy.ts';
import {
  sigmoidDistillationLoss,
  softenedClassProbabilities,
  softenedProbabilities,
  softmaxDistillationLoss,
  type DistillationOptions,
} from '../../src/losses/distillation.ts';
import {
  softmaxCrossEntropy,
  softmaxCrossEntropyRows,
  softmaxCrossEntropyWithSoftTargets,
  softTargetCrossEntropyRows,
} from '../../src/losses/softmax-cross-entropy.ts';
import { backends, useBackend } from '../backends.ts';
import { excess, numbers, readReference, type ReferenceArray, type ReferenceCase } from './reference.ts';

type Arrays = Readonly<Record<string, ReferenceArray>>;

/** What a case has to give: arrays by the names of its file, and the gradient of the loss in the logits. */
interface Outcome {
  readonly values: Readonly<Record<string, tf.Tensor>>;
  readonly gradient: tf.Tensor;
}

const evaluators: Readonly<Record<string, (reference: ReferenceCase) => Outcome>> = {
  bce_logits: ({ inputs }) => {
    const { logits, labels, pos_weight } = inputs as Arrays;
    const [z, { values: y, observed }] = [matrix(logits!), maskedLabels(labels!)];
    const weight = pos_weight && vector(pos_weight);
    const loss = (x: tf.Tensor): tf.Scalar =>
      binaryCrossEntropyWithLogits(x as tf.Tensor2D, y, observed, weight);
    const elements = tf.mul(binaryCrossEntropyElements(z, y, weight), observed);
    const values = {
      loss: loss(z),
      sum: tf.sum(elements),
      per_element: elements,
      observed_count: tf.sum(observed),
    };
    return { values, gradient: tf.grad(loss)(z) };
  },
  softmax_ce: ({ inputs, args }) => {
    const { logits, labels, class_weight, target_probabilities } = inputs as Arrays;
    const z = matrix(logits!);
    if (target_probabilities) {
      const targets = matrix(target_probabilities);
      const loss = (x: tf.Tensor): tf.Scalar => softmaxCrossEntropyWithSoftTargets(x as tf.Tensor2D, targets);
      return {
        values: { loss: loss(z), per_sample: softTargetCrossEntropyRows(z, targets) },
        gradient: tf.grad(loss)(z),
      };
    }
    const { label_smoothing, ignore_index } = args as Record<string, number | undefined>;
    const options = {
      ...(class_weight && { classWeight: vector(class_weight) }),
      ...(label_smoothing !== undefined && { labelSmoothing: label_smoothing }),
      ...(ignore_index !== undefined && { ignoreIndex: ignore_index }),
    };
    const classes = tf.tensor1d(numbers(labels!), 'int32');
    const loss = (x: tf.Tensor): tf.Scalar => softmaxCrossEntropy(x as tf.Tensor2D, classes, options);
    return {
      values: { loss: loss(z), per_sample: softmaxCrossEntropyRows(z, classes, options) },
      gradient: tf.grad(loss)(z),
    };
  },
  distil_sigmoid: ({ inputs, args }) => {
    const { student_logits, teacher_logits, labels } = inputs as Arrays;
    const [z, teacher] = [matrix(student_logits!), matrix(teacher_logits!)];
    const { values: y, observed } = maskedLabels(labels!);
    const options = distillationOptions(args);
    const loss = (x: tf.Tensor): tf.Scalar =>
      sigmoidDistillationLoss(x as tf.Tensor2D, y, observed, teacher, options);
    const probabilities = softenedProbabilities(teacher, options.temperature);
    const values = {
      loss: loss(z),
      hard: binaryCrossEntropyWithLogits(z, y, observed),
      soft: meanBinaryCrossEntropyWithLogits(softenedStudent(z, options), probabilities),
      teacher_probabilities: probabilities,
    };
    return { values, gradient: tf.grad(loss)(z) };
  },
  distil_softmax: ({ inputs, args }) => {
    const { student_logits, teacher_logits, labels } = inputs as Arrays;
    const [z, teacher] = [matrix(student_logits!), matrix(teacher_logits!)];
    const y = tf.tensor1d(numbers(labels!), 'int32');
    const options = distillationOptions(args);
    const loss = (x: tf.Tensor): tf.Scalar => softmaxDistillationLoss(x as tf.Tensor2D, y, teacher, options);
    const probabilities = softenedClassProbabilities(teacher, options.temperature);
    const values = {
      loss: loss(z),
      hard: softmaxCrossEntropy(z, y),
      soft: softmaxCrossEntropyWithSoftTargets(softenedStudent(z, options), probabilities),
      teacher_probabilities: probabilities,
    };
    return { values, gradient: tf.grad(loss)(z) };
  },
};

/** Files with the arrays of each case that the lab has no formula for: the KL form has the same gradients and is not used. */
const files: Readonly<Record<string, readonly string[]>> = {
  'losses/bce_logits.json': [],
  'losses/softmax_ce.json': [],
  'losses/distillation_sigmoid.json': ['soft_as_kl', 'loss_with_kl'],
  'losses/distillation_softmax.json': ['soft_as_kl', 'loss_with_kl'],
};

describe.each(backends)('losses on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    expect(tf.getBackend()).toBe(backend);
  });

  test.each(Object.entries(files))('%s', async (path, unused) => {
    const { cases } = await readReference(path);
    expect(cases.length).toBeGreaterThan(0);
    for (const reference of cases) {
      const evaluate = evaluators[reference.kind];
      expect(evaluate, `a formula for ${reference.kind}`).toBeDefined();
      const { values, gradient } = evaluate!(reference);
      const { atol, rtol, gradient_atol = atol, gradient_rtol = rtol } = reference.tolerance!;
      for (const [name, expected] of Object.entries(reference.expected)) {
        if (unused.includes(name)) continue;
        expect(values[name], `${reference.name}: ${name}`).toBeDefined();
        const got = await values[name]!.data();
        expect(excess(got, expected, atol, rtol), `${reference.name}: ${name}`).toBeLessThanOrEqual(0);
      }
      const [expectedGradient] = Object.values(reference.gradients!);
      const difference = excess(await gradient.data(), expectedGradient!, gradient_atol, gradient_rtol);
      expect(difference, `${reference.name}: gradient`).toBeLessThanOrEqual(0);
    }
  });
});

function matrix(array: ReferenceArray): tf.Tensor2D {
  return tf.tensor2d(numbers(array), array.shape as [number, number]);
}

function vector(array: ReferenceArray): tf.Tensor1D {
  return tf.tensor1d(numbers(array));
}

/** Labels with 0 where missing, and the mask of those that are known. */
function maskedLabels(array: ReferenceArray): { values: tf.Tensor2D; observed: tf.Tensor2D } {
  const shape = array.shape as [number, number];
  const labels = numbers(array);
  return {
    values: tf.tensor2d(
      labels.map((label) => (Number.isNaN(label) ? 0 : label)),
      shape,
    ),
    observed: tf.tensor2d(
      labels.map((label) => (Number.isNaN(label) ? 0 : 1)),
      shape,
    ),
  };
}

function distillationOptions(args: unknown): DistillationOptions {
  const { lambda, tau, variant } = args as { lambda: number; tau: number; variant: string };
  if (variant !== 'lopez_paz' && variant !== 'hinton') throw new Error(`unknown variant ${variant}`);
  return { lambda, temperature: tau, variant: variant === 'hinton' ? 'hinton' : 'lopezPaz' };
}

function softenedStudent(logits: tf.Tensor2D, { variant, temperature }: DistillationOptions): tf.Tensor2D {
  return variant === 'hinton' ? tf.div<tf.Tensor2D>(logits, temperature) : logits;
}
