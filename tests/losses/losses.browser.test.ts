/**
 * What the reference numbers do not say of the losses: gradients against central differences with weights and masks together, λ = 0 to
 * the last bit, nothing observed, logits of exactly 0, refusals, and no tensor left behind.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { binaryCrossEntropyWithLogits } from '../../src/losses/binary-cross-entropy.ts';
import { sigmoidDistillationLoss, softmaxDistillationLoss } from '../../src/losses/distillation.ts';
import { softmaxCrossEntropy } from '../../src/losses/softmax-cross-entropy.ts';
import { Random } from '../../src/random/random.ts';
import { backends, useBackend } from '../backends.ts';

const random = new Random('losses');
const [batch, labels] = [5, 3];
const draw = (count: number): number[] => Array.from({ length: count }, () => random.normal(0, 1.5));
const studentValues = draw(batch * labels);
const teacherValues = draw(batch * labels);
const labelValues = draw(batch * labels).map((value) => (value > 0 ? 1 : 0));
const observedValues = draw(batch * labels).map((value) => (value > -1 ? 1 : 0));
const weightValues = [2.5, 0.5, 1.75];
const classValues = [0, 2, 1, -1, 2];

const matrix = (values: readonly number[]): tf.Tensor2D => tf.tensor2d([...values], [batch, labels]);

/** The tensors that the losses read beside the student's logits. */
function makeInputs() {
  return {
    labels: matrix(labelValues),
    observed: matrix(observedValues),
    teacher: matrix(teacherValues),
    weight: tf.tensor1d(weightValues),
    classes: tf.tensor1d(classValues, 'int32'),
  };
}

type Loss = (logits: tf.Tensor2D, inputs: ReturnType<typeof makeInputs>) => tf.Scalar;

/** All losses as functions of the student's logits. */
const losses: Readonly<Record<string, Loss>> = {
  binaryCrossEntropy: (z, { labels: y, observed, weight }) =>
    binaryCrossEntropyWithLogits(z, y, observed, weight),
  softmaxCrossEntropy: (z, { classes, weight }) =>
    softmaxCrossEntropy(z, classes, { classWeight: weight, labelSmoothing: 0.2, ignoreIndex: -1 }),
  sigmoidDistillation: (z, { labels: y, observed, teacher, weight }) =>
    sigmoidDistillationLoss(z, y, observed, teacher, { lambda: 0.3, temperature: 2.5 }, weight),
  sigmoidDistillationHinton: (z, { labels: y, observed, teacher }) =>
    sigmoidDistillationLoss(z, y, observed, teacher, { lambda: 0.6, temperature: 3, variant: 'hinton' }),
  softmaxDistillation: (z, { classes, teacher }) =>
    softmaxDistillationLoss(z, classes, teacher, { lambda: 0.4, temperature: 1.5 }, { ignoreIndex: -1 }),
};

