/**
 * Encoders with weights and numbers of timm and transformers (see data/README.md): features, embeddings, logits, loss, gradients and
 * running statistics. The file's tolerance holds on cpu; on webgpu exp, division and sums are looser, so ten times it is allowed there.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/random/random.ts';
import { buildLinearHead, type LinearHead } from '../../src/models/classifier.ts';
import { buildDenseNet } from '../../src/models/encoders/densenet.ts';
import { buildResNet } from '../../src/models/encoders/resnet.ts';
import { buildVisionTransformer } from '../../src/models/encoders/vit.ts';
import type { ImageEncoder } from '../../src/models/encoder.ts';
import type { NamedVariable } from '../../src/models/parameters.ts';
import { ParameterScope } from '../../src/models/parameter-scope.ts';
import { buildMaskedLanguageHead } from '../../src/models/text/bert-masked-language-model.ts';
import { buildBert, type Bert, type BertConfig } from '../../src/models/text/bert.ts';
import { readSafetensors } from '../../src/models/weights/safetensors.ts';
import { loadStateDict, toPytorchLayout } from '../../src/models/weights/state-dict.ts';
import { backends, useBackend } from '../backends.ts';
import {
  excess,
  numbers,
  readReference,
  readReferenceBytes,
  type ReferenceArray,
  type ReferenceCase,
} from './reference.ts';

const imageFiles = [
  'tiny_resnet_basic',
  'tiny_resnet_bottleneck',
  'tiny_densenet',
  'tiny_vit',
  'tiny_vit_dinov2_style',
];

/** How much looser than its file's tolerance a backend may be. */
const looser = { cpu: 1, webgpu: 10 } as const;

type Arrays = Readonly<Record<string, ReferenceArray>>;

/** Collects what lies outside its tolerance, so that one run tells all that is wrong. */
class Comparison {
  readonly failures: string[] = [];
  count = 0;
  readonly #case: ReferenceCase;
  readonly #factor: number;

  constructor(reference: ReferenceCase, factor: number) {
    this.#case = reference;
    this.#factor = factor;
  }

  async value(what: string, got: tf.Tensor, wanted: ReferenceArray): Promise<void> {
    const { atol, rtol } = this.#case.tolerance!;
    await this.#compare(what, got, wanted, atol, rtol);
  }

  async gradient(what: string, got: tf.Tensor, wanted: ReferenceArray): Promise<void> {
    const { atol, rtol, gradient_atol, gradient_rtol } = this.#case.tolerance!;
    await this.#compare(`gradient of ${what}`, got, wanted, gradient_atol ?? atol, gradient_rtol ?? rtol);
  }

  async #compare(
    what: string,
    got: tf.Tensor,
    wanted: ReferenceArray,
    atol: number,
    rtol: number,
  ): Promise<void> {
    this.count++;
    if (String(got.shape) !== String(wanted.shape)) this.failures.push(`${what}: shape ${got.shape.join()}`);
    const over = excess(await got.data(), wanted, atol * this.#factor, rtol * this.#factor);
    if (!(over <= 0)) this.failures.push(`${what}: ${over} too far`);
  }
}

function tensor(array: ReferenceArray, dtype: 'float32' | 'int32' = 'float32'): tf.Tensor {
  return tf.tensor(numbers(array), [...array.shape], dtype);
}

/** Mean softmax cross-entropy over rows whose label is not negative. */
function crossEntropy(logits: tf.Tensor, labels: readonly number[]): tf.Scalar {
  const classes = logits.shape.at(-1)!;
  const rows = tf.reshape(logits, [-1, classes]);
  const weights = tf.oneHot(tf.tensor1d(labels as number[], 'int32'), classes); // a negative label is a row of zeros
  const count = labels.filter((label) => label >= 0).length;
  return tf.div(tf.neg(tf.sum(tf.mul(tf.logSoftmax(rows), tf.cast(weights, 'float32')))), count);
}

/** Loss, what `forward` gives beside it, and gradients of the loss for each tensor, in PyTorch's layout for weights. */
function differentiate(
  loss: () => tf.Scalar,
  parameters: readonly NamedVariable[],
  wanted: readonly string[],
): Map<string, tf.Tensor> {
  const chosen = wanted.map((name) => {
    const parameter = parameters.find((candidate) => candidate.name === name);
    if (!parameter) throw new Error(`no weight is named ${name}`);
    return parameter;
  });
  const gradients = tf.grads(loss)(chosen.map(({ variable }) => variable));
  return new Map(chosen.map(({ name, layout }, i) => [name, toPytorchLayout(gradients[i]!, layout)]));
}

