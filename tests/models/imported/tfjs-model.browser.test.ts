/**
 * People's own models: the features are those of the model's own predict on the same films, prepared by hand; what cannot be used is
 * refused in words; nothing stays on the device.
 */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restoreStockKernels } from '../../../src/kernels/override.ts';
import { registerKernels } from '../../../src/kernels/registry.ts';
import { gatherTfjsFiles, type ModelFile } from '../../../src/models/imported/tfjs-files.ts';
import { loadTfjsLibrary } from '../../../src/models/imported/tfjs-library.ts';
import { loadTfjsModel, type TfjsEncoder } from '../../../src/models/imported/tfjs-model.ts';
import { imageWords, packImages } from '../../../src/kernels/image-bytes.ts';
import { Random } from '../../../src/random/random.ts';
import { startWebgpu } from '../../../src/tensors/backend.ts';
import { embedImages } from '../../../src/training/images.ts';
import type { IntensityScaling } from '../../../src/transforms/prepare.ts';
import { graphModel, savedLayersModel, textFile } from './tiny-models.ts';

const side = 20;
const source = { side, statistics: { mean: 0.4, standardDeviation: 0.25 } };

function films(count: number): Uint8Array {
  const random = new Random('films');
  return Uint8Array.from({ length: count * side * side }, () => random.integer(256));
}

function load(files: readonly ModelFile[], scaling: IntensityScaling = 'zeroToOne'): Promise<TfjsEncoder> {
  return loadTfjsModel(gatherTfjsFiles(files), { scaling, side: 24, fileName: 'model.json' });
}

async function features(encoder: TfjsEncoder, bytes: Uint8Array): Promise<number[]> {
  const embeddings = tf.tidy(() => {
    const words = imageWords(side ** 2);
    const packed = tf.tensor2d(packImages(bytes, side ** 2), [bytes.length / side ** 2, words], 'int32');
    return embedImages(encoder, { films: packed }, source, 999, false);
  });
  const values = await embeddings.data();
  embeddings.dispose();
  return [...values];
}

/** The films as the model should get them, computed on the host. */
function prepared(bytes: Uint8Array, scaling: IntensityScaling, channels: number): Float32Array {
  const { mean, standardDeviation } = source.statistics;
  const values = new Float32Array(bytes.length * channels);
  bytes.forEach((byte, i) => {
    const unit = byte / 255;
    const scaled = {
      zeroToOne: unit,
      minusOneToOne: 2 * unit - 1,
      minus1024To1024: 1024 * (2 * unit - 1),
      standardised: (unit - mean) / standardDeviation,
    }[scaling];
    values.fill(scaled, i * channels, (i + 1) * channels);
  });
  return values;
}

function largestDifference(got: readonly number[], wanted: ArrayLike<number>): number {
  expect(got.length).toBe(wanted.length);
  return Math.max(...got.map((value, i) => Math.abs(value - wanted[i]!)));
}

beforeAll(async () => {
  await startWebgpu();
  registerKernels();
});
afterAll(() => restoreStockKernels());

describe('the library', () => {
  it('brings no second core, no other backend, no gradients of its own', async () => {
    const sum = tf.getGradient('Sum');
    const { Tensor, engine } = await loadTfjsLibrary();
    expect(tf.getBackend()).toBe('webgpu');
    expect(engine()).toBe(tf.engine());
    expect(tf.getGradient('Sum')).toBe(sum);
    expect(tf.findBackendFactory('webgl')).toBeNull();
    expect(tf.findBackendFactory('cpu')).toBeNull();
    const ours = tf.tensor1d([1, 2, 3]);
    expect(ours).toBeInstanceOf(Tensor);
    const theirs = await import('@tensorflow/tfjs');
    const doubled = theirs.mul(ours, 2);
    expect([...(await doubled.data())]).toEqual([2, 4, 6]);
    tf.dispose([ours, doubled]);
  });
});

