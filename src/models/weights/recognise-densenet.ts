/**
 * timm's and torchvision's DenseNets (Huang et al., 2016, https://arxiv.org/abs/1608.06993) told by the names and shapes of their weights.
 */
import type { DenseNetConfig } from '../encoders/densenet.ts';
import type { Network } from './network.ts';
import { countParts, sizeAlong, type TensorShape } from './weight-shapes.ts';

/** A network that was recognised. */
export interface RecognisedDenseNet {
  readonly kind: 'densenet';
  /** As the paper calls it. */
  readonly label: string;
  readonly config: DenseNetConfig;
}

/**
 * The dense network of a file: batch normalisation and the large stem.
 * @throws InputError when a tensor is missing that gives the network its size.
 */
export function recogniseDenseNet(
  { tensors: shapes, nameInFile }: Network<TensorShape>,
  fileName: string,
): RecognisedDenseNet {
  const first = 'features.denseblock1.denselayer1';
  const suspect = { fileName, family: 'a DenseNet', nameInFile };
  const count = countParts(shapes, (index) => `features.denseblock${index}.`, 1);
  const growthRate = sizeAlong(shapes, `${first}.conv2.weight`, 0, suspect);
  const config: DenseNetConfig = {
    growthRate,
    blocks: Array.from({ length: count }, (_, block) =>
      countParts(shapes, (layer) => `features.denseblock${block + 1}.denselayer${layer}.`, 1),
    ),
    stemChannels: sizeAlong(shapes, 'features.conv0.weight', 0, suspect),
    bottleneck: sizeAlong(shapes, `${first}.conv1.weight`, 0, suspect) / growthRate,
    inputChannels: sizeAlong(shapes, 'features.conv0.weight', 1, suspect),
    stem: 'large',
    normalisation: 'batch',
  };
  return { kind: 'densenet', label: labelOf(config), config };
}

function labelOf({ growthRate, blocks }: DenseNetConfig): string {
  if (growthRate === 32 && blocks.join() === '6,12,24,16') return 'DenseNet-121';
  return `DenseNet (blocks: ${blocks.join(', ')}; growth rate ${growthRate})`;
}