async function load(reference: ReferenceCase, parameters: readonly NamedVariable[]): Promise<void> {
  const { weights } = reference.args as unknown as { weights: string };
  loadStateDict(parameters, readSafetensors(await readReferenceBytes(`models/${weights}`)).tensors);
}

interface ImageModel {
  readonly encoder: ImageEncoder;
  readonly head: LinearHead;
  /** What timm calls forward_features, in PyTorch's layout. */
  readonly features: (films: tf.Tensor4D) => tf.Tensor;
}

/** Builds what a timm configuration describes. */
function buildImageModel({ args }: ReferenceCase): ImageModel {
  const { arch, config } = args as unknown as { arch: string; config: Record<string, never> };
  const random = new Random('reference');
  const classifier = (encoder: ImageEncoder, name: string): LinearHead =>
    buildLinearHead(encoder.dimensions, config['num_classes']!, random, name);
  const toPytorch = (map: tf.Tensor4D): tf.Tensor => tf.transpose(map, [0, 3, 1, 2]);
  if (arch === 'resnet') {
    const encoder = buildResNet(
      {
        block: config['block'] === 'Bottleneck' ? 'bottleneck' : 'basic',
        layers: config['layers']!,
        channels: config['channels']!,
        inputChannels: config['in_chans']!,
        stemChannels: config['stem_width'] ?? 64,
        stem: 'large',
        normalisation: 'batch',
      },
      random,
    );
    return {
      encoder,
      head: classifier(encoder, 'fc'),
      features: (x) => toPytorch(encoder.features(x, false)),
    };
  }
  if (arch === 'densenet') {
    const encoder = buildDenseNet(
      {
        growthRate: config['growth_rate']!,
        blocks: config['block_config']!,
        stemChannels: 2 * config['growth_rate']!,
        bottleneck: config['bn_size'] ?? 4,
        inputChannels: config['in_chans']!,
        stem: 'large',
        normalisation: 'batch',
      },
      random,
    );
    const head = classifier(encoder, 'classifier');
    return { encoder, head, features: (x) => toPytorch(encoder.features(x, false)) };
  }
  if (arch !== 'vit') throw new Error(`the reference has an architecture that is not known here: ${arch}`);
  const encoder = buildVisionTransformer(
    {
      side: config['img_size']!,
      patch: config['patch_size']!,
      inputChannels: config['in_chans']!,
      dimensions: config['embed_dim']!,
      depth: config['depth']!,
      heads: config['num_heads']!,
      mlpRatio: config['mlp_ratio'] ?? 4,
      layerScale: config['init_values'] ?? null,
    },
    random,
  );
  return { encoder, head: classifier(encoder, 'head'), features: (x) => encoder.tokens(x) };
}

async function compareImageModel(reference: ReferenceCase, comparison: Comparison): Promise<void> {
  const { encoder, head, features } = buildImageModel(reference);
  const parameters = [...encoder.variables, ...head.variables, ...(encoder.buffers ?? [])];
  await load(reference, parameters);
  const { images, labels } = reference.inputs as unknown as Arrays;
  const films = tf.variable(tf.transpose(tensor(images!), [0, 2, 3, 1])) as tf.Variable<tf.Rank.R4>;
  const expected = reference.expected as unknown as {
    readonly eval: Arrays;
    readonly train: { logits: ReferenceArray; loss: ReferenceArray; buffers_after_forward?: Arrays };
  };

  await comparison.value('features', features(films), expected.eval['forward_features']!);
  const pooled = encoder.forward(films, false);
  await comparison.value('pooled', pooled, expected.eval['pooled']!);
  await comparison.value('logits', head.forward(pooled), expected.eval['logits']!);

  const kept: tf.Tensor[] = [];
  const trainingLoss = (): tf.Scalar => {
    const logits = head.forward(encoder.forward(films, true));
    const loss = crossEntropy(logits, numbers(labels!));
    kept.push(tf.keep(tf.clone(logits)), tf.keep(tf.clone(loss)));
    return loss;
  };
  const input: NamedVariable = { name: 'input_images', variable: films, decay: false };
  const wanted = reference.gradients!;
  const gradients = differentiate(trainingLoss, [...parameters, input], Object.keys(wanted));
  await comparison.value('training logits', kept[0]!, expected.train.logits);
  await comparison.value('loss', kept[1]!, expected.train.loss);
  for (const [name, array] of Object.entries(wanted)) {
    const gradient = gradients.get(name)!;
    const turned = name === 'input_images' ? tf.transpose(gradient, [0, 3, 1, 2]) : gradient;
    await comparison.gradient(name, turned, array);
  }
  for (const [name, array] of Object.entries(expected.train.buffers_after_forward ?? {})) {
    await comparison.value(name, encoder.buffers!.find((buffer) => buffer.name === name)!.variable, array);
  }
}