describe('a layers model', () => {
  it.each(['zeroToOne', 'minusOneToOne', 'standardised'] as const)(
    'gives the features of its own predict, films scaled %s',
    async (scaling) => {
      const { sequential, layers } = await import('@tensorflow/tfjs');
      const model = sequential({
        layers: [
          layers.conv2d({ inputShape: [side, side, 3], filters: 6, kernelSize: 3, activation: 'relu' }),
          layers.maxPooling2d({ poolSize: 2 }),
          layers.conv2d({ filters: 7, kernelSize: 3, useBias: false }),
          layers.batchNormalization(),
          layers.flatten(),
          layers.dense({ units: 4, activation: 'tanh' }),
        ],
      });
      const files = await savedLayersModel(model);
      const bytes = films(3);
      const input = tf.tensor4d(prepared(bytes, scaling, 3), [3, side, side, 3]);
      const output = model.predict(input) as tf.Tensor;
      const wanted = await output.data();
      tf.dispose([input, output]);
      model.dispose();

      const before = tf.memory().numTensors;
      const encoder = await load(files, scaling);
      expect(encoder.dimensions).toBe(4);
      expect(encoder.input).toEqual({ height: side, width: side, channels: 3, scaling });
      expect(largestDifference(await features(encoder, bytes), wanted)).toBeLessThan(1e-5);
      encoder.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('of any size takes films of the study’s side; tokens are averaged', async () => {
    const { sequential, layers } = await import('@tensorflow/tfjs');
    const open = sequential({
      layers: [
        layers.conv2d({ inputShape: [null, null, 1], filters: 4, kernelSize: 2 }),
        layers.reshape({ targetShape: [-1, 4] }),
      ],
    });
    const files = await savedLayersModel(open);
    const weights = await Promise.all(open.getWeights().map((weight) => weight.data()));
    open.dispose();
    const encoder = await load(files);
    expect(encoder.input).toMatchObject({ height: 24, width: 24, channels: 1 });
    expect(encoder.dimensions).toBe(4);
    // A constant film meets the same weights everywhere: its mean token is the kernel's sum, times the grey, plus the bias.
    const grey = tf.fill<tf.Rank.R4>([1, 24, 24, 1], 0.5);
    const embedding = tf.tidy(() => encoder.forward(grey, false));
    const [kernel, bias] = weights;
    const wanted = [0, 1, 2, 3].map(
      (d) => bias![d]! + 0.5 * [0, 1, 2, 3].reduce((sum, place) => sum + kernel![place * 4 + d]!, 0),
    );
    expect(largestDifference([...(await embedding.data())], wanted)).toBeLessThan(1e-5);
    tf.dispose([grey, embedding]);
    encoder.dispose();
  });
});

/** The graph of `graphModel` in plain loops: convolution "same" with stride 2, rectifier, mean. */
function graphByHand(input: Float32Array, kernel: Float32Array, channels: number, filters: number): number[] {
  const out = side / 2;
  const features = new Array<number>(filters).fill(0);
  // "SAME" with stride 2 and an even side pads one row below and one column to the right.
  for (let y = 0; y < out; y++)
    for (let x = 0; x < out; x++)
      for (let f = 0; f < filters; f++) {
        let sum = 0;
        for (let dy = 0; dy < 3; dy++)
          for (let dx = 0; dx < 3; dx++) {
            const [row, column] = [2 * y + dy, 2 * x + dx];
            if (row >= side || column >= side) continue;
            for (let c = 0; c < channels; c++)
              sum +=
                input[(row * side + column) * channels + c]! *
                kernel[((dy * 3 + dx) * channels + c) * filters + f]!;
          }
        features[f]! += Math.max(0, sum) / out ** 2;
      }
  return features;
}

describe('a graph model', () => {
  const bytes = films(3);
  const wanted = ([channels, filters]: [number, number], files: ModelFile[]): number[] => {
    const kernel = new Float32Array(files[1]!.bytes.slice(0, 4 * 9 * channels * filters));
    const input = prepared(bytes, 'minusOneToOne', channels);
    const size = input.length / 3;
    return [0, 1, 2].flatMap((film) =>
      graphByHand(input.slice(film * size, (film + 1) * size), kernel, channels, filters),
    );
  };

  it.each([
    ['any number of films', {}],
    ['one film at a time', { batch: 1 }],
    ['two films at a time, the last with black', { batch: 2 }],
    ['places that are averaged here', { pooled: false }],
    ['one channel', { channels: 1 }],
  ])('gives the features of the same sums in plain loops: %s', async (_words, sizes) => {
    const files = graphModel(sizes);
    const channels = 'channels' in sizes ? 1 : 3;
    const before = tf.memory().numTensors;
    const encoder = await load(files, 'minusOneToOne');
    expect(encoder.dimensions).toBe(5);
    expect(encoder.variables).toEqual([]);
    expect(largestDifference(await features(encoder, bytes), wanted([channels, 5], files))).toBeLessThan(
      1e-5,
    );
    encoder.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the same on our kernels and on the stock ones', async () => {
    const encoder = await load(graphModel(), 'standardised');
    const ours = await features(encoder, bytes);
    restoreStockKernels();
    const stock = await features(encoder, bytes);
    registerKernels();
    encoder.dispose();
    expect(largestDifference(ours, stock)).toBeLessThan(1e-5);
  });

  it('of any size takes films of the study’s side', async () => {
    const encoder = await load(graphModel({ side: -1 }));
    expect(encoder.input).toMatchObject({ height: 24, width: 24, channels: 3 });
    encoder.dispose();
  });
});

describe('refused, with nothing left on the device', () => {
  const damaged = (): ModelFile[] => {
    const [json, { name, bytes }] = graphModel() as [ModelFile, ModelFile];
    const values = bytes.slice(0);
    new Float32Array(values).fill(NaN, 0, 20);
    return [json, { name, bytes: values }];
  };
  const layersJson = (layer: string): ModelFile[] => [
    textFile(
      'model.json',
      JSON.stringify({
        format: 'layers-model',
        modelTopology: {
          class_name: 'Sequential',
          config: {
            name: 's',
            layers: [
              {
                class_name: 'Dense',
                config: { name: 'd', units: 3, batch_input_shape: [null, 8, 8, 3], dtype: 'float32' },
              },
              { class_name: layer, config: { name: 'l' } },
            ],
          },
        },
        weightsManifest: [],
      }),
    ),
  ];
  it.each<[string, () => ModelFile[], RegExp]>([
    ['an operation nobody knows', () => graphModel({ activation: 'Frobnicate' }), /operation "Frobnicate"/],
    ['an operation that decides as it runs', () => graphModel({ activation: 'Where' }), /operation "Where"/],
    ['whole-number pixels', () => graphModel({ dtype: 'DT_INT32' }), /int32.*float32/],
    ['channels first', () => graphModel({ channels: 40 }), /channels last/],
    ['weights that are not numbers', damaged, /not finite/],
    ['a layer nobody knows', () => layersJson('Frobnicator'), /layer "Frobnicator"/],
    ['weights that are not there', () => layersJson('Flatten'), /model\.json cannot be used/],
  ])('%s', async (_words, files, sentence) => {
    await loadTfjsLibrary();
    const before = tf.memory().numTensors;
    await expect(load(files())).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(sentence) as string,
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.getBackend()).toBe('webgpu');
  });
});
