/** A block that is computed again in the backward pass has the gradients of one that is not, and keeps less until then. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageEncoder } from '../../src/models/encoder.ts';
import { buildResNet, type ResNetConfig } from '../../src/models/encoders/resnet.ts';
import { buildVisionTransformer } from '../../src/models/encoders/vit.ts';
import { recomputed } from '../../src/models/recompute.ts';
import { Random } from '../../src/random/random.ts';
import { compileProgram } from '../../src/tensors/program.ts';
import { backends, useBackend } from '../backends.ts';
import { draws } from '../kernels/device.ts';

const filmShape: [number, number, number, number] = [2, 16, 16, 1];

const resnetConfig: ResNetConfig = {
  block: 'basic',
  layers: [1, 1, 2],
  channels: [8, 16, 16],
  inputChannels: 1,
  stemChannels: 8,
  stem: 'small',
  normalisation: 'group',
};

const models: Readonly<Record<string, (recompute: boolean) => ImageEncoder>> = {
  vit: (recompute) => {
    const shape = { side: 16, patch: 8, inputChannels: 1, dimensions: 16, depth: 3, heads: 2, mlpRatio: 4 };
    return buildVisionTransformer({ ...shape, layerScale: 0.5, recompute }, new Random('weights'));
  },
  resnet: (recompute) => buildResNet({ ...resnetConfig, recompute }, new Random('weights')),
};

interface Outcome {
  readonly loss: tf.Tensor;
  readonly gradients: tf.Tensor[];
  /** Held by tensors when the backward pass begins. */
  readonly bytes: number;
}

/** Loss and the gradients of films and weights. */
function outcomeOf(encoder: ImageEncoder, films: tf.Tensor4D): Outcome {
  let bytes = 0;
  const measured = tf.customGrad((...all) => {
    const value = tf.mean((all as tf.Tensor[])[0]!);
    const gradFunc = (dy: tf.Tensor): tf.Tensor => {
      ({ numBytes: bytes } = tf.memory());
      return tf.fill([2, encoder.dimensions], 1 / (2 * encoder.dimensions)).mul(dy);
    };
    return { value, gradFunc };
  });
  const variables = encoder.variables.map(({ variable }) => variable);
  const loss = (): tf.Scalar => measured(tf.square(encoder.forward(films, true))) as tf.Scalar;
  const { value, grads } = tf.engine().gradients(loss, [films, ...variables]);
  return { loss: value, gradients: grads, bytes };
}

for (const backend of backends) {
  describe(`recomputation on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it.each(Object.entries(models))('%s: same loss and gradients, to the last bit', async (_, build) => {
      const before = tf.memory().numTensors;
      const runs = [false, true].map((recompute) => {
        const encoder = build(recompute);
        const films = tf.tensor4d(draws(filmShape), filmShape);
        const start = tf.memory().numBytes;
        const outcome = tf.tidy(() => {
          const { loss, gradients, bytes } = outcomeOf(encoder, films);
          return { loss, gradients, bytes: bytes - start };
        });
        return { ...outcome, encoder, films };
      });
      const [kept, again] = await Promise.all(
        runs.map(({ loss, gradients }) => Promise.all([loss, ...gradients].map((x) => x.data()))),
      );
      expect(kept!.slice(1).every((values) => values.some((x) => x !== 0))).toBe(true);
      expect(again).toEqual(kept);
      expect(runs[1]!.bytes).toBeLessThan(runs[0]!.bytes / 2);
      for (const { loss, gradients, encoder, films } of runs) {
        tf.dispose([loss, ...gradients, films]);
        encoder.dispose();
      }
      expect(tf.memory().numTensors).toBe(before);
    });

    it('gives gradients inside a tape that goes on before and after', async () => {
      const weight = tf.variable(tf.tensor([0.5, -1.5, 2]));
      const x = tf.tensor([1, 2, -3]);
      const f = (y: tf.Tensor): tf.Tensor => tf.mul(tf.sin(y), tf.mul(weight, weight));
      const loss = (again: boolean) => (): tf.Scalar => {
        const inner = tf.mul(x, weight);
        return tf.sum(tf.exp(tf.mul(0.1, again ? recomputed(f, [inner], [weight]) : f(inner))));
      };
      const grads = await Promise.all(
        [false, true].map((again) => tf.variableGrads(loss(again), [weight]).grads[weight.name]!.data()),
      );
      grads[1]!.forEach((value, i) => expect(value).toBeCloseTo(grads[0]![i]!, 5));
      expect(grads[0]!.every((value) => value !== 0)).toBe(true);
      tf.dispose([weight, x]);
    });

    it('refuses a variable that the block does not use', () => {
      const [used, unused] = [tf.variable(tf.ones([2])), tf.variable(tf.ones([2]), true, 'idle')];
      const f = (x: tf.Tensor): tf.Tensor => tf.mul(x, used);
      const loss = (): tf.Scalar => tf.sum(recomputed(f, [tf.ones([2])], [used, unused]));
      expect(() => tf.tidy(() => tf.variableGrads(loss, [used]))).toThrow('depend on "idle"');
      tf.dispose([used, unused]);
    });
  });
}

describe('recomputation', () => {
  it('is refused to blocks with running statistics', () => {
    const build = (): ImageEncoder =>
      buildResNet({ ...resnetConfig, normalisation: 'batch', recompute: true }, new Random('weights'));
    expect(build).toThrow('updated twice');
  });

  it.each(Object.entries(models))('%s: a captured step is the step itself', async (_, build) => {
    await useBackend('webgpu');
    const encoder = build(true);
    const values = draws(filmShape, 'films');
    const inputs = { films: { shape: filmShape, dtype: 'float32' as const, values } };
    const results = [];
    for (const eager of [true, false]) {
      const program = await compileProgram({
        inputs,
        state: [],
        eager,
        compute: ({ films }) => {
          const { loss, gradients } = outcomeOf(encoder, films as tf.Tensor4D);
          return { loss, ...Object.fromEntries(gradients.map((gradient, i) => [`${i}`, gradient])) };
        },
      });
      program.run(inputs);
      const names = ['loss', ...Object.keys([0, ...encoder.variables])];
      results.push(await Promise.all(names.map((name) => program.read(name))));
      program.dispose();
    }
    expect(results[1]).toEqual(results[0]);
    encoder.dispose();
  });
});
