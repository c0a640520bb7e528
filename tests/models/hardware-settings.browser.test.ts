/**
 * The settings that kernels take on graphics cards, with the fewest buffers that a card may bind, run where only software is at hand:
 * whole models against the cpu backend. They are slow here and right.
 */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it, vi } from 'vitest';
import { buildResNet } from '../../src/models/encoders/resnet.ts';
import { buildVisionTransformer } from '../../src/models/encoders/vit.ts';
import type { NamedVariable } from '../../src/models/parameters.ts';
import { textEncoders } from '../../src/models/text/registry.ts';
import { Random } from '../../src/random/random.ts';
import type { backends } from '../backends.ts';
import { useBackend } from '../backends.ts';
import { draws, hasWebgpu } from '../kernels/device.ts';

vi.mock(import('../../src/tensors/backend.ts'), async (original) => ({
  ...(await original()),
  runsInSoftware: () => false,
}));

// The least that WebGPU promises; every kernel must get by with it.
vi.mock(import('../../src/tensors/webgpu-dispatch.ts'), async (original) => ({
  ...(await original()),
  bufferLimit: () => 8,
}));

const webgpu = await hasWebgpu();
const films = (): tf.Tensor4D => tf.tensor4d(draws([3, 16, 16, 1], 'films'), [3, 16, 16, 1]);
const reports = [
  'no effusion and no pneumothorax',
  'small left effusion, unchanged',
  'the heart is enlarged; lines in place, no effusion seen',
];

interface Model {
  readonly variables: readonly NamedVariable[];
  readonly embed: () => tf.Tensor;
  readonly dispose: () => void;
}

const models: Readonly<Record<string, () => Model>> = {
  'a vision transformer': () => {
    const shape = {
      side: 16,
      patch: 4,
      inputChannels: 1,
      dimensions: 24,
      depth: 2,
      heads: 3,
      mlpRatio: 2,
      layerScale: null,
    };
    const encoder = buildVisionTransformer(shape, new Random(1));
    return {
      variables: encoder.variables,
      embed: () => encoder.forward(films(), true),
      dispose: () => encoder.dispose(),
    };
  },
  'a residual network': () => {
    const encoder = buildResNet(
      {
        ...{ block: 'basic', layers: [1, 1], channels: [8, 16], inputChannels: 1 },
        ...{ stemChannels: 8, stem: 'small', normalisation: 'group' },
      },
      new Random(1),
    );
    return {
      variables: encoder.variables,
      embed: () => encoder.forward(films(), true),
      dispose: () => encoder.dispose(),
    };
  },
  'a text transformer': () => {
    const entry = textEncoders['textTransformer']!;
    const fitted = entry.fit(reports, entry.smoke);
    const encoder = entry.build(fitted, entry.smoke, new Random(1));
    const ids = Int32Array.from(reports.flatMap((report) => [...fitted.encode(report)]));
    const embed = (): tf.Tensor => encoder.forward(tf.tensor2d(ids, [3, fitted.width], 'int32'), true);
    return { variables: encoder.variables, embed, dispose: () => encoder.dispose() };
  },
};

/** Loss and all gradients. */
async function numbersOf(
  backend: (typeof backends)[number],
  build: () => Model,
): Promise<Map<string, Float32Array>> {
  await useBackend(backend);
  const { variables, embed, dispose } = build();
  const list = variables.map(({ variable }) => variable);
  const { value, grads } = tf.variableGrads(
    () =>
      tf.tidy(() => {
        const embeddings = embed();
        const weights = tf.tensor(draws(embeddings.shape, 'dy'), embeddings.shape);
        return tf.mean(tf.square(tf.sub(embeddings, weights)));
      }),
    list,
  );
  const named = [
    ['loss', value] as const,
    ...variables.map(({ name, variable }) => [name, grads[variable.name]!] as const),
  ];
  const read = await Promise.all(
    named.map(async ([name, tensor]) => [name, (await tensor.data()) as Float32Array] as const),
  );
  tf.dispose([value, grads]);
  dispose();
  return new Map(read);
}

// Without an adapter there is nothing to compare.
describe.skipIf(!webgpu)(
  'the settings for graphics cards (skipped where the browser has no WebGPU adapter)',
  () => {
    it.each(Object.entries(models))(
      'give %s the loss and gradients of the cpu backend',
      { timeout: 120_000 },
      async (_name, build) => {
        const [ours, cpu] = [await numbersOf('webgpu', build), await numbersOf('cpu', build)];
        // To the largest number of all: the gradient of an attention's key bias is 0, and rounding alone has no scale of its own.
        const largest = Math.max(...[...cpu.values()].map((values) => Math.max(...values.map(Math.abs))));
        for (const [name, wanted] of cpu) {
          expect(ours.get(name), name).toHaveLength(wanted.length);
          const worst = Math.max(...wanted.map((value, i) => Math.abs(ours.get(name)![i]! - value)));
          expect(worst / largest, name).toBeLessThan(1e-5);
        }
      },
    );
  },
);
