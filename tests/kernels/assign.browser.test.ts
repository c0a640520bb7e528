/** New values in a variable's own buffer: what others hold of the old ones stays as it was, and a captured step may do it. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { assignInPlace } from '../../src/kernels/assign.ts';
import { compileProgram } from '../../src/tensors/program.ts';
import { backends, useBackend } from '../backends.ts';
import { draws, hasWebgpu } from './device.ts';

const webgpu = await hasWebgpu();

describe.each(backends.filter((name) => name === 'cpu' || webgpu))('assignInPlace on %s', (backend) => {
  beforeEach(() => useBackend(backend));

  it.each([[[1]], [[7]], [[4, 65]], [[0]]])('gives %j its values', async (shape) => {
    const values = draws(shape, 'new');
    const variable = tf.variable(tf.zeros(shape));
    const snapshot = tf.clone(variable);
    tf.tidy(() => assignInPlace(variable, tf.tensor(values, shape)));
    expect(await variable.data()).toEqual(values);
    expect(await snapshot.data()).toEqual(new Float32Array(values.length));
    tf.dispose([variable, snapshot]);
  });

  it('refuses another shape', () => {
    const variable = tf.variable(tf.zeros([2, 3]));
    expect(() => assignInPlace(variable, tf.zeros([3, 2]))).toThrow('has shape [2,3], its new value [3,2]');
    variable.dispose();
  });

  it('counts on from run to run of a program', async () => {
    const variable = tf.variable(tf.tensor1d([1, 2]));
    const program = await compileProgram({
      inputs: { x: { shape: [2], dtype: 'float32', values: new Float32Array(2) } },
      state: [variable],
      compute: ({ x }) => {
        assignInPlace(variable, tf.add(tf.mul(variable, 2), x!));
        return {};
      },
    });
    for (let run = 0; run < 3; run++) {
      program.run({ x: { shape: [2], dtype: 'float32', values: Float32Array.of(run, 0) } });
    }
    expect([...(await variable.data())]).toEqual([8 * 1 + 2 * 1 + 2, 16]);
    program.dispose();
    variable.dispose();
  });
});
