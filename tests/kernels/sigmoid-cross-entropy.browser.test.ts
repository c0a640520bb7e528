/** The one-dispatch loss against its definition on arrays: masks, weights, teachers, extremes, and its slope by central differences. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  sigmoidCrossEntropy,
  sigmoidCrossEntropyReference,
} from '../../src/kernels/sigmoid-cross-entropy.ts';
import { useBackend } from '../backends.ts';
import { difference, draws, hasWebgpu } from './device.ts';

const webgpu = await hasWebgpu();
type Teacher = NonNullable<Parameters<typeof sigmoidCrossEntropyReference>[5]>;

interface Case {
  readonly logits: Float32Array;
  readonly labels: Float32Array;
  readonly shape: [number, number];
  readonly observed: Float32Array | null;
  readonly weight: Float32Array | null;
  readonly teacher: Teacher | null;
}

async function onDevice({ logits, labels, shape, observed, weight, teacher }: Case) {
  const [loss, slope] = tf.tidy(() => {
    const loss = (z: tf.Tensor): tf.Scalar =>
      sigmoidCrossEntropy({
        logits: z as tf.Tensor2D,
        labels: tf.tensor2d(labels, shape),
        observed: observed && tf.tensor2d(observed, shape),
        positiveWeight: weight && tf.tensor1d(weight),
        teacher: teacher && {
          logits: tf.tensor2d(Float32Array.from(teacher.logits), shape),
          mixture: tf.tensor1d([teacher.lambda, teacher.temperature]),
          softensStudent: teacher.softensStudent,
        },
      });
    const { value, grad } = tf.valueAndGrad(loss)(tf.tensor2d(logits, shape), tf.scalar(3));
    return [value, grad];
  });
  const numbers = [await loss.data(), await slope.data()] as const;
  tf.dispose([loss, slope]);
  return { loss: numbers[0][0]!, slope: [...numbers[1]].map((value) => value / 3) };
}

const inReference = ({ logits, labels, shape, observed, weight, teacher }: Case) =>
  sigmoidCrossEntropyReference(logits, labels, shape[1], observed, weight, teacher);

function makeCase(
  rows: number,
  columns: number,
  options: { mask?: boolean; weigh?: boolean; teacher?: Omit<Teacher, 'logits'> },
): Case {
  const count = rows * columns;
  const logits = draws([rows, columns], 'logits').map((z) => 4 * z);
  const labels = draws([rows, columns], 'labels').map((x, i) => (i % 3 === 0 ? 0.3 : x > 0 ? 1 : 0));
  return {
    ...{ logits, labels, shape: [rows, columns] },
    observed: options.mask ? Float32Array.from({ length: count }, (_, i) => (i % 4 === 1 ? 0 : 1)) : null,
    weight: options.weigh ? Float32Array.from({ length: columns }, (_, i) => 0.5 + i) : null,
    teacher: options.teacher
      ? { ...options.teacher, logits: draws([rows, columns], 'teacher').map((z) => 3 * z) }
      : null,
  };
}

// Without an adapter there is no kernel to test.
describe.skipIf(!webgpu)('sigmoidCrossEntropy (skipped where the browser has no WebGPU adapter)', () => {
  beforeAll(() => useBackend('webgpu'));

  it.each([
    ['one number', makeCase(1, 1, {})],
    ['more than a workgroup', makeCase(67, 3, { weigh: true })],
    ['missing labels', makeCase(9, 5, { mask: true, weigh: true })],
    [
      'a teacher',
      makeCase(16, 1, { weigh: true, teacher: { lambda: 0.4, temperature: 3, softensStudent: false } }),
    ],
    [
      'a teacher as Hinton has it',
      makeCase(21, 2, { mask: true, teacher: { lambda: 0.7, temperature: 2.5, softensStudent: true } }),
    ],
    ['a teacher alone', makeCase(5, 2, { teacher: { lambda: 1, temperature: 1, softensStudent: false } })],
  ])('agrees with its definition: %s', async (_name, given) => {
    const [got, wanted] = [await onDevice(given), inReference(given)];
    expect(Math.abs(got.loss - wanted.loss)).toBeLessThan(2e-6 * Math.max(1, wanted.loss));
    expect(difference(got.slope, wanted.slope)).toBeLessThan(2e-6);
  });

  it('has the slope that central differences find', () => {
    const given = makeCase(4, 3, {
      mask: true,
      weigh: true,
      teacher: { lambda: 0.3, temperature: 2, softensStudent: true },
    });
    const { slope } = inReference(given);
    const step = 1e-4;
    slope.forEach((value, i) => {
      const moved = (by: number): number => {
        const logits = Float64Array.from(given.logits);
        logits[i]! += by;
        return sigmoidCrossEntropyReference(
          logits,
          given.labels,
          3,
          given.observed,
          given.weight,
          given.teacher,
        ).loss;
      };
      expect((moved(step) - moved(-step)) / (2 * step)).toBeCloseTo(value, 6);
    });
  });

  it('keeps its digits at extremes, and overflows nowhere', async () => {
    const given: Case = {
      ...{ logits: Float32Array.of(200, -200, 15, -15, 88), labels: Float32Array.of(0, 1, 1, 0, 1) },
      ...{ shape: [5, 1], observed: null, weight: null, teacher: null },
    };
    const [got, wanted] = [await onDevice(given), inReference(given)];
    expect(Math.abs(got.loss / wanted.loss - 1)).toBeLessThan(1e-6);
    expect(got.slope[2]! / wanted.slope[2]!).toBeCloseTo(1, 4); // 3e-7 of 1
  });

  it('lets NaN through where it counts, and nowhere else', async () => {
    const masked: Case = {
      ...{ logits: Float32Array.of(1, 2), labels: Float32Array.of(1, NaN), shape: [2, 1] },
      ...{ observed: Float32Array.of(1, 0), weight: null, teacher: null },
    };
    expect((await onDevice(masked)).loss).toBeCloseTo(Math.log1p(Math.exp(-1)), 6);
    expect((await onDevice({ ...masked, observed: null })).loss).toBeNaN();
    expect((await onDevice({ ...masked, observed: Float32Array.of(0, 0) })).loss).toBe(0);
    const dead: Case = { ...masked, logits: Float32Array.of(NaN, 0), labels: Float32Array.of(1, 0) };
    expect((await onDevice(dead)).loss).toBeNaN();
  });
});
