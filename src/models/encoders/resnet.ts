/**
 * Residual networks. He et al., Deep Residual Learning for Image Recognition, 2015, https://arxiv.org/abs/1512.03385; weights named as
 * in timm's ResNet. Two stems: the paper's for large films, and a single 3 × 3 convolution for small ones.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../random/random.ts';
import { imageEncoderFacts } from '../encoder-facts.ts';
import { completeSettings } from '../field.ts';
import type { ImageEncoder, ImageEncoderEntry } from '../encoder.ts';
import { buildConvolution } from '../layers/convolution.ts';
import { buildNormalisation, type Normalisation, type Normalise } from '../layers/normalisation.ts';
import { ParameterScope } from '../parameter-scope.ts';
import { recomputedBlock } from '../recompute.ts';

/** The shape of a residual network. */
export interface ResNetConfig {
  readonly block: 'basic' | 'bottleneck';
  /** Blocks in each stage; the first stage keeps its size, each later one halves it. */
  readonly layers: readonly number[];
  /** Channels of each stage before expansion (a bottleneck's output has four times as many). */
  readonly channels: readonly number[];
  readonly inputChannels: number;
  readonly stemChannels: number;
  /** 'large': 7 × 7, stride 2, then 3 × 3 max pooling, stride 2. 'small': 3 × 3, stride 2. */
  readonly stem: 'large' | 'small';
  readonly normalisation: Normalisation;
  /**
   * True keeps only the input of each block for the backward pass, which computes the block once more; not with batch normalisation.
   * False when left out.
   */
  readonly recompute?: boolean;
}

/** An image encoder whose map of features can be had before pooling. */
export interface ConvolutionalEncoder extends ImageEncoder {
  /** @param films [batch, height, width, inputChannels]. @returns the last map [batch, height, width, dimensions] */
  features(films: tf.Tensor4D, training: boolean): tf.Tensor4D;
}

type Stage = (x: tf.Tensor4D, training: boolean) => tf.Tensor4D;

const expansion = { basic: 1, bottleneck: 4 } as const;

/** Builds a residual network; embeddings are the mean of the last map over the film. */
export function buildResNet(config: ResNetConfig, random: Random): ConvolutionalEncoder {
  const scope = new ParameterScope(random);
  const stages = [buildStem(scope, config), ...buildLayers(scope, config)];
  const features: Stage = (films, training) => stages.reduce((x, stage) => stage(x, training), films);
  return {
    dimensions: config.channels.at(-1)! * expansion[config.block],
    variables: scope.variables,
    buffers: scope.buffers,
    features,
    forward: (films, training) => tf.mean(features(films, training), [1, 2]),
    dispose: () => scope.dispose(),
  };
}

function buildStem(scope: ParameterScope, config: ResNetConfig): Stage {
  const large = config.stem === 'large';
  const shape = {
    inputs: config.inputChannels,
    outputs: config.stemChannels,
    size: large ? 7 : 3,
    stride: 2,
  };
  const convolution = buildConvolution(scope.within('conv1'), shape);
  const normalise = buildNormalisation(config.normalisation, scope.within('bn1'), config.stemChannels);
  return (films, training) => {
    const x = normalise(convolution(films), training, { relu: true });
    return large ? tf.maxPool(x, 3, 2, 1) : x;
  };
}

function buildLayers(scope: ParameterScope, config: ResNetConfig): Stage[] {
  const stages: Stage[] = [];
  let inputs = config.stemChannels;
  config.layers.forEach((blocks, index) => {
    for (let block = 0; block < blocks; block++) {
      const width = config.channels[index]!;
      const stride = index > 0 && block === 0 ? 2 : 1;
      const from = inputs;
      const build = (): Stage =>
        buildBlock(scope.within(`layer${index + 1}`).within(block), config, from, width, stride);
      stages.push(config.recompute ? recomputedBlock(scope, build) : build());
      inputs = width * expansion[config.block];
    }
  });
  return stages;
}

/** A residual block: y = relu(branch(x) + shortcut(x)). */
function buildBlock(
  scope: ParameterScope,
  config: ResNetConfig,
  inputs: number,
  width: number,
  stride: number,
): Stage {
  const outputs = width * expansion[config.block];
  const convolve = (index: number, from: number, to: number, size: number, step: number): Normalise => {
    const convolution = buildConvolution(scope.within(`conv${index}`), {
      inputs: from,
      outputs: to,
      size,
      stride: step,
    });
    const normalise = buildNormalisation(config.normalisation, scope.within(`bn${index}`), to);
    return (x, training, following) => normalise(convolution(x), training, following);
  };
  const branch =
    config.block === 'basic'
      ? [convolve(1, inputs, width, 3, stride), convolve(2, width, width, 3, 1)]
      : [
          convolve(1, inputs, width, 1, 1),
          convolve(2, width, width, 3, stride),
          convolve(3, width, outputs, 1, 1),
        ];
  const shortcut = buildShortcut(scope.within('downsample'), config, inputs, outputs, stride);
  const last = branch.pop()!;
  return (x, training) => {
    const y = branch.reduce((value, step) => step(value, training, { relu: true }), x);
    return last(y, training, { relu: true, residual: shortcut(x, training) });
  };
}

/** The identity where shapes agree, else a 1 × 1 convolution ("downsample.0") with its normalisation ("downsample.1"). */
function buildShortcut(
  scope: ParameterScope,
  config: ResNetConfig,
  inputs: number,
  outputs: number,
  stride: number,
): Stage {
  if (stride === 1 && inputs === outputs) return (x) => x;
  const convolution = buildConvolution(scope.within(0), { inputs, outputs, size: 1, stride });
  const normalise = buildNormalisation(config.normalisation, scope.within(1), outputs);
  return (x, training) => normalise(convolution(x), training);
}

const fields = [
  {
    name: 'width',
    label: 'Channels of the first stage',
    unit: 'channels',
    low: 8,
    high: 64,
    step: 8,
    value: 16,
    why: 'ResNet-18 has 64; a quarter of it trains in minutes on small films and has 128 features at the end.',
  },
  {
    name: 'blocks',
    label: 'Blocks in each of the four stages',
    unit: 'blocks',
    low: 1,
    high: 3,
    step: 1,
    value: 1,
    why: 'Two make a ResNet-18; one is enough for films of 64 px.',
  },
] as const;

/** ResNet for training from scratch: basic blocks, group normalisation, small stem. */
export const resnet: ImageEncoderEntry = {
  name: 'resnet',
  ...imageEncoderFacts.resnet,
  label: 'ResNet',
  paper: 'https://arxiv.org/abs/1512.03385',
  fields,
  smoke: { width: 8, blocks: 1 },
  build(settings, side, random) {
    const { width, blocks } = completeSettings('resnet', fields, settings);
    if (side < 16) throw new RangeError(`resnet: films must be at least 16 px wide, got ${side}`);
    const config: ResNetConfig = {
      block: 'basic',
      layers: [blocks, blocks, blocks, blocks],
      channels: [width, 2 * width, 4 * width, 8 * width],
      inputChannels: 1,
      stemChannels: width,
      stem: 'small',
      normalisation: 'group',
    };
    return buildResNet(config, random);
  },
};
