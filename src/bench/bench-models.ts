/**
 * The models that are timed: the lab's own encoders with a head, on fixed draws for data.
 */
import * as tf from '@tensorflow/tfjs-core';
import { specialTokens } from '../cohort/tokenizer.ts';
import { binaryCrossEntropyWithLogits } from '../losses/binary-cross-entropy.ts';
import { infoNce } from '../losses/contrastive.ts';
import { softmaxCrossEntropyWithSoftTargets } from '../losses/softmax-cross-entropy.ts';
import { buildLinearHead } from '../models/classifier.ts';
import { resnet } from '../models/encoders/resnet.ts';
import { vit } from '../models/encoders/vit.ts';
import type { NamedVariable } from '../models/parameters.ts';
import { textTransformer } from '../models/text/text-transformer.ts';
import { Random } from '../random/random.ts';
import type { HostTensor, HostTensors } from '../tensors/host-tensor.ts';
import { similarityScale } from './contrastive-loss.ts';

/** Sizes of a model, by which the peers build the same one. */
export type Architecture =
  | { readonly kind: 'resnet'; readonly width: number; readonly blocks: number }
  | {
      readonly kind: 'vit';
      readonly dimensions: number;
      readonly depth: number;
      readonly heads: number;
      readonly patch: number;
    }
  | TextArchitecture
  | {
      readonly kind: 'pair';
      readonly image: { readonly kind: 'resnet'; readonly width: number; readonly blocks: number };
      readonly text: TextArchitecture;
      readonly dimensions: number;
    }
  | { readonly kind: 'probe'; readonly dimensions: number };

/** A text transformer's sizes. */
export interface TextArchitecture {
  readonly kind: 'text';
  readonly vocabulary: number;
  readonly tokens: number;
  readonly dimensions: number;
  readonly depth: number;
  readonly heads: number;
}

/** A model of the bench. */
export interface BenchModel {
  readonly name: string;
  readonly architecture: Architecture;
  readonly batch: number;
  /** Multiplications and additions of a step in units of 10⁹: three times those of the forward pass' products. */
  readonly gflop: number;
  /** False leaves the model out of quick benches. */
  readonly quick: boolean;
}

/** Side of the films in px, and number of classes. */
export const [side, classes] = [64, 10];

/** The lab's default text transformer. */
const text: TextArchitecture = {
  ...{ kind: 'text', vocabulary: 1000, tokens: 96 },
  ...{ dimensions: 64, depth: 2, heads: 4 },
};

/** All models, cheap ones first. */
export const benchModels: readonly BenchModel[] = [
  model('linear probe 512', { kind: 'probe', dimensions: 512 }, 64, true),
  model('text transformer 64', text, 16, true),
  model(
    'CLIP pair',
    { kind: 'pair', image: { kind: 'resnet', width: 16, blocks: 1 }, text, dimensions: 64 },
    16,
    false,
  ),
  model('ViT 128', { kind: 'vit', dimensions: 128, depth: 4, heads: 4, patch: 8 }, 16, true),
  model('ViT 192', { kind: 'vit', dimensions: 192, depth: 4, heads: 4, patch: 8 }, 16, false),
  model('ResNet-18 w16', { kind: 'resnet', width: 16, blocks: 2 }, 16, true),
  model('ResNet-18 w64', { kind: 'resnet', width: 64, blocks: 2 }, 4, false),
];

function model(name: string, architecture: Architecture, batch: number, quick: boolean): BenchModel {
  return { name, architecture, batch, quick, gflop: (6 * batch * products(architecture)) / 1e9 };
}

/** Multiplications of one example's forward pass, convolutions and matrix products only. */
export function products(a: Architecture): number {
  switch (a.kind) {
    case 'probe':
      return a.dimensions;
    case 'resnet':
      return resnetProducts(a.width, a.blocks);
    case 'vit': {
      const patches = (side / a.patch) ** 2;
      return patches * a.patch ** 2 * a.dimensions + blockProducts(patches + 1, a.dimensions, a.depth);
    }
    case 'text':
      return blockProducts(a.tokens, a.dimensions, a.depth);
    case 'pair':
      return products(a.image) + products(a.text);
    default:
      return a satisfies never;
  }
}

/** Transformer blocks: 12 d² for the maps, 2 T d for attention, a token. */
function blockProducts(tokens: number, dimensions: number, depth: number): number {
  return depth * tokens * (12 * dimensions ** 2 + 2 * tokens * dimensions);
}

function resnetProducts(width: number, blocks: number): number {
  let [size, channels] = [side / 2, width];
  let sum = size ** 2 * 9 * width;
  for (const [stage, out] of [1, 2, 4, 8].map((factor) => factor * width).entries()) {
    for (let block = 0; block < blocks; block++) {
      const down = stage > 0 && block === 0;
      if (down) size /= 2;
      sum += size ** 2 * (9 * channels * out + 9 * out * out + (down ? channels * out : 0));
      channels = out;
    }
  }
  return sum;
}

/** A model of the lab with its loss. */
export interface BuiltModel {
  readonly variables: readonly NamedVariable[];
  /** Mean loss over the batch. */
  readonly loss: (inputs: Readonly<Record<string, tf.Tensor>>) => tf.Scalar;
  dispose(): void;
}

