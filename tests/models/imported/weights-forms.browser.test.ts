/**
 * One network in the forms in which people have it: behind prefixes, beside other tensors, in chunks, under transformers' names, with its
 * last norm after pooling. The numbers are those of vit_numpy.py beside this file (numpy, float64) for tiny_vit with 3 heads.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadWeightsModel, type WeightsUse } from '../../../src/models/imported/weights-model.ts';
import { readSafetensors, writeSafetensors } from '../../../src/models/weights/safetensors.ts';
import { backends, useBackend } from '../../backends.ts';
import { readReferenceBytes } from '../../reference/reference.ts';

type Weights = Map<string, { shape: readonly number[]; values: Float32Array }>;

const use: WeightsUse = { scaling: 'zeroToOne', heads: 3, pooling: null };
const place = { side: 32, fileName: 'own.safetensors' };

/** The class token after the norm; the mean of the patches after it; the norm of that mean. */
const classToken = [0.145312, 2.422947, -0.72087, -0.633863, -1.266567, -0.63005];
const meanOfPatches = [-0.314014, 1.161198, -0.457245, 0.36457, -0.373921, -0.011653];
const normOfMean = [-0.339983, 1.209588, -0.483974, 0.378889, -0.381665, -0.008934];
const tolerance = 2e-4;

async function tiny(name = 'tiny_vit'): Promise<Weights> {
  const { tensors } = readSafetensors(await readReferenceBytes(`models/${name}.safetensors`));
  return new Map(tensors) as Weights;
}

function renamed(weights: Weights, rename: (name: string) => string): Weights {
  return new Map([...weights].map(([name, tensor]) => [rename(name), tensor]));
}

const one = (shape: readonly number[] = [1]): { shape: readonly number[]; values: Float32Array } => ({
  shape,
  values: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(1),
});

/** Pixel i is (37 · i mod 256) / 255. */
function film(): tf.Tensor4D {
  const values = Float32Array.from({ length: 32 ** 2 }, (_, i) => ((37 * i) % 256) / 255);
  return tf.tensor4d(values, [1, 32, 32, 1]);
}

async function embedded(
  weights: Weights,
  asked: WeightsUse = use,
): Promise<{ numbers: number[]; leftOut: string; input: unknown }> {
  const encoder = loadWeightsModel(writeSafetensors(weights).buffer, asked, place);
  const values = tf.tidy(() => encoder.forward(film(), false));
  const numbers = Array.from(await values.data()).slice(0, 6);
  values.dispose();
  encoder.dispose();
  return { numbers, leftOut: encoder.leftOut, input: encoder.input };
}

function refusal(weights: Weights, asked: WeightsUse = use): string {
  const before = tf.memory().numTensors;
  try {
    loadWeightsModel(writeSafetensors(weights).buffer, asked, place);
  } catch (error) {
    expect((error as Error).name).toBe('InputError');
    expect(tf.memory().numTensors).toBe(before);
    return (error as Error).message;
  }
  throw new Error('it was taken');
}

const difference = (got: readonly number[], wanted: readonly number[]): number =>
  Math.max(...wanted.map((value, i) => Math.abs(value - got[i]!)));

/** transformers' ViTModel and Dinov2Model name their parts so (modeling_vit.py, modeling_dinov2.py). */
const transformersNames = {
  vit: [
    ['norm1.', 'layernorm_before.'],
    ['norm2.', 'layernorm_after.'],
    ['mlp.fc1.', 'intermediate.dense.'],
    ['mlp.fc2.', 'output.dense.'],
  ],
  dinov2: [
    ['ls1.gamma', 'layer_scale1.lambda1'],
    ['ls2.gamma', 'layer_scale2.lambda1'],
  ],
} as const;

