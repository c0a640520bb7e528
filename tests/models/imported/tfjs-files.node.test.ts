/**
 * The files of a model before anything is loaded: what fits is put in the order of model.json, what does not is refused by its name.
 */
import { describe, expect, it } from 'vitest';
import { gatherTfjsFiles, parseModelJson, type ModelFile } from '../../../src/models/imported/tfjs-files.ts';
import { inputOf } from '../../../src/models/imported/tfjs-input.ts';

function text(name: string, content: string): ModelFile {
  return { name, bytes: new TextEncoder().encode(content).buffer };
}

function bytes(name: string, ...values: number[]): ModelFile {
  return { name, bytes: Uint8Array.from(values).buffer };
}

const topology = { class_name: 'Sequential', config: {} };
const weights = [
  { name: 'a', shape: [2], dtype: 'float32' },
  { name: 'b', shape: [3], dtype: 'float32', quantization: { dtype: 'uint8', min: 0, scale: 1 } },
];

function modelJson(manifest: unknown, rest: object = {}): ModelFile {
  return text('model.json', JSON.stringify({ modelTopology: topology, weightsManifest: manifest, ...rest }));
}

const twoShards = modelJson([{ paths: ['weights/one.bin', 'two.bin'], weights }], { format: 'layers-model' });

describe('gatherTfjsFiles', () => {
  it('puts shards in the order of model.json, whatever the order of the files, and leaves others out', () => {
    const files = [
      bytes('two.bin', 7, 8, 9, 10, 11),
      text('labels.json', '["a"]'),
      bytes('other.bin', 99),
      twoShards,
      bytes('one.bin', 1, 2, 3, 4, 5, 6),
    ];
    const gathered = gatherTfjsFiles(files);
    expect([...new Uint8Array(gathered.weights)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(gathered.fileName).toBe('model.json');
    expect(gathered.modelJson).toContain('Sequential');
  });

  it.each<[string, ModelFile[], RegExp]>([
    ['nothing', [], /no model\.json among what was chosen \(no file\)/],
    ['another kind of model', [bytes('net.h5', 1)], /\(net\.h5\).*tensorflowjs_converter/],
    ['a missing shard', [twoShards, bytes('two.bin', 1)], /"one\.bin", which model\.json names, is missing/],
    [
      'a shard that is cut short',
      [twoShards, bytes('one.bin', 1, 2, 3), bytes('two.bin', 4, 5)],
      /"one\.bin", "two\.bin" are 5 bytes, but model\.json describes 11/,
    ],
    [
      'a shard twice',
      [twoShards, bytes('one.bin', 1), bytes('one.bin', 1), bytes('two.bin', 1)],
      /2 files called "one\.bin"/,
    ],
    ['two models', [twoShards, text('other.json', '{"modelTopology":1}')], /two models/],
    ['text that is not JSON', [text('model.json', '{')], /model\.json is not JSON/],
    ['other JSON', [text('labels.json', '["a"]')], /labels\.json is not the model\.json/],
    [
      'a manifest of unknown numbers',
      [modelJson([{ paths: [], weights: [{ name: 'a', shape: [1], dtype: 'float8' }] }])],
      /weightsManifest\.0\.weights\.0\.dtype/,
    ],
    ['a format nobody knows', [modelJson([], { format: 'tea-model' })], /format "tea-model"/],
  ])('refuses %s', (_words, files, sentence) => {
    expect(() => gatherTfjsFiles(files)).toThrow(sentence);
    expect(() => gatherTfjsFiles(files)).toThrow(expect.objectContaining({ name: 'InputError' }) as Error);
  });
});

describe('parseModelJson', () => {
  it.each([
    [{ node: [] }, 'graph-model'],
    [{ model_config: {} }, 'layers-model'],
    [{ class_name: 'Functional' }, 'layers-model'],
  ])('knows %o, of an old converter, as a %s', (modelTopology, format) => {
    const json = JSON.stringify({ modelTopology, weightsManifest: [] });
    expect(parseModelJson(json, 'm.json').format).toBe(format);
  });
});

describe('inputOf', () => {
  const input = (shape: (number | null)[], dtype = 'float32') => [{ shape, dtype }];
  it.each([
    [[null, 224, 192, 3], { batch: null, height: 224, width: 192, channels: 3 }],
    [[-1, -1, -1, 1], { batch: null, height: 64, width: 64, channels: 1 }],
    [[1, 96, 96, 3], { batch: 1, height: 96, width: 96, channels: 3 }],
  ])('reads %o', (shape, wanted) => expect(inputOf(input(shape), 64, 'm')).toEqual(wanted));

  it.each<[string, Parameters<typeof inputOf>[0], RegExp]>([
    ['no input', [], /0 inputs/],
    ['two inputs', [...input([1, 2, 2, 1]), ...input([1, 5])], /2 inputs/],
    ['whole numbers', input([null, 8, 8, 3], 'int32'), /int32/],
    ['a row of numbers', input([null, 784]), /\[any, 784\]/],
    ['channels that are left open', input([null, 8, 8, null]), /channels/],
    ['channels first', input([null, 3, 224, 224]), /channels last/],
    ['no shape', [{}], /shape \[\]/],
  ])('refuses %s', (_words, inputs, sentence) => {
    expect(() => inputOf(inputs, 64, 'm.json')).toThrow(sentence);
  });
});
