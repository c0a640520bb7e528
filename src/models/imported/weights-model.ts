/**
 * A network built from a person's own weights (.safetensors) as an image encoder that can be trained: told by the names of its tensors,
 * made for grey films of the study's side.
 */
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../errors.ts';
import type { EncoderInput } from '../../transforms/prepare.ts';
import type { ImageEncoder } from '../encoder.ts';
import { buildDenseNet } from '../encoders/densenet.ts';
import { buildResNet, type ConvolutionalEncoder } from '../encoders/resnet.ts';
import { buildVisionTransformer, type VisionTransformerConfig } from '../encoders/vit.ts';
import { prefixCount } from '../layers/prefix-tokens.ts';
import type { NetworkFamily } from '../weights/find-networks.ts';
import { fromDinov2Names } from '../weights/dinov2-names.ts';
import { greyConvolution, type InputScaling } from '../weights/grey-input.ts';
import { leftOutWords } from '../weights/left-out.ts';
import { withNumbers, type Network } from '../weights/network.ts';
import { resamplePositionEmbedding } from '../weights/position-embedding.ts';
import { imageNetwork, recognise, withKnownArchitectures, type Recognised } from '../weights/recognise.ts';
import type { RecognisedDenseNet } from '../weights/recognise-densenet.ts';
import type { RecognisedResNet } from '../weights/recognise-resnet.ts';
import type { RecognisedVit, VitHints } from '../weights/recognise-vit.ts';
import { readSafetensorsHeader, type StoredTensor } from '../weights/safetensors.ts';
import { loadStateDict } from '../weights/state-dict.ts';
import { withJoinedQueries } from '../weights/transformers-names.ts';
import { Undrawn } from '../weights/undrawn.ts';

/** All that decides the network's numbers beside its weights. */
export interface WeightsUse extends VitHints {
  readonly scaling: InputScaling;
  /** What stands before the network's names, where the file holds several networks; left out where it holds one. */
  readonly part?: string;
}

/** An encoder with what it turned out to be. */
export interface WeightsEncoder extends ImageEncoder {
  readonly input: EncoderInput;
  /** As its paper calls the network. */
  readonly label: string;
  /** What was asked for, with what was open filled in; null where it does not matter to the network. */
  readonly use: WeightsUse;
  readonly family: NetworkFamily;
  /** What of the file is no part of the network, in words; "" for nothing. */
  readonly leftOut: string;
}

/** Where a network is built. */
export interface WeightsPlace {
  /** Side of the study's films in px. */
  readonly side: number;
  /** What the file is called in messages. */
  readonly fileName: string;
}

/** Films below this side would be smaller than a pixel in the last map of a ResNet or DenseNet. */
const smallestConvolutional = 32;

/**
 * Builds the network and loads its weights. Films of another side are resized: to 32 px at least for convolutional networks, to the next
 * multiple of the patch for vision transformers, whose positions are resampled as timm does.
 * @throws InputError saying what of the file cannot be used and what can; nothing of it stays on the device then.
 */
export function loadWeightsModel(weights: ArrayBuffer, use: WeightsUse, place: WeightsPlace): WeightsEncoder {
  const { fileName } = place;
  const found = networkOf(weights, use.part ?? null, fileName);
  const network = { ...found, tensors: fromDinov2Names(withJoinedQueries(found.tensors)) };
  const recognised = recognise(network, use, fileName);
  const encoder = withKnownArchitectures(() => build(recognised, network, use, place));
  return { ...encoder, family: network.family, leftOut: leftOutWords(network.leftOut, network.prefix) };
}

function networkOf(weights: ArrayBuffer, part: string | null, fileName: string): Network<StoredTensor> {
  const bytes = new Uint8Array(weights);
  const { shapes } = naming(fileName, () => readSafetensorsHeader(bytes));
  const network = imageNetwork(shapes, part, fileName);
  return naming(fileName, () => withNumbers(network, bytes));
}

