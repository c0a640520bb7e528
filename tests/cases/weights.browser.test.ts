/**
 * Files of weights as people really have them: wrapped, with tensors beside the network, in chunks, with a norm after pooling, with other
 * heads than usual. The first numbers of each embedding are those of the collection (PyTorch, timm and TensorFlow.js outside of the lab).
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImportAnswers } from '../../src/models/imported/import-question.ts';
import { gatherTfjsFiles } from '../../src/models/imported/tfjs-files.ts';
import { loadTfjsModel } from '../../src/models/imported/tfjs-model.ts';
import { loadWeightsModel } from '../../src/models/imported/weights-model.ts';
import { useOfImageWeights, type UseOrQuestion } from '../../src/models/imported/weights-use.ts';
import type { WeightsUse } from '../../src/models/imported/weights-model.ts';
import { noConfig, parseModelConfig } from '../../src/models/weights/model-config.ts';
import { readSafetensorsHeader } from '../../src/models/weights/safetensors.ts';
import { packImages } from '../../src/kernels/image-bytes.ts';
import { prepareInput, type EncoderInput, type IntensityScaling } from '../../src/transforms/prepare.ts';
import { startWebgpu } from '../../src/tensors/backend.ts';
import { useBackend } from '../backends.ts';
import { browserCases } from '../fixtures/browser-cases.ts';
import type { CaseFile } from '../fixtures/cases.ts';

const side = 32;

/** Pixel i is 37 · i mod 256, row by row. */
function film(width = side): Uint8Array {
  return Uint8Array.from({ length: width ** 2 }, (_, i) => (37 * i) % 256);
}

/** The film as an encoder wants it, through the lab's own preparation. */
function prepared(input: EncoderInput, width = side): tf.Tensor4D {
  const statistics = { mean: 0.5, standardDeviation: 0.25 };
  const words = packImages(film(width), width ** 2);
  return prepareInput(
    tf.tensor2d(words, [1, words.length], 'int32'),
    { side: width, statistics },
    input,
    null,
  );
}

function useOf(
  file: CaseFile,
  config: object | null = null,
  answers: ImportAnswers = {},
  scaling: IntensityScaling | null = 'zeroToOne',
): UseOrQuestion<WeightsUse> {
  const { shapes } = readSafetensorsHeader(file.bytes);
  const said = config === null ? noConfig : parseModelConfig(JSON.stringify(config), 'config.json');
  return useOfImageWeights({ fileName: file.path, shapes, config: said, answers }, scaling);
}

async function firstNumbers(
  file: CaseFile,
  asked: UseOrQuestion<WeightsUse>,
): Promise<{ numbers: number[]; leftOut: string }> {
  if (asked.kind === 'question') throw new Error(asked.question.sentence);
  const encoder = loadWeightsModel(file.bytes.buffer, asked.use, { side, fileName: file.path });
  const values = tf.tidy(() => encoder.forward(prepared(encoder.input), false));
  const numbers = Array.from(await values.data()).slice(0, 6);
  values.dispose();
  encoder.dispose();
  return { numbers, leftOut: encoder.leftOut };
}

function expectNumbers(got: readonly number[], wanted: readonly number[], tolerance = 0.002): void {
  expect(got).toHaveLength(wanted.length);
  got.forEach((value, i) => expect(Math.abs(value - wanted[i]!), `number ${i}`).toBeLessThan(tolerance));
}

/** Every file of a case, from every place that has it, by its name. */
async function filesOf(name: string, part?: string): Promise<{ from: string; file: CaseFile }[]> {
  const places = await browserCases(name, part);
  return places.flatMap(({ from, files }) => files.map((file) => ({ from, file })));
}

beforeAll(() => useBackend('cpu'));

it('a tiny transformer with six heads is asked about, and right with the answer', async () => {
  for (const { file } of await filesOf('22-vit-with-other-heads')) {
    const open = useOf(file);
    expect(open).toMatchObject({
      kind: 'question',
      question: { topic: 'heads', sentence: expect.stringContaining('"blocks.0.attn.qkv.weight"') as string },
    });
    if (open.kind !== 'question') throw new Error('it was not asked');
    expect(open.question.choices[0]).toMatchObject({ value: '3', note: 'usual for this size' });
    const { numbers } = await firstNumbers(file, useOf(file, null, { heads: '6' }));
    expectNumbers(numbers, [0.34356, 0.47235, -2.77642, -0.85589, 0.56344, 1.63645]);
    const told = await firstNumbers(file, useOf(file, { model_args: { num_heads: 6 } }));
    expect(told.numbers).toEqual(numbers);
  }
});

