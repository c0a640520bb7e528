/** Numbers from a counter against the published answers, on host and device; dropout against its definition, and anew in every run. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { philox, philoxWgsl, uniformOf, type Words } from '../../../src/kernels/reference/counter-random.ts';
import { dropout, dropoutFactors } from '../../../src/kernels/reference/dropout.ts';
import { compileProgram } from '../../../src/tensors/program.ts';
import { asTensor, dispatch, emptyTensor } from '../../../src/tensors/webgpu-dispatch.ts';
import { backends, useBackend } from '../../backends.ts';
import { difference, draws, hasWebgpu } from '../device.ts';

const webgpu = await hasWebgpu();

/** Counter, key and answer of philox4x32-10, from the known answers that come with Random123. */
const known: readonly [counter: Words, key: readonly [number, number], answer: Words][] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

describe('philox', () => {
  it.each(known)('of %j with %j is the published answer', (counter, key, answer) => {
    expect(philox(counter, key)).toEqual(answer);
  });

  it('is as uniform as 4,000 draws can show', () => {
    const numbers = Array.from({ length: 1000 }, (_, i) =>
      philox([i, 0, 0, 0], [1, 2]).map(uniformOf),
    ).flat();
    const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 / Math.sqrt(12 * numbers.length));
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
  });
});

// Without an adapter there is no device whose bits could be compared.
describe.skipIf(!webgpu)('philox on the device (skipped where the browser has no WebGPU adapter)', () => {
  beforeAll(() => useBackend('webgpu'));

  it.each(known)('of %j with %j has the same bits', async (counter, key, answer) => {
    const given = tf.tensor1d(Int32Array.from([...counter, ...key]), 'int32');
    const words = emptyTensor([4], 'int32');
    const code = (): string => `${philoxWgsl}
@group(0) @binding(0) var<storage, read> given: array<u32>;
@group(0) @binding(1) var<storage, read_write> words: array<u32>;
@compute @workgroup_size(1) fn main() {
  let answer = philox(vec4u(given[0], given[1], given[2], given[3]), vec2u(given[4], given[5]));
  for (var i = 0u; i < 4u; i++) { words[i] = answer[i]; }
  let unused = uniforms(answer);
}`;
    dispatch({ key: 'test philox', code, integers: [0, 1] }, [given, words], [1]);
    const got = asTensor(words);
    expect([...(await got.data())].map((word) => word >>> 0)).toEqual([...answer]);
    tf.dispose([given, got]);
  });
});

describe.each(backends.filter((name) => name === 'cpu' || webgpu))('dropout on %s', (backend) => {
  beforeEach(() => useBackend(backend));
  const counter = [123, -7, 5, 2];

  it.each([[[1]], [[7]], [[4, 65]], [[33, 9, 3]]])(
    'of %j is its definition, and so is its gradient',
    async (shape) => {
      const x = draws(shape, 'x');
      const factors = dropoutFactors(x.length, 0.3, counter);
      const [value, grad] = tf.tidy(() => {
        const where = tf.tensor1d(counter, 'int32');
        const op = (input: tf.Tensor): tf.Tensor => dropout(input, 0.3, where);
        const result = tf.valueAndGrad(op)(tf.tensor(x, shape), tf.tensor(draws(shape, 'dy'), shape));
        return [result.value, result.grad];
      });
      expect(
        difference(
          await value.data(),
          x.map((number, i) => number * factors[i]!),
        ),
      ).toBeLessThan(1e-6);
      const slope = draws(shape, 'dy').map((number, i) => number * factors[i]!);
      expect(difference(await grad.data(), slope)).toBeLessThan(1e-6);
      tf.dispose([value, grad]);
    },
  );

  it('drops the share that it says, other numbers for other counters, and what is infinite', async () => {
    const count = 4000;
    const ones = tf.ones([count]);
    const at = async (...words: number[]): Promise<number[]> => [
      ...(await dropout(ones, 0.25, tf.tensor1d(words, 'int32')).data()),
    ];
    const first = await at(1, 2, 3, 4);
    const dropped = first.filter((value) => value === 0).length / count;
    expect(Math.abs(dropped - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / count));
    for (const other of [await at(2, 2, 3, 4), await at(1, 2, 4, 4), await at(1, 2, 3, 5)])
      expect(other).not.toEqual(first);
    expect(await at(1, 2, 3, 4)).toEqual(first);
    const infinite = await dropout(tf.fill([64], Infinity), 0.5, tf.tensor1d(counter, 'int32')).data();
    expect(new Set(infinite)).toEqual(new Set([0, Infinity]));
  });

  it('is the identity at rate 0, and refuses rates out of range', () => {
    const x = tf.ones([3]);
    const where = tf.tensor1d(counter, 'int32');
    expect(dropout(x, 0, where)).toBe(x);
    expect(() => dropout(x, 1, where)).toThrow('rate must be in [0, 1), got 1');
  });

  it('drops the same numbers on host and device where a draw lies between the rate and its float32', async () => {
    const draw = uniformOf(philox([0, 2206678, 0, 0], [0, 0])[3]);
    expect([draw < 0.7, draw >= Math.fround(0.7)]).toEqual([true, true]);
    const words = [0, 0, 2206678, 0];
    const got = await dropout(tf.ones([4]), 0.7, tf.tensor1d(words, 'int32')).data();
    expect(got[3]).toBeGreaterThan(0);
    expect(dropoutFactors(4, 0.7, words)[3]).toBeGreaterThan(0);
  });

  it('draws anew in every run of a program', async () => {
    const inputsOf = (step: number) => ({
      x: { shape: [64], dtype: 'float32' as const, values: new Float32Array(64).fill(1) },
      counter: { shape: [4], dtype: 'int32' as const, values: Int32Array.of(9, 9, step, 0) },
    });
    const program = await compileProgram({
      inputs: inputsOf(0),
      state: [],
      compute: ({ x, counter: where }) => ({ y: dropout(x!, 0.5, where as tf.Tensor1D) }),
    });
    for (const step of [1, 2]) {
      program.run(inputsOf(step));
      expect(await program.read('y')).toEqual(dropoutFactors(64, 0.5, [9, 9, step, 0]));
    }
    program.dispose();
  });
});
