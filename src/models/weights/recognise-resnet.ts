/**
 * timm's ResNets (He et al., 2015, https://arxiv.org/abs/1512.03385) told by the names and shapes of their weights.
 */
import type { ResNetConfig } from '../encoders/resnet.ts';
import type { Network } from './network.ts';
import { countParts, sizeAlong, type TensorShape } from './weight-shapes.ts';

/** A network that was recognised. */
export interface RecognisedResNet {
  readonly kind: 'resnet';
  /** As the paper calls it. */
  readonly label: string;
  readonly config: ResNetConfig;
}

/** Blocks of each stage by what the paper calls the network; it starts at 64 channels. */
const paperNetworks: readonly [label: string, block: ResNetConfig['block'], layers: string][] = [
  ['ResNet-18', 'basic', '2,2,2,2'],
  ['ResNet-34', 'basic', '3,4,6,3'],
  ['ResNet-50', 'bottleneck', '3,4,6,3'],
  ['ResNet-101', 'bottleneck', '3,4,23,3'],
  ['ResNet-152', 'bottleneck', '3,8,36,3'],
];

/**
 * The residual network of a file: batch normalisation and the large stem, as timm and torchvision build them.
 * @throws InputError when a tensor is missing that gives the network its size.
 */
export function recogniseResNet(
  { tensors: shapes, nameInFile }: Network<TensorShape>,
  fileName: string,
): RecognisedResNet {
  const suspect = { fileName, family: 'a ResNet', nameInFile };
  const stages = countParts(shapes, (index) => `layer${index}.`, 1);
  const stageNames = Array.from({ length: stages }, (_, index) => `layer${index + 1}`);
  const block = shapes.has('layer1.0.conv3.weight') ? 'bottleneck' : 'basic';
  const layers = stageNames.map((stage) => countParts(shapes, (index) => `${stage}.${index}.`));
  const channels = stageNames.map((stage) => sizeAlong(shapes, `${stage}.0.conv1.weight`, 0, suspect));
  const config: ResNetConfig = {
    block,
    layers,
    channels,
    inputChannels: sizeAlong(shapes, 'conv1.weight', 1, suspect),
    stemChannels: sizeAlong(shapes, 'conv1.weight', 0, suspect),
    stem: 'large',
    normalisation: 'batch',
  };
  return { kind: 'resnet', label: labelOf(config), config };
}

function labelOf({ block, layers, channels }: ResNetConfig): string {
  const paper = paperNetworks.find(
    ([, ofBlock, ofLayers]) => ofBlock === block && ofLayers === layers.join() && channels[0] === 64,
  );
  return paper?.[0] ?? `ResNet (${block} blocks: ${layers.join(', ')}; channels: ${channels.join(', ')})`;
}