/** The same network as transformers would keep it: other names, and a map each for queries, keys and values. */
function asTransformers(weights: Weights, model: keyof typeof transformersNames): Weights {
  const named: Weights = new Map();
  for (const [name, tensor] of weights) {
    const theirs = name
      .replace(/^blocks\.(\d+)\./, `encoder.layer.$1.`)
      .replace(/^patch_embed\.proj\./, 'embeddings.patch_embeddings.projection.')
      .replace(/^pos_embed$/, 'embeddings.position_embeddings')
      .replace(/^cls_token$/, 'embeddings.cls_token')
      .replace(/^norm\./, 'layernorm.')
      .replace('.attn.proj.', '.attention.output.dense.');
    const inBlock = transformersNames[model].find(
      ([timm]) => theirs.startsWith('encoder.') && theirs.includes(timm),
    );
    const full = inBlock ? theirs.replace(inBlock[0], inBlock[1]) : theirs;
    if (!full.includes('.attn.qkv.')) {
      named.set(`${model}.${full}`, tensor);
      continue;
    }
    const third = tensor.values.length / 3;
    ['query', 'key', 'value'].forEach((part, i) => {
      const shape = [tensor.shape[0]! / 3, ...tensor.shape.slice(1)];
      const values = tensor.values.slice(i * third, (i + 1) * third);
      named.set(`${model}.${full.replace('attn.qkv', `attention.attention.${part}`)}`, { shape, values });
    });
  }
  return named;
}

