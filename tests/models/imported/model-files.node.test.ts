/** Which kind of model files are, and what is said of those that are none. */
import { describe, expect, it } from 'vitest';
import { gatherModelFiles } from '../../../src/models/imported/model-files.ts';
import { graphModel, textFile } from './tiny-models.ts';

const gather = (...names: string[]) => gatherModelFiles(names.map((name) => textFile(name, '{}')));

describe('gatherModelFiles', () => {
  it('knows TensorFlow.js models and weights', () => {
    expect(gatherModelFiles(graphModel())).toMatchObject({ kind: 'tfjs', fileName: 'model.json' });
    expect(gather('net.safetensors')).toMatchObject({
      kind: 'safetensors',
      fileName: 'net.safetensors',
      config: null,
    });
  });

  it('takes the vocabulary that is chosen with a TensorFlow.js model, and keeps it apart from model.json', () => {
    expect(gatherModelFiles(graphModel())).toMatchObject({ vocabulary: null });
    const vocabulary = textFile('vocab.json', '[]');
    const wanted = { fileName: 'model.json', vocabulary: { fileName: 'vocab.json', text: '[]' } };
    expect(gatherModelFiles([vocabulary, ...graphModel()])).toMatchObject(wanted);
    const odd = graphModel().map((file) =>
      file.name === 'model.json' ? { ...file, name: 'vocab-model.json' } : file,
    );
    expect(gatherModelFiles([...odd, vocabulary])).toMatchObject({ ...wanted, fileName: 'vocab-model.json' });
    expect(() => gatherModelFiles([vocabulary, textFile('group1-shard1of1', '')])).toThrow(
      /no model\.json among what was chosen \(group1-shard1of1\)/,
    );
    expect(() => gatherModelFiles([vocabulary])).toThrow(/vocab\.json is not the model\.json/);
    expect(() => gatherModelFiles([...graphModel(), vocabulary, textFile('vocab.txt', '')])).toThrow(
      /vocab\.json and vocab\.txt are 2 vocabularies/,
    );
  });

  it('refuses one file of a model that is split over several', () => {
    expect(() => gather('model-00001-of-00002.safetensors', 'config.json')).toThrow(
      /model-00001-of-00002\.safetensors is part 1 of a model that is split over 2 files/,
    );
    expect(gather('model-00001-of-00001.safetensors')).toMatchObject({ kind: 'safetensors' });
  });

  it('keeps transformers’ preprocessor_config.json apart from the config', () => {
    expect(gather('a.safetensors', 'preprocessor_config.json')).toMatchObject({
      config: null,
      preprocessor: { fileName: 'preprocessor_config.json' },
    });
    expect(gather('a.safetensors', 'preprocessor_config.json', 'net.json')).toMatchObject({
      config: { fileName: 'net.json' },
    });
  });

  it('takes the config that is chosen with weights, config.json before others', () => {
    expect(gather('net.SafeTensors', 'net.json')).toMatchObject({
      config: { fileName: 'net.json', text: '{}' },
    });
    expect(gather('a.json', 'config.json', 'net.safetensors')).toMatchObject({
      config: { fileName: 'config.json' },
    });
  });

  it.each([
    [['a.safetensors', 'b.safetensors'], /a\.safetensors and b\.safetensors are 2 files of weights/],
    [['net.safetensors', 'a.json', 'b.json'], /a\.json and b\.json may each describe/],
    [['notes.txt'], /no model\.json/],
  ])('refuses %j', (names, sentence) => {
    expect(() => gather(...names)).toThrow(sentence);
  });

  it.each(['net.pt', 'net.pth', 'last.ckpt', 'pytorch_model.bin'])('tells how %s is converted', (name) => {
    const recipe =
      's.save_file({n: t.clone().contiguous() for n, t in ' +
      `f(torch.load('${name}', map_location='cpu', weights_only=True)).items()}, '${name}.safetensors')"`;
    expect(() => gather(name)).toThrow(recipe);
    expect(() => gather(name, 'config.json')).toThrow(recipe);
  });

  it('puts no name into the recipe that a shell would read as a command', () => {
    expect(() => gather("a'$(x).pt")).toThrow("torch.load('FILE'");
  });

  it('says of a .bin alone that it may lack its model.json', () => {
    expect(() => gather('weights.bin')).toThrow(/model\.json together with it/);
  });
});
