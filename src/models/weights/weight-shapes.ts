/**
 * Looking up shapes in a file of weights that may be damaged or belong to another network.
 */
import { InputError } from '../../errors.ts';
import type { StoredTensor } from './safetensors.ts';

/** A tensor's shape, in PyTorch's layout. */
export type TensorShape = Pick<StoredTensor, 'shape'>;

/** Shapes by name. */
export type WeightShapes = ReadonlyMap<string, TensorShape>;

/** What a file seems to hold, for messages. */
export interface Suspect {
  readonly fileName: string;
  /** The family that its names speak of, e.g. "a ResNet". */
  readonly family: string;
  /** What the file calls a tensor; as it is called here when left out. */
  readonly nameInFile?: (name: string) => string;
}

/** The size of a tensor along an axis. @throws InputError when the file has no such tensor or axis. */
export function sizeAlong(
  shapes: WeightShapes,
  name: string,
  axis: number,
  { fileName, family, nameInFile = (own) => own }: Suspect,
): number {
  const tensor = shapes.get(name);
  const size = tensor?.shape[axis];
  if (size !== undefined) return size;
  const found = tensor ? `has shape [${tensor.shape.join(', ')}]` : 'is missing';
  throw new InputError(`${fileName} looks like ${family}, but "${nameInFile(name)}" ${found}.`);
}

/** How many parts are numbered from `first` on: the names that match and go on, until a number is skipped. */
export function countParts(shapes: WeightShapes, pathOf: (index: number) => string, first = 0): number {
  let count = 0;
  const has = (path: string): boolean => [...shapes.keys()].some((name) => name.startsWith(path));
  while (has(pathOf(first + count))) count++;
  return count;
}
