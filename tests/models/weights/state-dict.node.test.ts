/**
 * Loading by name: layouts turned the right way, and nothing loaded when something does not fit.
 */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { NamedVariable } from '../../../src/models/parameters.ts';
import { loadStateDict, readStateDict } from '../../../src/models/weights/state-dict.ts';

const linear: NamedVariable = {
  name: 'fc.weight',
  variable: tf.variable(tf.zeros([2, 3])),
  decay: true,
  layout: 'linear',
};
const convolution: NamedVariable = {
  name: 'conv.weight',
  variable: tf.variable(tf.zeros([1, 2, 3, 4])),
  decay: true,
  layout: 'convolution',
};
const bias: NamedVariable = { name: 'fc.bias', variable: tf.variable(tf.zeros([3])), decay: false };
const parameters = [linear, convolution, bias];

function count(from: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => from + i);
}

function stored(): Map<string, { shape: number[]; values: Float32Array }> {
  return new Map([
    ['fc.weight', { shape: [3, 2], values: count(0, 6) }],
    ['conv.weight', { shape: [4, 3, 1, 2], values: count(10, 24) }],
    ['fc.bias', { shape: [3], values: count(50, 3) }],
  ]);
}

describe('loadStateDict', () => {
  it('turns linear and convolution weights', () => {
    loadStateDict(parameters, stored());
    expect(linear.variable.arraySync()).toEqual([
      [0, 2, 4],
      [1, 3, 5],
    ]);
    // PyTorch's [out 1, in 2, row 0, column 1] is value 10 + ((1 · 3 + 2) · 1 + 0) · 2 + 1 = 21
    expect((convolution.variable.arraySync() as number[][][][])[0]![1]![2]![1]).toBe(21);
    expect(bias.variable.arraySync()).toEqual([50, 51, 52]);
  });

  it('gives back what was loaded', async () => {
    loadStateDict(parameters, stored());
    expect(await readStateDict(parameters)).toEqual(stored());
  });

  it('tells all that is missing, left over and misshapen, and loads nothing', () => {
    loadStateDict(parameters, stored());
    const wrong = stored();
    wrong.delete('fc.weight');
    wrong.set('conv.weight', { shape: [2, 3, 1, 4], values: count(0, 24) });
    wrong.set('fc.bias', { shape: [3], values: count(0, 3) });
    wrong.set('head.bias', { shape: [1], values: count(0, 1) });
    wrong.set('bn.num_batches_tracked', { shape: [], values: count(0, 1) });
    expect(() => loadStateDict(parameters, wrong)).toThrow(
      'The weights do not fit this encoder: missing: fc.weight; not known here: head.bias; ' +
        'conv.weight has shape [2, 3, 1, 4], expected [4, 3, 1, 2].',
    );
    expect(bias.variable.arraySync()).toEqual([50, 51, 52]);
  });

  it('leaves over what may be left over', () => {
    const more = stored().set('head.bias', { shape: [1], values: count(0, 1) });
    const mayBeExtra = (name: string): boolean => name.startsWith('head.');
    expect(() => loadStateDict(parameters, more, { mayBeExtra })).not.toThrow();
  });

  it('keeps no tensor', () => {
    const before = tf.memory().numTensors;
    loadStateDict(parameters, stored());
    expect(tf.memory().numTensors).toBe(before);
  });
});
