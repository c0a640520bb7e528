/**
 * Which network a file of weights belongs to, told by the names and shapes of its tensors alone.
 */
import { InputError } from '../../errors.ts';
import { holdsBert } from './recognise-bert.ts';
import { recogniseDenseNet, type RecognisedDenseNet } from './recognise-densenet.ts';
import { recogniseResNet, type RecognisedResNet } from './recognise-resnet.ts';
import { recogniseVit, type RecognisedVit, type VitHints } from './recognise-vit.ts';
import type { WeightShapes } from './weight-shapes.ts';

/** A network that can be built here, at its trained size. */
export type Recognised = RecognisedResNet | RecognisedDenseNet | RecognisedVit;

/** What can be read, for messages. */
export const knownArchitectures =
  'Known here are, under the names of timm: ResNet-18, -34, -50, -101 (and torchvision’s), DenseNet-121, and vision transformers (ViT, DeiT, DINOv2, with or without registers).';

/**
 * The network of weights without wrappers (`withoutWrappers`).
 * @param hints what shapes do not tell of vision transformers.
 * @throws InputError when it is a text encoder (`loadBertModel` reads those, with a vocabulary), or nothing that is known here, or lacks a tensor that gives it its size.
 */
export function recognise(shapes: WeightShapes, hints: VitHints, fileName: string): Recognised {
  const names = [...shapes.keys()];
  if (holdsBert(names)) {
    throw new InputError(
      `${fileName} holds a text encoder (BERT), which reads reports with the help of its vocabulary. Its vocab.txt (or vocab.json) is missing: choose it together with ${fileName}, and its config.json too, if there is one.`,
    );
  }
  const found = withKnownArchitectures(() => family(shapes, hints, fileName));
  if (found) return found;
  const first = names
    .slice(0, 3)
    .map((name) => `"${name}"`)
    .join(', ');
  throw new InputError(
    `${fileName} holds weights of a network that is not known here; ${names.length > 0 ? `its first tensors are ${first}` : 'it has no tensor'}. ${knownArchitectures}`,
  );
}

function family(shapes: WeightShapes, hints: VitHints, fileName: string): Recognised | null {
  return (
    recogniseResNet(shapes, fileName) ??
    recogniseDenseNet(shapes, fileName) ??
    recogniseVit(shapes, hints, fileName)
  );
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
