/**
 * What a person's own text encoder is once it is loaded: a frozen way from reports to embeddings.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { HostTensors } from '../../tensors/host-tensor.ts';

/** Tensors by the names that a batch gives them. */
type Inputs = Readonly<Record<string, tf.Tensor>>;

interface Batches {
  /** A report as token ids, cut at what the model can read; at least one. */
  tokenise(report: string): readonly number[];
  /** Tokenised reports as one batch. */
  batch(reports: readonly (readonly number[])[]): HostTensors;
}

/** Always does the same operations, so that they can be recorded once and replayed. */
interface FixedGraph extends Batches {
  readonly graph: 'fixed';
  /** @param inputs what `batch` gave, on the device. @returns embeddings [reports, dimensions]; called inside tf.tidy. */
  embed(inputs: Inputs): tf.Tensor2D;
}

/** Its control flow depends on numbers, so it waits for the device while it runs. */
interface DynamicGraph extends Batches {
  readonly graph: 'dynamic';
  /** As that of a fixed graph, but not inside tf.tidy, which cannot wait: it leaves its result on the device and nothing else. */
  embed(inputs: Inputs): Promise<tf.Tensor2D>;
}

/** A way from reports to embeddings. */
export type ReportReader = FixedGraph | DynamicGraph;

/** A loaded text encoder; the one who loaded it disposes of it. */
export type FrozenTextModel = ReportReader & {
  /** Length of an embedding. */
  readonly dimensions: number;
  /** As its paper calls the network, with its size. */
  readonly label: string;
  dispose(): void;
};
