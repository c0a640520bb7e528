/**
 * Densely connected networks: each layer sees the maps of all layers before it in its block.
 * Huang et al., Densely Connected Convolutional Networks, 2016, https://arxiv.org/abs/1608.06993; weights named as in timm and torchvision.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../random/random.ts';
import { imageEncoderFacts } from '../encoder-facts.ts';
import { completeSettings } from '../field.ts';
import type { ImageEncoderEntry } from '../encoder.ts';
import { buildConvolution } from '../layers/convolution.ts';
import { buildNormalisation, type Normalisation } from '../layers/normalisation.ts';
import { ParameterScope } from '../parameter-scope.ts';
import type { ConvolutionalEncoder } from './resnet.ts';

/** The shape of a dense network. */
export interface DenseNetConfig {
  /** Channels that each layer adds. */
  readonly growthRate: number;
  /** Layers in each block; between blocks the map is halved in size and channels. */
  readonly blocks: readonly number[];
  readonly stemChannels: number;
  /** Channels of a layer's 1 × 1 bottleneck as a multiple of the growth rate. */
  readonly bottleneck: number;
  readonly inputChannels: number;
  /** 'large': 7 × 7, stride 2, then 3 × 3 max pooling, stride 2. 'small': 3 × 3, stride 2. */
  readonly stem: 'large' | 'small';
  readonly normalisation: Normalisation;
}

type Step = (x: tf.Tensor4D, training: boolean) => tf.Tensor4D;

/** Builds a dense network; embeddings are the mean over the film of relu(norm5). */
export function buildDenseNet(config: DenseNetConfig, random: Random): ConvolutionalEncoder {
  const root = new ParameterScope(random);
  const scope = root.within('features');
  const steps: Step[] = [buildStem(scope, config)];
  let channels = config.stemChannels;
  config.blocks.forEach((layers, index) => {
    for (let layer = 0; layer < layers; layer++) {
      const place = scope.within(`denseblock${index + 1}`).within(`denselayer${layer + 1}`);
      steps.push(buildDenseLayer(place, config, channels));
      channels += config.growthRate;
    }
    if (index === config.blocks.length - 1) return;
    steps.push(buildTransition(scope.within(`transition${index + 1}`), config, channels));
    channels = Math.floor(channels / 2);
  });
  const last = buildNormalisation(config.normalisation, scope.within('norm5'), channels);
  const features: Step = (films, training) => {
    const dense = steps.reduce((x, step) => step(x, training), films);
    return last(dense, training, { relu: true });
  };
  return {
    dimensions: channels,
    variables: root.variables,
    buffers: root.buffers,
    features,
    forward: (films, training) => tf.mean(features(films, training), [1, 2]),
    dispose: () => root.dispose(),
  };
}

function buildStem(scope: ParameterScope, config: DenseNetConfig): Step {
  const large = config.stem === 'large';
  const shape = {
    inputs: config.inputChannels,
    outputs: config.stemChannels,
    size: large ? 7 : 3,
    stride: 2,
  };
  const convolution = buildConvolution(scope.within('conv0'), shape);
  const normalise = buildNormalisation(config.normalisation, scope.within('norm0'), config.stemChannels);
  return (films, training) => {
    const x = normalise(convolution(films), training, { relu: true });
    return large ? tf.maxPool(x, 3, 2, 1) : x;
  };
}

/** Normalise, rectify, convolve; in this order, unlike in residual networks. */
function buildPreActivated(
  scope: ParameterScope,
  config: DenseNetConfig,
  names: readonly [normalisation: string, convolution: string],
  shape: { readonly inputs: number; readonly outputs: number; readonly size: number },
): Step {
  const normalise = buildNormalisation(config.normalisation, scope.within(names[0]), shape.inputs);
  const convolution = buildConvolution(scope.within(names[1]), { ...shape, stride: 1 });
  return (x, training) => convolution(normalise(x, training, { relu: true }));
}

function buildDenseLayer(scope: ParameterScope, config: DenseNetConfig, inputs: number): Step {
  const width = config.bottleneck * config.growthRate;
  const first = buildPreActivated(scope, config, ['norm1', 'conv1'], { inputs, outputs: width, size: 1 });
  const growth = { inputs: width, outputs: config.growthRate, size: 3 };
  const second = buildPreActivated(scope, config, ['norm2', 'conv2'], growth);
  return (x, training) => tf.concat([x, second(first(x, training), training)], 3);
}

function buildTransition(scope: ParameterScope, config: DenseNetConfig, inputs: number): Step {
  const shape = { inputs, outputs: Math.floor(inputs / 2), size: 1 };
  const convolve = buildPreActivated(scope, config, ['norm', 'conv'], shape);
  return (x, training) => tf.avgPool(convolve(x, training), 2, 2, 0);
}

const fields = [
  {
    name: 'growthRate',
    label: 'Channels that each layer adds',
    unit: 'channels',
    low: 8,
    high: 32,
    step: 8,
    value: 8,
    why: 'DenseNet-121, the usual network for chest films, has 32; 8 trains in minutes on small films.',
  },
  {
    name: 'layers',
    label: 'Layers in each of the three blocks',
    unit: 'layers',
    low: 1,
    high: 6,
    step: 1,
    value: 2,
    why: 'DenseNet-121 has 6 in its first block; two keep the software device usable.',
  },
] as const;

/** DenseNet for training from scratch: three blocks, group normalisation, small stem. */
export const densenet: ImageEncoderEntry = {
  name: 'densenet',
  ...imageEncoderFacts.densenet,
  label: 'DenseNet',
  paper: 'https://arxiv.org/abs/1608.06993',
  fields,
  smoke: { growthRate: 8, layers: 1 },
  build(settings, side, random) {
    const { growthRate, layers } = completeSettings('densenet', fields, settings);
    if (side < 16) throw new RangeError(`densenet: films must be at least 16 px wide, got ${side}`);
    const config: DenseNetConfig = {
      growthRate,
      blocks: [layers, layers, layers],
      stemChannels: 2 * growthRate,
      bottleneck: 2,
      inputChannels: 1,
      stem: 'small',
      normalisation: 'group',
    };
    return buildDenseNet(config, random);
  },
};
