/**
 * Which network a file of weights belongs to, told by the names and shapes of its tensors alone.
 */
import { InputError } from '../../errors.ts';
import { imageNetworks, textNetworks, type NetworkPlace } from './find-networks.ts';
import { networkAt, type Network } from './network.ts';
import { recogniseDenseNet, type RecognisedDenseNet } from './recognise-densenet.ts';
import { recogniseResNet, type RecognisedResNet } from './recognise-resnet.ts';
import { recogniseVit, type RecognisedVit, type VitHints } from './recognise-vit.ts';
import type { TensorShape } from './weight-shapes.ts';

/** A network that can be built here, at its trained size. */
export type Recognised = RecognisedResNet | RecognisedDenseNet | RecognisedVit;

/** What can be read, for messages. */
export const knownArchitectures =
  'Known here are, under the names of timm: ResNet-18, -34, -50, -101 (and torchvision’s), DenseNet-121 (and torchxrayvision’s), and vision transformers (ViT, DeiT, DINOv2, with or without registers), these also under the names of transformers.';

/**
 * The network of a file that sees images.
 * @param part the prefix of the one that is meant, where there are several; null where there is one.
 * @throws InputError when there is none, or only a text encoder, or several and none of them is the part.
 */
export function imageNetwork<T>(
  tensors: ReadonlyMap<string, T>,
  part: string | null,
  fileName: string,
): Network<T> {
  const places = imageNetworks(tensors.keys());
  if (places.length === 0) throw noImageNetwork([...tensors.keys()], fileName);
  const place = part === null ? places[0]! : places.find(({ prefix }) => prefix === part);
  if (!place || (part === null && places.length > 1)) throw severalNetworks(places, fileName);
  return networkAt(tensors, place);
}

function noImageNetwork(names: readonly string[], fileName: string): InputError {
  if (textNetworks(names).length > 0)
    return new InputError(
      `${fileName} holds a text encoder (BERT), which reads reports with the help of its vocabulary. Its vocab.txt (or vocab.json) is missing: choose it together with ${fileName}, and its config.json too, if there is one.`,
    );
  const first = names
    .slice(0, 3)
    .map((name) => `"${name}"`)
    .join(', ');
  return new InputError(
    `${fileName} holds weights of a network that is not known here; ${names.length > 0 ? `its first tensors are ${first}` : 'it has no tensor'}. ${knownArchitectures}`,
  );
}

/** What is said where one of several networks must be chosen. */
export function severalNetworks(places: readonly NetworkPlace[], fileName: string): InputError {
  return new InputError(
    `${fileName} holds ${places.length} networks: ${places.map(partWords).join(' and ')}. Choose one of them, or save the one that is meant alone.`,
  );
}

/** A network of several in words: by what stands before its names. */
export function partWords({ prefix }: NetworkPlace): string {
  return prefix === '' ? 'the one whose names have nothing before them' : `"${prefix}…"`;
}

/**
 * What a network is, by its shapes.
 * @param hints what shapes do not tell of vision transformers.
 * @throws InputError when a tensor is missing that gives it its size, or what shapes do not tell is open.
 */
export function recognise(network: Network<TensorShape>, hints: VitHints, fileName: string): Recognised {
  return withKnownArchitectures(() => {
    switch (network.family) {
      case 'resnet':
        return recogniseResNet(network, fileName);
      case 'densenet':
        return recogniseDenseNet(network, fileName);
      case 'vit':
        return recogniseVit(network, hints, fileName);
      case 'bert':
        throw noImageNetwork([...network.tensors.keys()], fileName);
      default:
        return network.family satisfies never;
    }
  });
}

/** Runs what may refuse a file, and says which networks are known where it does. @throws InputError with both sentences. */
export function withKnownArchitectures<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${error.message} ${knownArchitectures}`);
    throw error;
  }
}
