/**
 * Whether a config.json belongs to the weights beside it, and describes what can be built here.
 */
import { InputError } from '../../errors.ts';
import type { NetworkFamily } from './find-networks.ts';
import type { ModelConfig } from './model-config.ts';

/** What the weights themselves say. */
export interface SizeOfWeights {
  readonly family: NetworkFamily;
  /** Length of a token, or of an embedding. */
  readonly dimensions: number;
  /** Blocks of a transformer; null for others. */
  readonly depth: number | null;
  /** Side in px of a vision transformer's patch; left out for others. */
  readonly patch?: number;
}

/** Names of the activations that are built here: the exact GELU in transformers, ReLU in the others. */
const activations: Readonly<Record<NetworkFamily, readonly string[]>> = {
  vit: ['gelu', 'gelu_python'],
  bert: ['gelu', 'gelu_python'],
  resnet: ['relu'],
  densenet: ['relu'],
};

/** @throws InputError when the config describes another network, or one that computes otherwise than those built here. */
export function assertConfigFits(config: ModelConfig, size: SizeOfWeights, weightsName: string): void {
  const { fileName, dimensions, depth, patch, activation, difference, heads } = config;
  const isTransformer = size.family === 'vit' || size.family === 'bert';
  const other = (said: string, have: string): InputError =>
    new InputError(
      `${fileName} describes another network: it says ${said}, but ${weightsName} has ${have}. Choose the file that lies beside these weights, or leave it out.`,
    );
  if (dimensions !== null && dimensions !== size.dimensions)
    throw other(`${dimensions} dimensions`, String(size.dimensions));
  if (depth !== null && size.depth !== null && depth !== size.depth)
    throw other(`${depth} blocks`, String(size.depth));
  if (patch !== null && size.patch !== undefined && patch !== size.patch)
    throw other(`patches of ${patch} px`, `patches of ${size.patch} px`);
  if (isTransformer && heads !== null && size.dimensions % heads !== 0)
    throw other(`${heads} attention heads`, `${size.dimensions} dimensions, which they do not divide`);
  const words =
    difference ??
    (activation !== null && !activations[size.family].includes(activation.toLowerCase())
      ? `its activation is "${activation}"`
      : null);
  if (words !== null)
    throw new InputError(
      `${fileName} says of ${weightsName} that ${words}, which is not built here: the features would be wrong. Bring a network without it.`,
    );
}