for (const backend of backends) {
  describe(`a vision transformer on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it('is its class token, or the mean of its patches, as it is asked for; other heads are another network', async () => {
      const weights = await tiny();
      expect(difference((await embedded(weights)).numbers, classToken)).toBeLessThan(tolerance);
      const mean = await embedded(weights, { ...use, pooling: 'mean' });
      expect(difference(mean.numbers, meanOfPatches)).toBeLessThan(tolerance);
      const others = await embedded(weights, { ...use, heads: 4 });
      expect(difference(others.numbers, classToken)).toBeGreaterThan(0.1);
    });

    it('with fc_norm is the norm of the mean, and the class token where that is asked for', async () => {
      const weights = renamed(await tiny(), (name) => name.replace(/^norm\./, 'fc_norm.'));
      expect(difference((await embedded(weights)).numbers, normOfMean)).toBeLessThan(tolerance);
      const token = await embedded(weights, { ...use, pooling: 'class' });
      expect(difference(token.numbers, classToken)).toBeLessThan(tolerance);
    });
  });
}

describe('the same network', () => {
  beforeAll(() => useBackend('cpu'));

  it.each([
    '_orig_mod.',
    'module._orig_mod.',
    'model.module.backbone.',
    'student.encoder_q.',
    'image_encoder.visual.trunk.',
    'anything.at.all.',
  ])('behind "%s" is the same', async (prefix) => {
    const weights = renamed(await tiny(), (name) => prefix + name);
    expect(difference((await embedded(weights)).numbers, classToken)).toBeLessThan(tolerance);
  });

  it('whose parts were compiled or sharded each for itself is the same', async () => {
    const weights = renamed(await tiny(), (name) =>
      name.replace(/^blocks\.(\d+)\./, 'blocks.$1._fsdp_wrapped_module._orig_mod.'),
    );
    expect(difference((await embedded(weights)).numbers, classToken)).toBeLessThan(tolerance);
  });

  it('beside losses, heads, queues and a text encoder is the same, and they are named', async () => {
    const weights = renamed(await tiny(), (name) => `model.visual.${name}`);
    weights.set('criterion.pos_weight', one([14]));
    weights.set('model.logit_scale', one([]));
    weights.set('model.text.embeddings.word_embeddings.weight', one([5, 8]));
    weights.set('op_threshs', one([18]));
    const { numbers, leftOut } = await embedded(weights);
    expect(difference(numbers, classToken)).toBeLessThan(tolerance);
    for (const name of [
      'criterion.pos_weight',
      'model.logit_scale',
      'model.text.embeddings',
      'op_threshs',
      'model.visual.head.weight',
    ])
      expect(leftOut).toContain(name);
    expect(leftOut).not.toContain('patch_embed');
  });

  it.each([
    ['counted through', (block: number) => `${Math.floor(block / 2)}.${block}`],
    ['counted anew in each', (block: number) => `${Math.floor(block / 2)}.${block % 2}`],
  ])('with its blocks in chunks, %s, is the same', async (_, chunked) => {
    const weights = renamed(await tiny(), (name) =>
      `teacher.backbone.${name}`.replace(
        /blocks\.(\d+)\./,
        (_all, block) => `blocks.${chunked(Number(block))}.`,
      ),
    );
    weights.set('teacher.dino_head.mlp.0.weight', one([4, 4]));
    weights.set('teacher.backbone.mask_token', one([1, 48]));
    const { numbers, leftOut } = await embedded(weights);
    expect(difference(numbers, classToken)).toBeLessThan(tolerance);
    expect(leftOut).toMatch(/teacher\.dino_head\.mlp\.0\.weight/);
    expect(leftOut).toContain('teacher.backbone.mask_token');
  });

  it('in chunks of which a block is missing is refused', async () => {
    const weights = renamed(await tiny(), (name) => name.replace(/^blocks\.(\d+)\./, 'blocks.0.$1.'));
    for (const name of [...weights.keys()]) if (name.startsWith('blocks.0.1.')) weights.delete(name);
    expect(refusal(weights)).toMatch(/blocks\.0/);
  });

  it('under transformers’ names is the same', async () => {
    const weights = asTransformers(await tiny(), 'vit');
    weights.set('vit.pooler.dense.weight', one([48, 48]));
    const { numbers, leftOut } = await embedded(weights);
    expect(difference(numbers, classToken)).toBeLessThan(tolerance);
    expect(leftOut).toContain('vit.pooler.dense.weight');
  });

  it('as transformers’ DINOv2 is timm’s DINOv2', async () => {
    const weights = await tiny('tiny_vit_dinov2_style');
    const asked = { ...use, heads: 4 };
    const embed = async (tensors: Weights): Promise<number[]> => {
      const encoder = loadWeightsModel(writeSafetensors(tensors).buffer, asked, { ...place, side: 28 });
      const values = tf.tidy(() =>
        encoder.forward(tf.randomUniform([1, 28, 28, 1], 0, 1, 'float32', 3), false),
      );
      const numbers = Array.from(await values.data());
      values.dispose();
      encoder.dispose();
      return numbers;
    };
    expect(difference(await embed(asTransformers(weights, 'dinov2')), await embed(weights))).toBeLessThan(
      1e-6,
    );
  });

  it.each([
    ['densenet121.features', 'denselayer$1.norm.$2.'],
    ['features', 'denselayer$1.layers.norm$2.'],
  ])('a DenseNet of old names under "%s" is the same', async (module, names) => {
    const weights = await tiny('tiny_densenet');
    const old = renamed(weights, (name) =>
      name
        .replace(/^features\./, `module.${module}.`)
        .replace(/denselayer(\d+)\.norm(\d)\./, names)
        .replace(/denselayer(\d+)\.conv(\d)\./, names.replace('norm', 'conv')),
    );
    expect((await embedded(old)).numbers).toEqual((await embedded(weights)).numbers);
  });
});

describe('what computes something else', () => {
  beforeAll(() => useBackend('cpu'));

  it.each([
    ['norm_pre.weight', [48]],
    ['blocks.0.attn.q_norm.weight', [16]],
    ['blocks.0.attn.relative_position_bias_table', [4, 3]],
    ['blocks.1.mlp.norm.weight', [192]],
    ['patch_embed.norm.weight', [48]],
    ['attn_pool.latent', [1, 1, 48]],
    ['rope.freqs', [8]],
  ])('a vision transformer with "%s" is refused by that name', async (name, shape) => {
    const weights = renamed(await tiny(), (own) => `module.${own}`);
    weights.set(`module.${name}`, one(shape));
    expect(refusal(weights)).toContain(`not known here: module.${name}`);
  });

  it.each([
    ['layer1.0.se.fc1.weight', [4, 64, 1, 1]],
    ['layer1.0.downsample.2.weight', [64]],
    ['conv2.weight', [64, 64, 3, 3]],
    ['attnpool.positional_embedding', [50, 8]],
    ['maxpool.0.weight', [64, 64, 3, 3]],
  ])('a ResNet with "%s" is refused by that name', async (name, shape) => {
    const weights = await tiny('tiny_resnet_basic');
    weights.set(name, one(shape));
    expect(refusal(weights)).toContain(`not known here: ${name}`);
  });

  it('a ResNeXt, a network without biases of queries, and one with two last norms are refused by name', async () => {
    const grouped = await tiny('tiny_resnet_bottleneck');
    const { shape } = grouped.get('layer1.0.conv2.weight')!;
    grouped.set('layer1.0.conv2.weight', one([shape[0]!, shape[1]! / 4, 3, 3]));
    expect(refusal(grouped)).toContain('layer1.0.conv2.weight has shape');

    const without = renamed(await tiny(), (name) => `net.${name}`);
    without.delete('net.blocks.2.attn.qkv.bias');
    expect(refusal(without)).toContain('missing: net.blocks.2.attn.qkv.bias');

    const both = await tiny();
    both.set('fc_norm.weight', one([48])).set('fc_norm.bias', one([48]));
    expect(refusal(both)).toMatch(/"norm\.weight" and "fc_norm\.weight".*cannot be told/);
  });

  it.each(['embeddings.token_type_embeddings.weight', 'encoder.relative_position_bias.table'])(
    'transformers’ ViT with "%s" is refused by that name',
    async (name) => {
      const weights = asTransformers(await tiny(), 'vit');
      weights.set(`vit.${name}`, one([2, 48]));
      expect(refusal(weights)).toContain(`not known here: vit.${name}`);
    },
  );

  it('a distilled DeiT is refused by its token', async () => {
    const weights = renamed(await tiny(), (name) => `model.${name}`);
    weights.set('model.dist_token', one([1, 1, 48]));
    expect(refusal(weights)).toContain('"model.dist_token"');
  });

  it('a file of two networks is refused by both, and read where one is named', async () => {
    const weights = renamed(await tiny(), (name) => `teacher.backbone.${name}`);
    for (const [name, tensor] of await tiny()) weights.set(`student.backbone.${name}`, tensor);
    const other = weights.get('student.backbone.pos_embed')!;
    weights.set('student.backbone.pos_embed', { ...other, values: other.values.map((value) => 2 * value) });
    expect(refusal(weights)).toMatch(/2 networks: "teacher\.backbone\.…" and "student\.backbone\.…"/);
    const teacher = await embedded(weights, { ...use, part: 'teacher.backbone.' });
    expect(difference(teacher.numbers, classToken)).toBeLessThan(tolerance);
    expect(teacher.leftOut).toMatch(/student\.… \(\d+ tensors\)/);
    const student = await embedded(weights, { ...use, part: 'student.backbone.' });
    expect(difference(student.numbers, classToken)).toBeGreaterThan(0.01);
  });

  it('weights of whole numbers are refused by name, counters and odd tensors beside them are not', async () => {
    const weights = await tiny();
    const bytes = writeSafetensors(weights);
    const typed = (name: string, dtype: string, width: number): ArrayBuffer => {
      const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
      const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
        string,
        { dtype: string; shape: number[]; data_offsets: [number, number] }
      >;
      const [begin, end] = header[name]!.data_offsets;
      header[name] = { dtype, shape: [(end - begin) / width], data_offsets: [begin, end] };
      const text = new TextEncoder().encode(JSON.stringify(header));
      const changed = new Uint8Array(8 + text.length + bytes.length - 8 - length);
      new DataView(changed.buffer).setBigUint64(0, BigInt(text.length), true);
      changed.set(text, 8);
      changed.set(bytes.subarray(8 + length), 8 + text.length);
      return changed.buffer;
    };
    expect(() => loadWeightsModel(typed('norm.bias', 'U8', 1), use, place)).toThrow(
      /"norm\.bias" holds whole numbers \(U8\)/,
    );
    const odd = loadWeightsModel(typed('head.weight', 'F8_E4M3', 1), use, place);
    expect(odd.leftOut).toContain('head.weight');
    odd.dispose();
  });
});