describe.each(backends)('losses on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    expect(tf.getBackend()).toBe(backend);
  });

  test.each(Object.entries(losses))('%s: gradient equals central differences', async (_name, loss) => {
    const inputs = makeInputs();
    const gradient = await tf
      .grad((z) => loss(z as tf.Tensor2D, inputs))(matrix(studentValues))
      .data();
    const step = 0.02; // the third derivative's share of the error is step² / 6 of it: below 1e-4
    const at = async (index: number, shift: number): Promise<number> => {
      const moved = studentValues.map((value, i) => (i === index ? value + shift : value));
      return (await loss(matrix(moved), inputs).data())[0]!;
    };
    for (let i = 0; i < studentValues.length; i++) {
      const slope = ((await at(i, step)) - (await at(i, -step))) / (2 * step);
      expect(Math.abs(gradient[i]! - slope), `logit ${i}`).toBeLessThan(1e-4);
    }
  });

  test('λ = 0 is the plain loss to the last bit, value and gradient', async () => {
    const [y, observed, teacher] = [matrix(labelValues), matrix(observedValues), matrix(teacherValues)];
    const weight = tf.tensor1d(weightValues);
    const plain = (z: tf.Tensor): tf.Scalar =>
      binaryCrossEntropyWithLogits(z as tf.Tensor2D, y, observed, weight);
    const options = { lambda: 0, temperature: 3 };
    const distilled = (z: tf.Tensor): tf.Scalar =>
      sigmoidDistillationLoss(z as tf.Tensor2D, y, observed, teacher, options, weight);
    const z = matrix(studentValues);
    expect(await distilled(z).data()).toEqual(await plain(z).data());
    expect(await tf.grad(distilled)(z).data()).toEqual(await tf.grad(plain)(z).data());
  });

  test('the soft term carries no positive weight, and λ = 1 forgets the labels', async () => {
    const options = { lambda: 1, temperature: 2 };
    const at = (y: tf.Tensor2D, weight?: tf.Tensor1D): Promise<ArrayLike<number>> =>
      sigmoidDistillationLoss(
        matrix(studentValues),
        y,
        matrix(observedValues),
        matrix(teacherValues),
        options,
        weight,
      ).data();
    const flipped = matrix(labelValues.map((label) => 1 - label));
    expect(await at(flipped, tf.tensor1d(weightValues))).toEqual(await at(matrix(labelValues)));
  });

  test('no mask is a mask that hides nothing', async () => {
    const [y, teacher, all] = [
      matrix(labelValues),
      matrix(teacherValues),
      tf.ones<tf.Rank.R2>([batch, labels]),
    ];
    const weight = tf.tensor1d(weightValues);
    const options = { lambda: 0.3, temperature: 2.5 };
    for (const loss of [
      (mask: tf.Tensor2D | null) => (z: tf.Tensor) =>
        binaryCrossEntropyWithLogits(z as tf.Tensor2D, y, mask, weight),
      (mask: tf.Tensor2D | null) => (z: tf.Tensor) =>
        sigmoidDistillationLoss(z as tf.Tensor2D, y, mask, teacher, options, weight),
    ]) {
      const [masked, plain] = [all, null].map((mask) => tf.valueAndGrad(loss(mask))(matrix(studentValues)));
      const [value, expected] = [await plain!.value.data(), await masked!.value.data()];
      expect(Math.abs(value[0]! - expected[0]!)).toBeLessThan(1e-6);
      const [gradient, wanted] = [await plain!.grad.data(), await masked!.grad.data()];
      gradient.forEach((g, i) => expect(Math.abs(g - wanted[i]!)).toBeLessThan(1e-7));
      expect(gradient.some((g) => g !== 0)).toBe(true);
      tf.dispose([masked, plain]);
    }
    tf.dispose([y, teacher, all, weight]);
  });

  test('nothing observed: loss 0 and gradient 0', async () => {
    const none = tf.zeros<tf.Rank.R2>([batch, labels]);
    const unlabelled = tf.fill<tf.Rank.R1>([batch], -1, 'int32');
    const binary = (z: tf.Tensor): tf.Scalar =>
      binaryCrossEntropyWithLogits(z as tf.Tensor2D, matrix(labelValues), none);
    const exclusive = (z: tf.Tensor): tf.Scalar =>
      softmaxCrossEntropy(z as tf.Tensor2D, unlabelled, { ignoreIndex: -1 });
    for (const loss of [binary, exclusive]) {
      expect((await loss(matrix(studentValues)).data())[0]).toBe(0);
      const gradient = await tf.grad(loss)(matrix(studentValues)).data();
      expect([...gradient].every((value) => value === 0)).toBe(true);
    }
  });

  test('a head that starts at zero learns: gradient (1/2 − y) / count at logits of exactly 0', async () => {
    const y = tf.tensor2d([1, 0], [2, 1]);
    const loss = (z: tf.Tensor): tf.Scalar =>
      binaryCrossEntropyWithLogits(z as tf.Tensor2D, y, tf.ones([2, 1]));
    expect([
      ...(await tf
        .grad(loss)(tf.zeros([2, 1]))
        .data()),
    ]).toEqual([-0.25, 0.25]);
  });

  test('what does not fit is refused', () => {
    const z = matrix(studentValues);
    const distil = (lambda: number, temperature: number): tf.Scalar =>
      sigmoidDistillationLoss(z, z, z, z, { lambda, temperature });
    expect(() => distil(-0.1, 1)).toThrow('lambda must be in [0, 1], got -0.1');
    expect(() => distil(1.1, 1)).toThrow(RangeError);
    expect(() => distil(NaN, 1)).toThrow(RangeError);
    expect(() => distil(0, 0)).toThrow('temperature must be > 0, got 0');
    expect(() => distil(0.5, -1)).toThrow(RangeError);
    expect(() => binaryCrossEntropyWithLogits(z, tf.zeros([batch, 1]), z)).toThrow(
      "labels must have the logits' shape",
    );
    expect(() => binaryCrossEntropyWithLogits(z, z, tf.zeros([1, labels]))).toThrow(RangeError);
    expect(() => binaryCrossEntropyWithLogits(z, z, z, tf.tensor1d([1]))).toThrow('3 entries, one a label');
    const classes = tf.tensor1d(classValues, 'int32');
    expect(() => softmaxCrossEntropy(z, classes, { labelSmoothing: 1 })).toThrow(RangeError);
    expect(() => softmaxCrossEntropy(z, tf.tensor1d([0], 'int32'))).toThrow(RangeError);
  });

  test.each(Object.entries(losses))('%s leaves only its scalar and gradient behind', (_name, loss) => {
    tf.tidy(() => {
      const [inputs, z] = [makeInputs(), matrix(studentValues)];
      const before = tf.memory().numTensors;
      loss(z, inputs).dispose();
      expect(tf.memory().numTensors).toBe(before);
      const { value, grad } = tf.valueAndGrad((x) => loss(x as tf.Tensor2D, inputs))(z);
      tf.dispose([value, grad]);
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});