/** Runs a check that may refuse a file, and puts the file's name before the error. */
function naming<T>(fileName: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${fileName}: ${error.message}`);
    throw error;
  }
}

type Built = Omit<WeightsEncoder, 'leftOut' | 'family'>;

function build(
  recognised: Recognised,
  network: Network<StoredTensor>,
  use: WeightsUse,
  place: WeightsPlace,
): Built {
  switch (recognised.kind) {
    case 'resnet':
    case 'densenet':
      return convolutional(recognised, network, use, place);
    case 'vit':
      return transformer(recognised, network, use, place);
    default:
      return recognised satisfies never;
  }
}

function convolutional(
  recognised: RecognisedResNet | RecognisedDenseNet,
  network: Network<StoredTensor>,
  { scaling, part }: WeightsUse,
  { side, fileName }: WeightsPlace,
): Built {
  const { tensors } = network;
  const first = recognised.kind === 'resnet' ? 'conv1.weight' : 'features.conv0.weight';
  const grey = greyConvolution(tensors.get(first)!, scaling, fileName);
  const folded = new Map(tensors).set(first, grey.area ? sideBySide(grey.film, grey.area) : grey.film);
  const encoder = buildConvolutional(recognised, grey.area ? 2 : 1);
  load(encoder, { ...network, tensors: folded }, fileName);
  const size = Math.max(side, smallestConvolutional);
  const withArea = (films: tf.Tensor4D): tf.Tensor4D =>
    grey.area ? tf.concat([films, tf.onesLike(films)], 3) : films;
  return {
    dimensions: encoder.dimensions,
    variables: encoder.variables,
    buffers: encoder.buffers ?? [],
    label: recognised.label,
    use: { scaling, heads: null, pooling: null, ...(part !== undefined && { part }) },
    input: { height: size, width: size, channels: 1, scaling: grey.scaling },
    forward: (films, training) => encoder.forward(withArea(films), training),
    dispose: () => encoder.dispose(),
  };
}

function buildConvolutional(
  recognised: RecognisedResNet | RecognisedDenseNet,
  inputChannels: number,
): ConvolutionalEncoder {
  return recognised.kind === 'resnet'
    ? buildResNet({ ...recognised.config, inputChannels }, new Undrawn())
    : buildDenseNet({ ...recognised.config, inputChannels }, new Undrawn());
}

function transformer(
  { label, config: trained }: RecognisedVit,
  network: Network<StoredTensor>,
  { scaling, part, epsilon }: WeightsUse,
  { side, fileName }: WeightsPlace,
): Built {
  const { tensors } = network;
  const size = Math.max(1, Math.round(side / trained.patch)) * trained.patch;
  const grey = greyConvolution(tensors.get('patch_embed.proj.weight')!, scaling, fileName);
  const adapted = new Map(tensors).set('patch_embed.proj.weight', grey.film);
  const bias = tensors.get('patch_embed.proj.bias');
  if (grey.area && bias) adapted.set('patch_embed.proj.bias', plusSums(bias, grey.area));
  const positions = tensors.get('pos_embed')!;
  adapted.set('pos_embed', resampled(positions, trained, size / trained.patch));
  const encoder = buildVisionTransformer({ ...trained, side: size, inputChannels: 1 }, new Undrawn());
  load(encoder, { ...network, tensors: adapted }, fileName);
  return {
    dimensions: encoder.dimensions,
    variables: encoder.variables,
    label,
    use: {
      scaling,
      heads: trained.heads,
      pooling: trained.pooling ?? 'class',
      ...(part !== undefined && { part }),
      ...(epsilon !== undefined && { epsilon }),
    },
    input: { height: size, width: size, channels: 1, scaling: grey.scaling },
    ...(encoder.patches && { patches: encoder.patches }),
    forward: (films, training) => encoder.forward(films, training),
    dispose: () => encoder.dispose(),
  };
}

/** Loads a network's weights; frees it when they do not fit. */
function load(encoder: ImageEncoder, { tensors, nameInFile }: Network<StoredTensor>, fileName: string): void {
  try {
    const parameters = [...encoder.variables, ...(encoder.buffers ?? [])];
    naming(fileName, () => loadStateDict(parameters, tensors, { nameInFile }));
  } catch (error) {
    encoder.dispose();
    throw error;
  }
}

/** Positions for another number of patches per side; left as they are where they have the wrong length, which loading then reports. */
function resampled(positions: StoredTensor, trained: VisionTransformerConfig, newGrid: number): StoredTensor {
  const grid = trained.side / trained.patch;
  const prefix = trained.positions === 'patches' ? 0 : prefixCount(trained);
  const { dimensions } = trained;
  if (grid === newGrid || positions.values.length !== (prefix + grid ** 2) * dimensions) return positions;
  const values = resamplePositionEmbedding(
    positions.values,
    dimensions,
    [grid, grid],
    [newGrid, newGrid],
    prefix,
  );
  return { shape: [1, prefix + newGrid ** 2, dimensions], values };
}

/** Two convolutions of one channel as one of two channels. */
function sideBySide(a: StoredTensor, b: StoredTensor): StoredTensor {
  const [outputs, , height, width] = a.shape as [number, number, number, number];
  const pixels = height * width;
  const values = new Float64Array(2 * outputs * pixels);
  for (let output = 0; output < outputs; output++) {
    const own = [a, b].map((part) => part.values.subarray(output * pixels, (output + 1) * pixels));
    own.forEach((part, channel) => values.set(part, (2 * output + channel) * pixels));
  }
  return { shape: [outputs, 2, height, width], values };
}

/** A bias with the sum over each output's weights added. */
function plusSums(bias: StoredTensor, weight: StoredTensor): StoredTensor {
  const pixels = weight.values.length / bias.values.length;
  const values = Float64Array.from(bias.values);
  weight.values.forEach((value: number, i: number) => (values[Math.floor(i / pixels)]! += value));
  return { shape: bias.shape, values };
}
