/** Gradients gathered flat, the rules of the optimizers and moving averages: against references on arrays and steps worked out by hand. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  adamNumbers,
  adamRule,
  adamWReference,
  type AdamScalars,
} from '../../src/kernels/optimizer/adam-rule.ts';
import { gatherGradients, globalNormReference } from '../../src/kernels/optimizer/flat-gradients.ts';
import { cutFlat, flatLayout, joinFlat } from '../../src/kernels/optimizer/flat-layout.ts';
import { flatUpdate } from '../../src/kernels/optimizer/flat-update.ts';
import { moveAverages, movingAverageReference } from '../../src/kernels/optimizer/moving-average.ts';
import { backends, useBackend } from '../backends.ts';
import { difference, draws, hasWebgpu } from './device.ts';

const webgpu = await hasWebgpu();
const sizes = [1, 3, 64, 65, 8, 1000, 7, 256, 129, 4, 9000, 2, 16];
const layout = flatLayout(sizes);

const at = (t: number): AdamScalars => ({
  ...{ learningRate: 0.01, weightDecay: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 },
  ...{ biasCorrection1: 1 - 0.9 ** t, biasCorrection2: 1 - 0.99 ** t },
});

describe('the flat layout', () => {
  it('begins each tensor at a multiple of four and loses nothing', () => {
    expect(layout.offsets.slice(0, 5)).toEqual([0, 1, 2, 18, 35]);
    expect(flatLayout([]).vectors).toBe(0);
    const parts = sizes.map((size) => draws([size], 'part'));
    expect(cutFlat(layout, joinFlat(layout, parts))).toEqual(parts);
  });
});

it('AdamW’s reference takes the first step as worked out by hand', () => {
  // g = 1: m = 0.1, v = 0.01, m/c1 = 1, v/c2 = 1, so w = 3·(1 − 0.001) − 0.01·1/(1 + 1e-8) = 2.987.
  const [p, m, v] = [Float32Array.of(3), new Float32Array(1), new Float32Array(1)];
  adamWReference(p, Float32Array.of(1), m, v, at(1));
  expect([p[0], m[0], v[0]].map((x) => x!.toFixed(6))).toEqual(['2.987000', '0.100000', '0.010000']);
});

describe.each(backends.filter((name) => name === 'cpu' || webgpu))('on %s', (backend) => {
  beforeEach(() => useBackend(backend));

  it('gathers gradients of all sizes, with their norm beside them', async () => {
    const arrays = sizes.map((size) => draws([size], 'norm'));
    const before = tf.memory().numTensors;
    const { values, norm } = gatherGradients(
      layout,
      arrays.map((array) => tf.tensor1d(array)),
    );
    const flat = (await values.data()) as Float32Array;
    expect(cutFlat(layout, flat)).toEqual(arrays);
    const wanted = globalNormReference(arrays);
    expect(Math.abs((await norm.data())[0]! - wanted) / wanted).toBeLessThan(1e-6);
    expect(flat[4 * layout.vectors]).toBe((await norm.data())[0]);
    tf.dispose([values, norm]);
    expect(tf.memory().numTensors - before).toBe(sizes.length); // the gradients
  });

  it('shows what is not finite in the norm, and leaves out what is missing', async () => {
    const normOf = async (gradients: readonly (tf.Tensor | undefined)[]): Promise<number> => {
      const small = flatLayout(gradients.map((gradient) => gradient?.size ?? 5));
      return (await gatherGradients(small, gradients).norm.data())[0]!;
    };
    expect(await normOf([])).toBe(0);
    expect(await normOf([tf.tensor1d([1, NaN]), tf.tensor1d([1])])).toBeNaN();
    expect(await normOf([tf.tensor1d([3e38, 3e38])])).toBe(Infinity);
    expect(await normOf([tf.tensor2d([[3], [4]])])).toBe(5);
    expect(await normOf([undefined, tf.tensor1d([3, 4]), undefined])).toBe(5);
  });

  it('AdamW agrees with its reference over three clipped steps of many weights, and leaks nothing', async () => {
    const rule = adamRule('adamW');
    const parameters = sizes.map((size) => tf.variable(tf.tensor1d(draws([size], 'p'))));
    const slots = [0, 1].map(() => tf.variable(tf.zeros([4 * layout.vectors])));
    const expected = sizes.map((n) => [draws([n], 'p'), new Float32Array(n), new Float32Array(n)] as const);
    const before = tf.memory().numTensors;
    for (let t = 1; t <= 3; t++) {
      const gradients = sizes.map((n) => draws([n], `g${t}`));
      const factor = Math.min(1, 5 / (globalNormReference(gradients) + 1e-6));
      tf.tidy(() => {
        const { values } = gatherGradients(
          layout,
          gradients.map((g) => tf.tensor1d(g)),
        );
        const items = parameters.map((parameter, i) => ({ parameter, decay: i % 2 === 0, present: i !== 4 }));
        const scalars = tf.tensor1d(adamNumbers(at(t)));
        flatUpdate({ rule, layout, items, slots, gradients: values, scalars, maxNorm: 5 });
      });
      expected.forEach(([p, m, v], i) => {
        if (i === 4) return;
        const s = { ...at(t), ...(i % 2 ? { weightDecay: 0 } : {}) };
        adamWReference(
          p,
          gradients[i]!.map((g) => g * factor),
          m,
          v,
          s,
        );
      });
    }
    expect(tf.memory().numTensors).toBe(before);
    const moments = await Promise.all(
      slots.map(async (slot) => cutFlat(layout, (await slot.data()) as Float32Array)),
    );
    for (const [i, parameter] of parameters.entries()) {
      expect(difference(await parameter.data(), expected[i]![0]), `weight ${i}`).toBeLessThan(2e-6);
      for (const j of [0, 1]) {
        if (i === 4) expect(moments[j]![i]).toEqual(new Float32Array(8));
        else
          expect(difference(moments[j]![i]!, expected[i]![j + 1]!), `slot ${j} of ${i}`).toBeLessThan(3e-6);
      }
    }
    tf.dispose([...parameters, ...slots]);
  });

  it('keeps a clone of the weights as it was, and shows NaN only where the gradient has it', async () => {
    const small = flatLayout([3]);
    const parameter = tf.variable(tf.tensor1d([1, 2, 3]));
    const slots = [0, 1].map(() => tf.variable(tf.zeros([4])));
    const snapshot = tf.clone(parameter);
    tf.tidy(() => {
      const { values } = gatherGradients(small, [tf.tensor1d([1, NaN, Infinity])]);
      const items = [{ parameter, decay: true, present: true }];
      const scalars = tf.tensor1d(adamNumbers(at(1)));
      const rule = adamRule('adamW');
      flatUpdate({ rule, layout: small, items, slots, gradients: values, scalars, maxNorm: null });
    });
    expect([...(await snapshot.data())]).toEqual([1, 2, 3]);
    const [first, ...rest] = await parameter.data();
    expect(first).toBeCloseTo(1 * 0.999 - 0.01, 6);
    expect(rest.map(Number.isNaN)).toEqual([true, true]); // ∞/√∞ is NaN
    tf.dispose([parameter, snapshot, ...slots]);
  });

  it('moves averages of all sizes', async () => {
    const averages = sizes.map((size) => tf.variable(tf.tensor1d(draws([size], 'average'))));
    const values = sizes.map((size) => draws([size], 'value'));
    tf.tidy(() => {
      const followed = averages.map((average, i) => ({ average, value: tf.tensor1d(values[i]!) }));
      moveAverages(followed, tf.scalar(0.75));
    });
    for (const [i, average] of averages.entries()) {
      const wanted = movingAverageReference(draws([sizes[i]!], 'average'), values[i]!, 0.75);
      expect(difference(await average.data(), wanted)).toBeLessThan(1e-6);
    }
    tf.dispose(averages);
  });
});
