/** The private fields of tfjs-backend-webgpu that our kernels need are there, and dispatches of ours mix with the backend's own. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Kernel } from '../../src/tensors/kernel.ts';
import { asTensor, dispatch, emptyTensor, writable } from '../../src/tensors/webgpu-dispatch.ts';
import { missingFields, onWebgpu } from '../../src/tensors/webgpu-insides.ts';
import { hasWebgpu } from '../kernels/device.ts';
import { startWebgpu } from '../../src/tensors/backend.ts';

const webgpu = await hasWebgpu();

const double: Kernel = {
  key: 'test double and negate',
  code: () => `
    @group(0) @binding(0) var<storage, read> x: array<f32>;
    @group(0) @binding(1) var<storage, read_write> doubled: array<f32>;
    @group(0) @binding(2) var<storage, read_write> negated: array<f32>;
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
      if (id.x >= arrayLength(&x)) { return; }
      doubled[id.x] = 2.0 * x[id.x];
      negated[id.x] = -x[id.x];
    }`,
};

const addOne: Kernel = {
  key: 'test add one in place',
  code: () => `
    @group(0) @binding(0) var<storage, read_write> x: array<f32>;
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
      if (id.x < arrayLength(&x)) { x[id.x] += 1.0; }
    }`,
};

describe('missingFields', () => {
  it('names what a backend lacks and what has another type', () => {
    expect(missingFields({ dispatchCountInPass: '0' })).toContain('dispatchCountInPass: number');
    expect(missingFields({})).toContain('tensorToBinding: function');
  });
});

// Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)('dispatch (skipped where the browser has no WebGPU adapter)', () => {
  beforeAll(async () => {
    await startWebgpu();
  });

  it('finds every private field it relies on in the installed backend', () => {
    expect(onWebgpu()).toBe(true);
    expect(missingFields(tf.backend())).toEqual([]);
  });

  it('fills several outputs between stock kernels, over more dispatches than one submit holds', async () => {
    const before = tf.memory().numTensors;
    for (let round = 0; round < 20; round++) {
      const x = tf.tidy(() => tf.add(tf.range(0, 70), round));
      const outputs = [emptyTensor([70]), emptyTensor([70])];
      dispatch(double, [x, ...outputs], [2]);
      const [doubled, negated] = outputs.map((info) => asTensor(info));
      const sum = tf.tidy(() => tf.add(doubled!, negated!)); // 2x − x
      if (round === 19) expect(await sum.data()).toEqual(Float32Array.from({ length: 70 }, (_, i) => i + 19));
      tf.dispose([x, doubled!, negated!, sum]);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('writes a variable in place without a stale copy on the host and without touching its clones', async () => {
    const variable = tf.variable(tf.tensor1d([1, 2, 3]));
    expect([...(await variable.data())]).toEqual([1, 2, 3]); // the backend now remembers these
    const snapshot = tf.clone(variable);
    dispatch(addOne, [writable(variable)], [1]);
    const pending = variable.data();
    dispatch(addOne, [writable(variable)], [1]);
    expect([...(await pending)]).toEqual([2, 3, 4]);
    expect([...(await variable.data())]).toEqual([3, 4, 5]);
    expect([...(await snapshot.data())]).toEqual([1, 2, 3]);
    tf.dispose([snapshot, variable]);
  });

  it('refuses to run on another backend', async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    await tf.setBackend('cpu');
    expect(() => emptyTensor([1])).toThrow('need the webgpu backend');
    await tf.setBackend('webgpu');
  });

  it('says at the next dispatch that a kernel did not compile, instead of computing zeros', async () => {
    const output = emptyTensor([4]);
    const broken: Kernel = {
      key: 'test broken',
      code: () => '@compute @workgroup_size(1) fn main() { nothing = 1; }',
    };
    dispatch(broken, [], [1]);
    await vi.waitFor(() =>
      expect(() => dispatch(addOne, [output], [1])).toThrow('"test broken" does not compile'),
    );
  });
});