/** Builds the lab's own model. Weights depend on the seed alone. */
export function buildModel({ architecture: a }: BenchModel, seed = 1): BuiltModel {
  const random = new Random(seed);
  switch (a.kind) {
    case 'probe': {
      const head = buildLinearHead(a.dimensions, 1, random);
      const loss: BuiltModel['loss'] = ({ features, labels }) =>
        binaryCrossEntropyWithLogits(head.forward(features as tf.Tensor2D), labels as tf.Tensor2D, null);
      return joined([head], loss);
    }
    case 'resnet':
    case 'vit':
    case 'text': {
      const encoder = buildEncoder(a, random);
      const head = buildLinearHead(encoder.dimensions, classes, random);
      const loss: BuiltModel['loss'] = (inputs) =>
        softmaxCrossEntropyWithSoftTargets(
          head.forward(encoder.embed(inputs)),
          inputs['targets'] as tf.Tensor2D,
        );
      return joined([encoder, head], loss);
    }
    case 'pair': {
      const parts = (['image', 'text'] as const).map((name) => {
        const encoder = buildEncoder(a[name], random.fork(name));
        const head = buildLinearHead(encoder.dimensions, a.dimensions, random.fork(name), 'projection');
        const named = [...encoder.variables, ...head.variables].map((one) => ({
          ...one,
          name: `${name}.${one.name}`,
        }));
        return { encoder, head, named };
      });
      const loss: BuiltModel['loss'] = (inputs) => {
        const [films, reports] = parts.map(({ encoder, head }) => head.forward(encoder.embed(inputs)));
        return infoNce(films!, reports!, tf.scalar(Math.log(similarityScale)));
      };
      return {
        variables: parts.flatMap(({ named }) => named),
        loss,
        dispose: () =>
          parts.forEach(({ encoder, head }) => [encoder, head].forEach((part) => part.dispose())),
      };
    }
    default:
      return a satisfies never;
  }
}

interface Part {
  readonly variables: readonly NamedVariable[];
  dispose(): void;
}

function joined(parts: readonly Part[], loss: BuiltModel['loss']): BuiltModel {
  return {
    variables: parts.flatMap((part) => part.variables),
    loss,
    dispose: () => parts.forEach((part) => part.dispose()),
  };
}

type EncoderPart = Part & {
  readonly dimensions: number;
  embed(inputs: Readonly<Record<string, tf.Tensor>>): tf.Tensor2D;
};

function buildEncoder(
  a: Extract<Architecture, { kind: 'resnet' | 'vit' | 'text' }>,
  random: Random,
): EncoderPart {
  const { kind, ...settings } = a;
  if (kind === 'text') {
    const { dimensions, depth, heads, tokens } = a;
    const encoder = textTransformer.build(
      fittedText(a),
      { dimensions, depth, heads, maxLength: tokens },
      random,
    );
    return { ...encoder, embed: ({ ids }) => encoder.forward(ids as tf.Tensor2D, true) };
  }
  const encoder = (kind === 'vit' ? vit : resnet).build(settings, side, random);
  return { ...encoder, embed: ({ films }) => encoder.forward(films as tf.Tensor4D, true) };
}

function fittedText({ vocabulary, tokens }: TextArchitecture) {
  const words = Object.values(specialTokens);
  return {
    width: tokens,
    dtype: 'int32' as const,
    encode: () => new Int32Array(tokens),
    named: null,
    vocabulary: [...words, ...Array.from({ length: vocabulary - words.length }, (_, i) => `word${i}`)],
  };
}

/** The batch of a model, the same for the same seed. Texts have no padding: every engine then does the same work. */
export function batchOf({ architecture: a, batch }: BenchModel, seed = 1): HostTensors {
  const random = new Random(`batch ${seed}`);
  const normal = (shape: readonly number[]): HostTensor => floats(shape, () => random.normal());
  const films = [batch, side, side, 1];
  const oneHot = floats([batch, classes], (i) => (i % classes === Math.floor(i / classes) % classes ? 1 : 0));
  switch (a.kind) {
    case 'probe':
      return { features: normal([batch, a.dimensions]), labels: floats([batch, 1], (i) => i % 2) };
    case 'resnet':
    case 'vit':
      return { films: normal(films), targets: oneHot };
    case 'text':
      return { ids: ids(a, batch, random), targets: oneHot };
    case 'pair':
      return { films: normal(films), ids: ids(a.text, batch, random) };
    default:
      return a satisfies never;
  }
}

function floats(shape: readonly number[], next: (index: number) => number): HostTensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return { shape, dtype: 'float32', values: Float32Array.from({ length: count }, (_, i) => next(i)) };
}

function ids({ tokens, vocabulary }: TextArchitecture, batch: number, random: Random): HostTensor {
  const first = Object.keys(specialTokens).length;
  const values = Int32Array.from(
    { length: batch * tokens },
    () => first + random.integer(vocabulary - first),
  );
  return { shape: [batch, tokens], dtype: 'int32', values };
}
