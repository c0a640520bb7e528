/**
 * Copies weights between PyTorch's layout and our variables, by name. Only this file converts layouts.
 */
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../errors.ts';
import type { NamedVariable, WeightLayout } from '../parameters.ts';
import type { StoredTensor } from './safetensors.ts';

/** How strictly names must agree. */
export interface LoadOptions {
  /** Names of the file that may be left over, e.g. an old head; counters of batch normalisation always may. */
  readonly mayBeExtra?: (name: string) => boolean;
  /** What the file calls a tensor, for the messages; as it is called here when left out. */
  readonly nameInFile?: (name: string) => string;
}

/**
 * Our axis that stands at each of PyTorch's places: convolution [height, width, in, out] → [out, in, height, width], linear [in, out] →
 * [out, in].
 */
const axesInPytorch: Readonly<Record<WeightLayout, readonly number[]>> = {
  linear: [1, 0],
  convolution: [3, 2, 0, 1],
};

/** How many names of one kind a message tells. */
const mostListed = 8;

/** The shape that a weight has in PyTorch. */
export function pytorchShape({ variable, layout }: NamedVariable): number[] {
  return layout ? axesInPytorch[layout].map((axis) => variable.shape[axis]!) : [...variable.shape];
}

/**
 * Loads every weight and buffer from tensors of the same names. Nothing is loaded when anything does not fit.
 * @throws InputError listing what is missing, left over or of another shape; of each the first eight and how many more.
 */
export function loadStateDict(
  parameters: readonly NamedVariable[],
  tensors: ReadonlyMap<string, StoredTensor>,
  { mayBeExtra = () => false, nameInFile = (name) => name }: LoadOptions = {},
): void {
  const complaints = [
    ...findMissing(parameters, tensors, nameInFile),
    ...findExtra(parameters, tensors, { mayBeExtra, nameInFile }),
    ...findMisshapen(parameters, tensors, nameInFile),
  ];
  if (complaints.length > 0) {
    throw new InputError(`The weights do not fit this encoder: ${complaints.join('; ')}.`);
  }
  for (const parameter of parameters) assign(parameter, tensors.get(parameter.name)!);
}

function findMissing(
  parameters: readonly NamedVariable[],
  tensors: ReadonlyMap<string, StoredTensor>,
  nameInFile: (name: string) => string,
): string[] {
  const names = parameters.filter(({ name }) => !tensors.has(name)).map(({ name }) => nameInFile(name));
  return names.length > 0 ? [`missing: ${listed(names)}`] : [];
}

function findExtra(
  parameters: readonly NamedVariable[],
  tensors: ReadonlyMap<string, StoredTensor>,
  { mayBeExtra, nameInFile }: Required<LoadOptions>,
): string[] {
  const known = new Set(parameters.map(({ name }) => name));
  const names = [...tensors.keys()]
    .filter((name) => !known.has(name) && !name.endsWith('.num_batches_tracked') && !mayBeExtra(name))
    .map(nameInFile);
  return names.length > 0 ? [`not known here: ${listed(names)}`] : [];
}

function findMisshapen(
  parameters: readonly NamedVariable[],
  tensors: ReadonlyMap<string, StoredTensor>,
  nameInFile: (name: string) => string,
): string[] {
  const complaints = parameters.flatMap((parameter) => {
    const found = tensors.get(parameter.name)?.shape;
    const expected = pytorchShape(parameter);
    if (!found || String(found) === String(expected)) return [];
    return [
      `${nameInFile(parameter.name)} has shape [${found.join(', ')}], expected [${expected.join(', ')}]`,
    ];
  });
  return complaints.length > 0 ? [listed(complaints)] : [];
}

/** The first of many, so that a message can be read. */
function listed(items: readonly string[]): string {
  const more = items.length - mostListed;
  return more > 0 ? `${items.slice(0, mostListed).join(', ')} and ${more} more` : items.join(', ');
}

function assign({ variable, layout }: NamedVariable, { shape, values }: StoredTensor): void {
  tf.tidy(() => {
    const stored = tf.tensor(new Float32Array(values), [...shape], 'float32');
    variable.assign(layout ? tf.transpose(stored, inverse(axesInPytorch[layout])) : stored);
  });
}

function inverse(axes: readonly number[]): number[] {
  return axes.map((_, place) => axes.indexOf(place));
}

/** A copy of a tensor that lies as a weight does here, turned as PyTorch has it; the caller disposes of it. */
export function toPytorchLayout(tensor: tf.Tensor, layout: WeightLayout | undefined): tf.Tensor {
  return layout ? tf.transpose(tensor, [...axesInPytorch[layout]]) : tf.clone(tensor);
}

/** All weights and buffers by name in PyTorch's layout, as safetensors keeps them. */
export async function readStateDict(
  parameters: readonly NamedVariable[],
): Promise<Map<string, { readonly shape: readonly number[]; readonly values: Float32Array }>> {
  const state = new Map<string, { readonly shape: readonly number[]; readonly values: Float32Array }>();
  for (const { name, variable, layout } of parameters) {
    const tensor = toPytorchLayout(variable, layout);
    state.set(name, { shape: tensor.shape, values: (await tensor.data()) as Float32Array });
    tensor.dispose();
  }
  return state;
}
