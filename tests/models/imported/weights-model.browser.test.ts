/**
 * A person's own weights as an encoder, against features of timm (tests/reference/data): recognised by names alone, folded to grey,
 * resampled to other films; and files that do not fit.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildDenseNet } from '../../../src/models/encoders/densenet.ts';
import type { ImageEncoder } from '../../../src/models/encoder.ts';
import { buildResNet } from '../../../src/models/encoders/resnet.ts';
import { buildVisionTransformer } from '../../../src/models/encoders/vit.ts';
import { loadWeightsModel, type WeightsUse } from '../../../src/models/imported/weights-model.ts';
import { imageNetwork, recognise, type Recognised } from '../../../src/models/weights/recognise.ts';
import { readSafetensors, writeSafetensors } from '../../../src/models/weights/safetensors.ts';
import { loadStateDict } from '../../../src/models/weights/state-dict.ts';
import { Undrawn } from '../../../src/models/weights/undrawn.ts';
import { backends, useBackend } from '../../backends.ts';
import {
  excess,
  numbers,
  readReference,
  readReferenceBytes,
  type ReferenceArray,
  type ReferenceCase,
} from '../../reference/reference.ts';

/** The webgpu backend may be ten times looser, as in tests/reference. */
const looser = { cpu: 1, webgpu: 10 } as const;

type Weights = Map<string, { shape: readonly number[]; values: Float32Array }>;

interface Tiny {
  readonly reference: ReferenceCase;
  readonly weights: ArrayBuffer;
  readonly use: WeightsUse;
  /** [films, height, width, channels] */
  readonly films: () => tf.Tensor4D;
  readonly side: number;
  readonly pooled: ReferenceArray;
  readonly features: ReferenceArray;
}

async function tiny(name: string, scaling: WeightsUse['scaling'] = 'standardised'): Promise<Tiny> {
  const reference = (await readReference(`models/${name}.json`)).cases[0]!;
  const { images } = reference.inputs as unknown as Record<string, ReferenceArray>;
  const { eval: expected } = reference.expected as unknown as { eval: Record<string, ReferenceArray> };
  const { config } = reference.args as unknown as { config: Record<string, number> };
  return {
    reference,
    weights: (await readReferenceBytes(`models/${name}.safetensors`)).buffer,
    use: { scaling, heads: config['num_heads'] ?? null, pooling: null },
    films: () => tf.transpose(tf.tensor4d(numbers(images!), images!.shape as never), [0, 2, 3, 1]),
    side: images!.shape[3]!,
    pooled: expected['pooled']!,
    features: expected['forward_features']!,
  };
}

function read(weights: ArrayBuffer): Weights {
  return new Map(readSafetensors(new Uint8Array(weights)).tensors) as Weights;
}

function written(weights: Weights): ArrayBuffer {
  return writeSafetensors(weights).buffer;
}

/** The network as it was trained, with all its channels. */
function colourTwin({ weights, use }: Tiny): ImageEncoder {
  const tensors = read(weights);
  const network = imageNetwork(tensors, null, 'twin');
  const encoder = asTrained(recognise(network, use, 'twin'));
  loadStateDict([...encoder.variables, ...(encoder.buffers ?? [])], network.tensors);
  return encoder;
}

function asTrained(found: Recognised): ImageEncoder {
  switch (found.kind) {
    case 'resnet':
      return buildResNet(found.config, new Undrawn());
    case 'densenet':
      return buildDenseNet(found.config, new Undrawn());
    case 'vit':
      return buildVisionTransformer(found.config, new Undrawn());
    default:
      return found satisfies never;
  }
}

async function expectReference(
  got: tf.Tensor,
  wanted: ReferenceArray,
  { reference }: Tiny,
  backend: (typeof backends)[number],
): Promise<void> {
  const { atol, rtol } = reference.tolerance!;
  expect(got.shape).toEqual(wanted.shape);
  const over = excess(await got.data(), wanted, atol * looser[backend], rtol * looser[backend]);
  expect(over).toBeLessThanOrEqual(0);
}

/** Largest difference as a share of the largest value. */
async function relativeDifference(a: tf.Tensor, b: tf.Tensor): Promise<number> {
  expect(a.shape).toEqual(b.shape);
  const [x, y] = [await a.data(), await b.data()];
  const largest = Math.max(...x.map(Math.abs));
  expect(largest).toBeGreaterThan(0.01);
  return Math.max(...x.map((value, i) => Math.abs(value - y[i]!))) / largest;
}

