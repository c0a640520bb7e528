/** The AdamW step and the global norm on WebGPU against their references, the cpu backend, and a step worked out by hand. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  adamWScalars,
  fusedAdamW,
  fusedAdamWReference,
  fusedAdamWStep,
  type AdamWScalars,
} from '../../src/kernels/adamw.ts';
import { clippedScalars, globalNorm, globalNormReference } from '../../src/kernels/gradient-norm.ts';
import { startWebgpu } from '../../src/tensors/backend.ts';
import { difference, draws, hasWebgpu } from './device.ts';

const webgpu = await hasWebgpu();
const sizes = [1, 3, 64, 65, 8, 1000, 7, 256, 129, 4];

const at = (t: number, clipFactor = 1): AdamWScalars => ({
  ...{ learningRate: 0.01, weightDecay: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, clipFactor },
  ...{ biasCorrection1: 1 - 0.9 ** t, biasCorrection2: 1 - 0.99 ** t },
});

describe('fusedAdamWReference', () => {
  it('takes the first step as worked out by hand', () => {
    // g = 2·0.5 = 1: m = 0.1, v = 0.01, m/c1 = 1, v/c2 = 1, so θ = 3·(1 − 0.001) − 0.01·1/(1 + 1e-8) = 2.987.
    const [p, m, v] = [[3], [0], [0]].map((values) => Float32Array.from(values)) as [
      ...[Float32Array, Float32Array, Float32Array],
    ];
    fusedAdamWReference(p, Float32Array.of(2), m, v, at(1, 0.5));
    expect([p[0], m[0], v[0]].map((x) => x!.toFixed(6))).toEqual(['2.987000', '0.100000', '0.010000']);
  });
});

describe.each(['cpu', 'webgpu'] as const)(
  'fusedAdamW on %s (webgpu is skipped without an adapter)',
  (backend) => {
    const usable = backend === 'cpu' || webgpu;

    beforeAll(async () => {
      if (usable && backend === 'webgpu') await startWebgpu();
    });
    beforeEach(async () => {
      if (usable) await tf.setBackend(backend);
    });

    // Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
    it.skipIf(!usable)(
      'agrees with the reference over three steps of many variables, and leaks nothing',
      async () => {
        const variables = sizes.map((n) =>
          ['p', 'm', 'v'].map((what) =>
            tf.variable(tf.tensor(what === 'p' ? draws([n], 'p') : new Float32Array(n))),
          ),
        );
        const expected = sizes.map(
          (n) => [draws([n], 'p'), new Float32Array(n), new Float32Array(n)] as const,
        );
        const before = tf.memory().numTensors;
        for (let t = 1; t <= 3; t++) {
          const scalars = adamWScalars(at(t, 0.5));
          const gradients = sizes.map((n) => tf.tensor(draws([n], `g${t}`)));
          fusedAdamWStep(
            variables.map(([parameter, firstMoment, secondMoment], i) => ({
              ...{ parameter: parameter!, firstMoment: firstMoment!, secondMoment: secondMoment! },
              ...{ gradient: gradients[i]!, decay: i % 2 === 0 },
            })),
            scalars,
          );
          tf.dispose([scalars, gradients]);
          expected.forEach(([p, m, v], i) => {
            const s = { ...at(t, 0.5), ...(i % 2 ? { weightDecay: 0 } : {}) };
            fusedAdamWReference(p, draws([sizes[i]!], `g${t}`), m, v, s);
          });
        }
        expect(tf.memory().numTensors).toBe(before);
        for (const [i, group] of variables.entries()) {
          for (const [j, variable] of group.entries()) {
            expect(difference(await variable.data(), expected[i]![j]!)).toBeLessThan(2e-6);
          }
        }
        tf.dispose(variables.flat());
      },
    );

    // Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
    it.skipIf(!usable)(
      'keeps a clone of the weights as it was, and shows NaN only where the gradient has it',
      async () => {
        const parameter = tf.variable(tf.tensor1d([1, 2, 3]));
        const [m, v] = [tf.variable(tf.zeros([3])), tf.variable(tf.zeros([3]))];
        const snapshot = tf.clone(parameter);
        const scalars = adamWScalars(at(1));
        fusedAdamW(parameter, tf.tensor1d([1, NaN, Infinity]), m, v, scalars);
        expect([...(await snapshot.data())]).toEqual([1, 2, 3]);
        const [first, ...rest] = await parameter.data();
        expect(first).toBeCloseTo(1 * 0.999 - 0.01, 6);
        expect(rest.map(Number.isNaN)).toEqual([true, true]); // ∞/√∞ is NaN
        tf.dispose([parameter, m, v, snapshot, scalars]);
      },
    );

    // Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
    it.skipIf(!usable)('refuses shapes that differ', () => {
      const [p, m, v] = [4, 4, 3].map((n) => tf.variable(tf.zeros([n]))) as [
        tf.Variable,
        tf.Variable,
        tf.Variable,
      ];
      expect(() => fusedAdamW(p, tf.zeros([4]), m, v, adamWScalars(at(1)))).toThrow(RangeError);
    });

    // Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
    it.skipIf(!usable)('finds the global norm over tensors of all sizes', async () => {
      const arrays = sizes.concat(5000).map((n) => draws([n], 'norm'));
      const norm = globalNorm(arrays.map((array) => tf.tensor1d(array)));
      const wanted = globalNormReference(arrays);
      expect(Math.abs((await norm.data())[0]! - wanted) / wanted).toBeLessThan(1e-6);
      expect((await globalNorm([]).data())[0]).toBe(0);
      expect((await globalNorm([tf.tensor1d([1, NaN]), tf.tensor1d([1])]).data())[0]).toBeNaN();
      expect((await globalNorm([tf.tensor1d([3e38, 3e38])]).data())[0]).toBe(Infinity);
      expect((await globalNorm([tf.tensor2d([[3], [4]])]).data())[0]).toBe(5);
    });

    // Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
    it.skipIf(!usable)(
      'clips to the greatest norm, leaves smaller gradients alone and lets NaN through',
      async () => {
        const scalars = adamWScalars(at(2));
        const factor = async (norm: number): Promise<number> =>
          (await clippedScalars(scalars, tf.scalar(norm), 2).data())[7]!;
        expect(await factor(4)).toBeCloseTo(2 / (4 + 1e-6), 6);
        expect(await factor(1)).toBe(1);
        expect(await factor(Infinity)).toBe(0);
        expect(await factor(NaN)).toBeNaN();
        const clipped = await clippedScalars(scalars, tf.scalar(4), 2).data();
        expect([...clipped.slice(0, 7)]).toEqual([...(await scalars.data()).slice(0, 7)]);
      },
    );
  },
);
