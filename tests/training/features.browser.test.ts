import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerKernels } from '../../src/kernels/registry.ts';
import { Random } from '../../src/random/random.ts';
import { startWebgpu, type Device } from '../../src/tensors/backend.ts';
import type { ImageSource } from '../../src/training/data.ts';
import { extractFeatures } from '../../src/training/features.ts';

const side = 64;
const films: ImageSource = {
  side,
  statistics: { mean: 0.5, standardDeviation: 0.3 },
  read: (rows) => {
    const bytes = new Uint8Array(rows.length * side * side);
    rows.forEach((row, i) => {
      const random = new Random(row);
      const base = random.integer(120);
      for (let p = 0; p < side * side; p++) bytes[i * side * side + p] = base + random.integer(100);
    });
    return Promise.resolve(bytes);
  },
};

async function featuresOf(
  device: Device,
  count: number,
  source = films,
): Promise<{ dimensions: number; values: Float32Array }> {
  const work = extractFeatures({ name: 'resnet', settings: { width: 8 } }, side, 1, source, count, () =>
    device.assertAlive(),
  );
  for (;;) {
    const next = await work.next();
    if (next.done) return next.value;
  }
}

describe('extractFeatures', () => {
  let device: Device;
  beforeAll(async () => {
    device = await startWebgpu();
    registerKernels();
  });

  it('tells films apart, film by film whatever the batch, and leaves no tensor', async () => {
    const before = tf.memory().numTensors;
    const { dimensions, values } = await featuresOf(device, 40);
    expect(tf.memory().numTensors).toBe(before);
    const first = values.slice(0, dimensions);
    const second = values.slice(dimensions, 2 * dimensions);
    expect(first.some((value, d) => Math.abs(value - second[d]!) > 1e-3)).toBe(true);
    // Film 0 again, in a batch of another size.
    const alone = await featuresOf(device, 1);
    expect(Array.from(alone.values)).toEqual(Array.from(first));
  });

  it('refuses features that are the same for every film', async () => {
    const black: ImageSource = {
      ...films,
      read: (rows) => Promise.resolve(new Uint8Array(rows.length * side * side)),
    };
    await expect(featuresOf(device, 3, black)).rejects.toThrow('same features');
  });
});