const resnet = [0, 0.58875, 0, 0.50325, 0.45343, 0.22234];

it('compiled and parallel networks are what they are without wrappers', async () => {
  const files = await filesOf('24-compiled-weights');
  expect(files.length).toBeGreaterThan(0);
  for (const { file } of files) expectNumbers((await firstNumbers(file, useOf(file))).numbers, resnet, 1e-4);
});

it('a loss beside the network is left out and named', async () => {
  const files = await filesOf('25-lightning-with-a-loss');
  expect(files.length).toBeGreaterThan(0);
  for (const { file } of files) {
    const { numbers, leftOut } = await firstNumbers(file, useOf(file));
    expectNumbers(numbers, resnet, 1e-4);
    if (file.path.startsWith('model_and_loss')) expect(leftOut).toContain('criterion.pos_weight');
  }
});

it('half, brain and double precision give the same within their precision', async () => {
  for (const { file } of await filesOf('26-number-types'))
    expectNumbers((await firstNumbers(file, useOf(file))).numbers, resnet, 0.005);
});

it('the mean of the patches is normalised after pooling where the file says so', async () => {
  for (const { file } of await filesOf('28-mean-then-norm')) {
    const open = useOf(file);
    expect(open).toMatchObject({ kind: 'question', question: { topic: 'heads' } });
    const { numbers } = await firstNumbers(file, useOf(file, null, { heads: '2' }));
    expectNumbers(numbers, [-0.72521, 0.78731, -0.81373, 0.46006, 1.71019, 0.01958]);
  }
});

describe('a chest network of one channel', () => {
  const withThresholds = (path: string): boolean => path.startsWith('with_');

  it('leaves its thresholds out, and is not read with another scale than its own without a question', async () => {
    const files = await filesOf('29-chest-densenet-of-one-channel');
    expect(files.length).toBeGreaterThan(0);
    for (const { file } of files) {
      const open = useOf(file);
      if (withThresholds(file.path))
        expect(open).toMatchObject({
          kind: 'question',
          question: { topic: 'scaling', sentence: expect.stringContaining('"op_threshs"') as string },
        });
      const right = useOf(file, null, {}, 'minus1024To1024');
      const { numbers, leftOut } = await firstNumbers(file, right);
      expect(Math.abs(numbers[2]! - 489.1)).toBeLessThan(0.1);
      expect(leftOut.includes('op_threshs')).toBe(withThresholds(file.path));
      const told = useOf(file, { mean: [0.5], std: [0.00048828125] });
      expectNumbers((await firstNumbers(file, told)).numbers, numbers, 0.01);
      const insisted = useOf(file, null, { scaling: 'zeroToOne' });
      expect(Math.abs((await firstNumbers(file, insisted)).numbers[2]! - 0.306)).toBeLessThan(0.001);
    }
  });

  it('is asked for its intensities where nobody chose them', async () => {
    for (const { file } of await filesOf('29-chest-densenet-of-one-channel'))
      expect(useOf(file, null, {}, null)).toMatchObject({ kind: 'question', question: { topic: 'scaling' } });
  });
});

describe('layers of Keras', () => {
  const load = (files: readonly CaseFile[]) =>
    loadTfjsModel(gatherTfjsFiles(files.map(({ path, bytes }) => ({ name: path, bytes: bytes.buffer }))), {
      scaling: 'zeroToOne',
      side,
      fileName: 'model.json',
    });

  it('3 are refused with what to do', async () => {
    await startWebgpu();
    const places = await browserCases('30-keras-3-model');
    expect(places.length).toBeGreaterThan(0);
    for (const { files } of places)
      await expect(load(files)).rejects.toThrow(/Keras 3.*TF_USE_LEGACY_KERAS=1.*tfjs_graph_model/);
  });

  it('2 are read', async () => {
    await startWebgpu();
    const places = await browserCases('30-keras-3-model', 'keras2/input');
    expect(places.length).toBeGreaterThan(0);
    for (const { files } of places) {
      const encoder = await load(files);
      const values = tf.tidy(() => encoder.forward(prepared(encoder.input, 20), false));
      expectNumbers(Array.from(await values.data()), [0, 0.00026, 0, 0.00836], 0.0005);
      values.dispose();
      encoder.dispose();
    }
  });
});
