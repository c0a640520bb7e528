/**
 * What a person's own text encoder is once it is loaded: a frozen way from reports to embeddings.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { HostTensors } from '../../tensors/host-tensor.ts';

/** A loaded text encoder; the one who loaded it disposes of it. */
export interface FrozenTextModel {
  /** Length of an embedding. */
  readonly dimensions: number;
  /** As its paper calls the network, with its size. */
  readonly label: string;
  /** A report as token ids, cut at what the model can read; at least one. */
  tokenise(report: string): readonly number[];
  /** Tokenised reports as one batch. */
  batch(reports: readonly (readonly number[])[]): HostTensors;
  /** @param inputs what `batch` gave, on the device. @returns embeddings [reports, dimensions]; called inside tf.tidy. */
  embed(inputs: Readonly<Record<string, tf.Tensor>>): tf.Tensor2D;
  dispose(): void;
}