function toBertConfig({ args }: ReferenceCase, pooler: boolean): BertConfig {
  const { config } = args as unknown as { config: Record<string, number> };
  return {
    vocabularySize: config['vocab_size']!,
    dimensions: config['hidden_size']!,
    depth: config['num_hidden_layers']!,
    heads: config['num_attention_heads']!,
    intermediate: config['intermediate_size']!,
    maxLength: config['max_position_embeddings']!,
    tokenTypes: config['type_vocab_size'] ?? 2,
    pooler,
  };
}

function bertInput(inputs: Arrays): Parameters<Bert['hidden']>[0] {
  const read = (name: string): tf.Tensor2D => tensor(inputs[name]!, 'int32') as tf.Tensor2D;
  return { ids: read('input_ids'), mask: read('attention_mask'), typeIds: read('token_type_ids') };
}

async function compareGradients(
  comparison: Comparison,
  reference: ReferenceCase,
  loss: () => tf.Scalar,
  scope: ParameterScope,
): Promise<void> {
  const wanted = reference.gradients!;
  const gradients = differentiate(loss, scope.variables, Object.keys(wanted));
  for (const [name, array] of Object.entries(wanted)) {
    await comparison.gradient(name, gradients.get(name)!, array);
  }
}

async function compareBert(reference: ReferenceCase, comparison: Comparison): Promise<void> {
  const scope = new ParameterScope(new Random('reference'));
  const bert = buildBert(scope, toBertConfig(reference, true));
  await load(reference, scope.variables);
  const inputs = reference.inputs as unknown as Arrays;
  const expected = reference.expected as unknown as Arrays;
  const input = bertInput(inputs);
  const [weight, bias] = [tensor(inputs['head_weight']!) as tf.Tensor2D, tensor(inputs['head_bias']!)];
  const classify = (pooled: tf.Tensor2D): tf.Tensor => tf.add(tf.matMul(pooled, weight, false, true), bias);
  const loss = (): tf.Scalar =>
    crossEntropy(classify(bert.pool(bert.hidden(input))), numbers(inputs['labels']!));

  const hidden = bert.hidden(input);
  await comparison.value('embedding output', bert.embed(input), expected['embedding_output']!);
  await comparison.value('last hidden state', hidden, expected['last_hidden_state']!);
  await comparison.value('pooler output', bert.pool(hidden), expected['pooler_output']!);
  await comparison.value('logits', classify(bert.pool(hidden)), expected['head_logits']!);
  await comparison.value('loss', loss(), expected['loss']!);
  await compareGradients(comparison, reference, loss, scope);
}

async function compareMaskedLanguageModel(reference: ReferenceCase, comparison: Comparison): Promise<void> {
  const scope = new ParameterScope(new Random('reference'));
  const config = toBertConfig(reference, false);
  const bert = buildBert(scope.within('bert'), config);
  const predict = buildMaskedLanguageHead(scope, bert.words.table, config);
  await load(reference, scope.variables);
  const inputs = reference.inputs as unknown as Arrays;
  const expected = reference.expected as unknown as Arrays;
  const input = bertInput(inputs);
  const logits = (): tf.Tensor3D => predict(bert.hidden(input));
  const loss = (): tf.Scalar => crossEntropy(logits(), numbers(inputs['mlm_labels']!));

  await comparison.value('logits', logits(), expected['logits']!);
  await comparison.value('loss', loss(), expected['loss']!);
  await compareGradients(comparison, reference, loss, scope);
}

const families: readonly [file: string, compare: typeof compareBert][] = [
  ...imageFiles.map((file) => [file, compareImageModel] as [string, typeof compareBert]),
  ['tiny_bert', compareBert],
  ['tiny_bert_mlm', compareMaskedLanguageModel],
];

for (const backend of backends) {
  describe(`models on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    for (const [file, compare] of families) {
      it(file, async () => {
        const { cases } = await readReference(`models/${file}.json`);
        expect(cases.length).toBeGreaterThan(0);
        for (const reference of cases) {
          const comparison = new Comparison(reference, looser[backend]);
          await compare(reference, comparison);
          expect(comparison.failures).toEqual([]);
          expect(comparison.count).toBeGreaterThan(2);
        }
      });
    }
  });
}
