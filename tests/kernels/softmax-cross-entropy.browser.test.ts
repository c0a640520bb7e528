/** Softmax cross-entropy of rows against its definition on arrays: labels, weights, smoothing, soft targets, extremes. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  softmaxCrossEntropyOfRows,
  softmaxCrossEntropyReference,
  type SoftmaxTargets,
} from '../../src/kernels/softmax-cross-entropy.ts';
import { useBackend } from '../backends.ts';
import { difference, draws, hasWebgpu } from './device.ts';

const webgpu = await hasWebgpu();

async function onDevice(logits: Float32Array, rows: number, targets: () => SoftmaxTargets, lanes: number) {
  const [value, slope] = tf.tidy(() => {
    const dy = tf.tensor1d(Float32Array.from({ length: rows }, (_, row) => row + 1));
    const z = tf.tensor2d(logits, [rows, logits.length / rows]);
    const given = targets();
    const result = tf.valueAndGrad((x: tf.Tensor) =>
      softmaxCrossEntropyOfRows(x as tf.Tensor2D, given, lanes),
    )(z, dy);
    return [result.value, result.grad];
  });
  const numbers = [await value.data(), await slope.data()] as const;
  tf.dispose([value, slope]);
  return numbers;
}

/** Values, and slopes times row + 1. */
function inReference(logits: Float32Array, rows: number, targetsOf: (row: number) => number[]) {
  const classes = logits.length / rows;
  const each = Array.from({ length: rows }, (_, row) =>
    softmaxCrossEntropyReference([...logits.slice(row * classes, (row + 1) * classes)], targetsOf(row)),
  );
  return [
    each.map(({ value }) => value),
    each.flatMap(({ slope }, row) => slope.map((value) => value * (row + 1))),
  ] as const;
}

// Without an adapter there is no kernel to test.
describe.skipIf(!webgpu)(
  'softmaxCrossEntropyOfRows (skipped where the browser has no WebGPU adapter)',
  () => {
    beforeAll(() => useBackend('webgpu'));

    const sizes = [
      [1, 1],
      [3, 2],
      [9, 7],
      [70, 5],
      [2, 150],
    ] as const;
    const lanes = [1, 64] as const;
    const cases = sizes.flatMap(([rows, classes]) => lanes.map((count) => [rows, classes, count] as const));

    it.each(cases)('labels: %i rows of %i classes, %i threads a row', async (rows, classes, count) => {
      const logits = draws([rows, classes], 'logits').map((z) => 5 * z);
      const labels = Int32Array.from({ length: rows }, (_, row) => (row * 3) % classes);
      const plain = { classWeight: null, labelSmoothing: 0, ignoreIndex: null };
      const got = await onDevice(
        logits,
        rows,
        () => ({ labels: tf.tensor1d(labels, 'int32'), ...plain }),
        count,
      );
      const wanted = inReference(logits, rows, (row) =>
        Array.from({ length: classes }, (_, c) => (c === labels[row] ? 1 : 0)),
      );
      got.forEach((values, i) => expect(difference(values, wanted[i]!)).toBeLessThan(3e-6));
    });

    it.each(cases)('soft targets: %i rows of %i classes, %i threads a row', async (rows, classes, count) => {
      const logits = draws([rows, classes], 'logits').map((z) => 5 * z);
      const soft = draws([rows, classes], 'soft').map((x) => x * x);
      const got = await onDevice(logits, rows, () => ({ soft: tf.tensor2d(soft, [rows, classes]) }), count);
      const wanted = inReference(logits, rows, (row) => [...soft.slice(row * classes, (row + 1) * classes)]);
      got.forEach((values, i) => expect(difference(values, wanted[i]!)).toBeLessThan(3e-6));
    });

    it.each(lanes)('weights, smoothing and rows without a label, %i threads a row', async (count) => {
      const [rows, classes] = [6, 4];
      const logits = draws([rows, classes], 'logits');
      const labels = Int32Array.of(0, 3, -100, 1, 2, -100);
      const weight = Float32Array.of(1, 2, 0.5, 3);
      const got = await onDevice(
        logits,
        rows,
        () => ({
          ...{ labels: tf.tensor1d(labels, 'int32'), classWeight: tf.tensor1d(weight) },
          ...{ labelSmoothing: 0.2, ignoreIndex: -100 },
        }),
        count,
      );
      const wanted = inReference(logits, rows, (row) =>
        Array.from({ length: classes }, (_, c) =>
          labels[row] === -100 ? 0 : weight[c]! * (0.2 / classes + (c === labels[row] ? 0.8 : 0)),
        ),
      );
      got.forEach((values, i) => expect(difference(values, wanted[i]!)).toBeLessThan(3e-6));
      expect(got[0][2]).toBe(0);
    });

    it.each(lanes)('overflows nowhere and lets NaN through, %i threads a row', async (count) => {
      const logits = Float32Array.of(1000, 0, -1000, 0, NaN, 0, -300, -300, 0);
      const labels = Int32Array.of(0, 1, 2);
      const plain = { classWeight: null, labelSmoothing: 0, ignoreIndex: null };
      const [values] = await onDevice(
        logits,
        3,
        () => ({ labels: tf.tensor1d(labels, 'int32'), ...plain }),
        count,
      );
      // WGSL leaves the sign of a zero to the driver (https://www.w3.org/TR/WGSL/#floating-point-evaluation).
      expect(values[0]! === 0).toBe(true);
      expect(values[1]).toBeNaN();
      expect(values[2]! === 0).toBe(true);
    });
  },
);
