/** Weighted sums of many tensors: the numbers of the reference, place by place, and of the whole batch when its parts are averaged. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { accumulate, accumulateReference, type Places } from '../../src/kernels/accumulate.ts';
import { compileProgram } from '../../src/tensors/program.ts';
import { backends, useBackend } from '../backends.ts';
import { difference, draws, hasWebgpu } from './device.ts';

const webgpu = await hasWebgpu();

/** More than one dispatch of any device's bindings below 46; sizes of 1, none, odd, whole vectors, and past a workgroup. */
const shapes = Array.from({ length: 23 }, (_, i) => [[1], [0], [7], [4, 65], [3, 3, 5, 2], [513]][i % 6]!);

function places(seed: string): (tf.Tensor | undefined)[] {
  return shapes.map((shape, i) => (i % 5 === 3 ? undefined : tf.tensor(draws(shape, `${seed}${i}`), shape)));
}

async function valuesOf(tensors: Places): Promise<(Float32Array | undefined)[]> {
  return Promise.all(tensors.map(async (tensor) => tensor?.data<'float32'>()));
}

describe.each(backends.filter((name) => name === 'cpu' || webgpu))('accumulate on %s', (backend) => {
  beforeEach(() => useBackend(backend));

  it('adds shares of each tensor', async () => {
    const share = 1 / 3;
    const seeds = ['a', 'b', 'c'];
    const before = tf.memory().numTensors;
    const sums = tf.tidy(() => {
      let total: Places | null = null;
      for (const seed of seeds) total = accumulate(total, places(seed), share);
      return [...total!] as tf.Tensor[];
    });
    (await valuesOf(sums)).forEach((got, i) => {
      if (i % 5 === 3) {
        expect(got).toBeUndefined();
        return;
      }
      let wanted: Float32Array | null = null;
      for (const seed of seeds) {
        wanted = accumulateReference(wanted, draws(shapes[i]!, `${seed}${i}`), share);
      }
      expect(difference(got!, wanted!)).toBeLessThan(1e-6);
    });
    tf.dispose(sums);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves what is added as it was, and lets NaN and infinity through', async () => {
    const given = [NaN, Infinity, 2, -3, 5];
    const [addend, twin] = [tf.tensor1d(given), tf.tensor1d([1, -Infinity, 2, -3, NaN])];
    const sums = accumulate(accumulate(null, [addend], 0.5), [twin], 0.5);
    expect([...(await sums[0]!.data())]).toEqual([NaN, NaN, 2, -3, NaN]);
    expect([...(await addend.data())]).toEqual(given);
    tf.dispose([addend, twin, ...(sums as tf.Tensor[])]);
  });

  it('averages the gradients of parts to those of the whole batch', async () => {
    const weights = [tf.variable(tf.tensor(draws([6, 5]), [6, 5])), tf.variable(tf.tensor(draws([5]), [5]))];
    const rows = 8;
    const x = tf.tensor2d(draws([rows, 6], 'x'), [rows, 6]);
    const gradientsOf = (some: tf.Tensor2D): tf.Tensor[] => {
      const loss = (): tf.Scalar =>
        tf.mean(tf.square(tf.sigmoid(tf.add(tf.matMul(some, weights[0] as tf.Tensor2D), weights[1]!))));
      const { grads } = tf.variableGrads(loss, weights);
      return weights.map(({ name }) => grads[name]!);
    };
    const whole = await valuesOf(tf.tidy(() => gradientsOf(x)));
    const parts = tf.tidy(() => {
      let sums: Places | null = null;
      for (let i = 0; i < 4; i++)
        sums = accumulate(sums, gradientsOf(tf.slice(x, [2 * i, 0], [2, 6])), 1 / 4);
      return [...sums!] as tf.Tensor[];
    });
    (await valuesOf(parts)).forEach((got, i) => expect(difference(got!, whole[i]!)).toBeLessThan(1e-6));
    tf.dispose([...weights, x, ...parts]);
  });

  it('refuses sums that do not fit', () => {
    tf.tidy(() => {
      const sums = accumulate(null, [tf.zeros([2]), undefined], 1);
      expect(() => accumulate(sums, [tf.zeros([3]), undefined], 1)).toThrow('sum 0 is [2], its addend [3]');
      expect(() => accumulate(sums, [tf.zeros([2]), tf.zeros([1])], 1)).toThrow('sum 1 is missing');
      expect(() => accumulate(sums, [tf.zeros([2])], 1)).toThrow('its addend missing');
    });
  });
});

// Without an adapter nothing is captured.
describe.skipIf(!webgpu)(
  'accumulate in a captured step (skipped where the browser has no WebGPU adapter)',
  () => {
    it('gives the same numbers to the last bit, run after run', async () => {
      await useBackend('webgpu');
      const shape = [4, 33];
      const inputsOf = (run: number) => ({
        x: { shape, dtype: 'float32' as const, values: draws(shape, `run ${run}`) },
      });
      const results = [];
      for (const eager of [true, false]) {
        const program = await compileProgram({
          inputs: inputsOf(0),
          state: [],
          eager,
          compute: ({ x }) => {
            const first = accumulate(null, [tf.square(x!), tf.sum(x!)], 0.5);
            const [a, b] = accumulate(first, [tf.exp(x!), tf.mean(x!)], 0.5);
            return { a: a!, b: b! };
          },
        });
        for (const run of [1, 2]) {
          program.run(inputsOf(run));
          results.push(await Promise.all([program.read('a'), program.read('b')]));
        }
        program.dispose();
      }
      expect(results.slice(2)).toEqual(results.slice(0, 2));
      expect(results[0]).not.toEqual(results[1]);
    });
  },
);