for (const backend of backends) {
  describe(`own weights on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it.each(['tiny_resnet_basic', 'tiny_densenet', 'tiny_vit'])('%s gives timm’s features', async (name) => {
      const model = await tiny(name);
      const encoder = loadWeightsModel(model.weights, model.use, { side: model.side, fileName: 'w' });
      await expectReference(encoder.forward(model.films(), false), model.pooled, model, backend);
      expect(encoder.dimensions).toBe(model.pooled.shape[1]);
      encoder.dispose();
    });

    it.each(['tiny_resnet_bottleneck', 'tiny_vit_dinov2_style'])(
      '%s is recognised, and gives timm’s features on colour images',
      async (name) => {
        const model = await tiny(name);
        const encoder = colourTwin(model);
        await expectReference(encoder.forward(model.films(), false), model.pooled, model, backend);
        encoder.dispose();
      },
    );

    // How weights are read and rearranged is the same on both backends, and their layers are tested on both elsewhere.
    if (backend === 'webgpu') return;

    // ImageNet's, whose means and deviations differ; means that differ where deviations do not; neither.
    const imagenet = { mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225] };
    const scalings = [
      imagenet,
      { mean: [0.2, 0.5, 0.9], standardDeviation: [0.3] },
      { mean: [0.5], standardDeviation: [0.25] },
    ];
    for (const name of ['tiny_resnet_bottleneck', 'tiny_vit_dinov2_style']) {
      it.each(scalings)(
        `${name} sees a grey film as it saw it in each channel, scaled by %o`,
        async (scaling) => {
          const model = await tiny(name, scaling);
          const encoder = loadWeightsModel(model.weights, model.use, { side: model.side, fileName: 'w' });
          const twin = colourTwin(model);
          const film = tf.clipByValue(tf.abs(tf.slice(model.films(), [0, 0, 0, 0], [-1, -1, -1, 1])), 0, 1);
          const colour = tf.div<tf.Tensor4D>(
            tf.sub(tf.tile(film, [1, 1, 1, 3]), tf.tensor1d(scaling.mean)),
            tf.tensor1d(scaling.standardDeviation),
          );
          const { scaling: own } = encoder.input;
          if (typeof own === 'string') throw new Error('the scaling of the weights is not kept');
          const grey = tf.div<tf.Tensor4D>(tf.sub(film, own.centre), own.scale);
          expect(encoder.input.channels).toBe(1);
          const difference = await relativeDifference(
            twin.forward(colour, false),
            encoder.forward(grey, false),
          );
          expect(difference).toBeLessThan(1e-4);
          encoder.dispose();
          twin.dispose();
        },
      );
    }

    it('sees standardised films as it saw them repeated in three channels', async () => {
      const model = await tiny('tiny_resnet_bottleneck', 'standardised');
      const encoder = loadWeightsModel(model.weights, model.use, { side: model.side, fileName: 'w' });
      const twin = colourTwin(model);
      const grey = tf.slice(model.films(), [0, 0, 0, 0], [-1, -1, -1, 1]);
      const colour = tf.tile(grey, [1, 1, 1, 3]);
      expect(
        await relativeDifference(twin.forward(colour, false), encoder.forward(grey, false)),
      ).toBeLessThan(1e-4);
      encoder.dispose();
      twin.dispose();
    });

    it('with positions of patches only (no_embed_class) gives the features of the same network with a placed class token', async () => {
      const model = await tiny('tiny_vit');
      const tensors = read(model.weights);
      const [token, positions] = [tensors.get('cls_token')!, tensors.get('pos_embed')!];
      const [, rows, dimensions] = positions.shape as [number, number, number];
      // timm's own conversion for DINOv2 with registers: the class token takes its position with it.
      const placed = token.values.map((value, i) => value + positions.values[i]!);
      tensors.set('cls_token', { shape: token.shape, values: placed });
      const values = positions.values.slice(dimensions);
      tensors.set('pos_embed', { shape: [1, rows - 1, dimensions], values });
      const encoder = loadWeightsModel(written(tensors), model.use, { side: model.side, fileName: 'w' });
      await expectReference(encoder.forward(model.films(), false), model.pooled, model, backend);
      encoder.dispose();
    });

    it('with registers under DINOv2’s own names is timm’s network with registers', async () => {
      // DINOv2: cat(cls, patches) + positions, then registers between; timm: positions of patches, cls placed before.
      const model = await tiny('tiny_vit');
      const own = read(model.weights);
      const [token, positions] = [own.get('cls_token')!, own.get('pos_embed')!];
      const [, rows, dimensions] = positions.shape as [number, number, number];
      const registers = {
        shape: [1, 2, dimensions],
        values: Float32Array.from({ length: 2 * dimensions }, (_, i) => Math.sin(i)),
      };
      own.set('register_tokens', registers);
      own.set('mask_token', { shape: [1, dimensions], values: new Float32Array(dimensions) });
      const encoder = loadWeightsModel(written(own), model.use, { side: model.side, fileName: 'w' });

      const tensors = read(model.weights);
      const found = recognise(imageNetwork(tensors, null, 'w'), model.use, 'w');
      if (found.kind !== 'vit') throw new Error('it is a vision transformer');
      // Registers that have positions too, which are zero.
      const twin = buildVisionTransformer({ ...found.config, registers: 2 }, new Undrawn());
      const widened = new Float32Array((rows + 2) * dimensions);
      widened.set(positions.values.subarray(0, dimensions));
      widened.set(positions.values.subarray(dimensions), 3 * dimensions);
      tensors.set('pos_embed', { shape: [1, rows + 2, dimensions], values: widened });
      tensors.set('cls_token', token).set('reg_token', registers);
      loadStateDict(twin.variables, imageNetwork(tensors, null, 'w').tensors);
      const [wanted, got] = [twin.forward(model.films(), false), encoder.forward(model.films(), false)];
      expect(await relativeDifference(wanted, got)).toBeLessThan(1e-4);
      const plain = loadWeightsModel(model.weights, model.use, { side: model.side, fileName: 'w' });
      expect(await relativeDifference(wanted, plain.forward(model.films(), false))).toBeGreaterThan(1e-3);
      for (const built of [encoder, twin, plain]) built.dispose();
    });

    it('whose config asks for it gives the mean of the patches', async () => {
      const model = await tiny('tiny_vit');
      const use = { ...model.use, pooling: 'mean' } as const;
      const encoder = loadWeightsModel(model.weights, use, { side: model.side, fileName: 'w' });
      const { shape } = model.features;
      const tokens = tf.tensor3d(numbers(model.features), shape as [number, number, number]);
      const wanted = tf.mean(tf.slice(tokens, [0, 1, 0]), 1);
      const difference = await relativeDifference(wanted, encoder.forward(model.films(), false));
      expect(difference).toBeLessThan(1e-4 * looser[backend]);
      encoder.dispose();
    });

    it('takes wrappers and heads off its names', async () => {
      const model = await tiny('tiny_resnet_basic');
      const wrapped = new Map(
        [...read(model.weights)].map(([name, tensor]) => [`module.encoder.${name}`, tensor]),
      );
      wrapped.set('head.weight', { shape: [1, 1], values: Float32Array.of(1) });
      const encoder = loadWeightsModel(written(wrapped), model.use, { side: model.side, fileName: 'w' });
      await expectReference(encoder.forward(model.films(), false), model.pooled, model, backend);
      encoder.dispose();
    });

    it.each([
      ['tiny_vit', 32, 32],
      ['tiny_vit', 64, 64],
      ['tiny_vit', 50, 48],
      ['tiny_vit', 3, 8],
      ['tiny_vit_dinov2_style', 60, 63],
      ['tiny_resnet_basic', 20, 32],
      ['tiny_densenet', 20, 32],
      ['tiny_densenet', 45, 45],
    ])('%s for films of %i px takes %i px', async (name, side, taken) => {
      const model = await tiny(name);
      const before = tf.memory().numTensors;
      const encoder = loadWeightsModel(model.weights, model.use, { side, fileName: 'w' });
      expect(encoder.input).toMatchObject({ height: taken, width: taken });
      const values = tf.tidy(() =>
        encoder.forward(tf.randomNormal([2, taken, taken, 1], 0, 1, 'float32', 1), false),
      );
      expect(values.shape).toEqual([2, encoder.dimensions]);
      const [first, second] = (await values.array()) as [number[], number[]];
      expect([...first, ...second].every(Number.isFinite)).toBe(true);
      expect(first).not.toEqual(second);
      values.dispose();
      encoder.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    it('can be trained whole: every weight has a gradient', async () => {
      for (const name of ['tiny_resnet_bottleneck', 'tiny_densenet', 'tiny_vit']) {
        const imagenetWhereColour = name === 'tiny_resnet_bottleneck' ? imagenet : 'standardised';
        const model = await tiny(name, imagenetWhereColour);
        const encoder = loadWeightsModel(model.weights, model.use, { side: model.side, fileName: 'w' });
        const film = tf.slice(model.films(), [0, 0, 0, 0], [-1, -1, -1, 1]);
        const { grads } = tf.variableGrads(
          () => tf.mean(tf.square(encoder.forward(film, true))),
          encoder.variables.map(({ variable }) => variable),
        );
        for (const { name: weight, variable } of encoder.variables) {
          const gradient = await grads[variable.name]!.data();
          expect(gradient.every(Number.isFinite), weight).toBe(true);
          if (/conv|fc1\.weight/.test(weight))
            expect(
              gradient.some((value) => value !== 0),
              weight,
            ).toBe(true);
        }
        encoder.dispose();
      }
    });
  });
}

describe('weights that do not fit', () => {
  beforeAll(() => useBackend('cpu'));

  const refusal = (weights: ArrayBuffer, use: WeightsUse): string => {
    const before = tf.memory().numTensors;
    try {
      loadWeightsModel(weights, use, { side: 32, fileName: 'own.safetensors' });
    } catch (error) {
      expect((error as Error).name).toBe('InputError');
      expect(tf.memory().numTensors).toBe(before);
      return (error as Error).message;
    }
    throw new Error('they were taken');
  };

  it('are told by what is missing, left over and misshapen, with what is known', async () => {
    const { weights, use } = await tiny('tiny_resnet_basic');
    const tensors = read(weights);
    tensors.delete('layer2.0.conv2.weight');
    tensors.set('layer1.0.se.weight', { shape: [1], values: Float32Array.of(1) });
    tensors.set('bn1.weight', { shape: [3], values: Float32Array.of(1, 2, 3) });
    const sentence = refusal(written(tensors), use);
    expect(sentence).toMatch(/^own\.safetensors: .*missing: layer2\.0\.conv2\.weight;/);
    expect(sentence).toContain('not known here: layer1.0.se.weight');
    expect(sentence).toContain('bn1.weight has shape [3], expected [64]');
    expect(sentence).toContain('DenseNet-121');
  });

  it('tell no more than eight names of a kind', async () => {
    const { weights, use } = await tiny('tiny_resnet_basic');
    const tensors = read(weights);
    for (let i = 0; i < 100; i++) tensors.set(`layer1.more.${i}`, { shape: [1], values: Float32Array.of(1) });
    expect(refusal(written(tensors), use)).toMatch(/layer1\.more\.7 and 92 more/);
  });

  it('without a class token that has a position are told so', async () => {
    const { weights, use } = await tiny('tiny_vit');
    const tensors = read(weights);
    tensors.delete('cls_token');
    expect(refusal(written(tensors), use)).toContain('missing: cls_token');
  });

  it('with a first convolution for five channels are refused', async () => {
    const { weights, use } = await tiny('tiny_resnet_basic');
    const tensors = read(weights);
    tensors.set('conv1.weight', { shape: [64, 5, 7, 7], values: new Float32Array(64 * 5 * 49) });
    expect(refusal(written(tensors), use)).toMatch(/one channel or three/);
  });

  it('with a mean for other channels are refused', async () => {
    const { weights, use } = await tiny('tiny_resnet_basic');
    const scaling = { mean: [0, 0, 0], standardDeviation: [1, 1, 1] };
    expect(refusal(weights, { ...use, scaling })).toMatch(/one channel, but .* of 3\./);
  });

  it('that were cut off are refused by name', async () => {
    const { weights, use } = await tiny('tiny_resnet_basic');
    expect(refusal(weights.slice(0, 5000), use)).toMatch(/^own\.safetensors: /);
  });
});
