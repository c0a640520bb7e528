/**
 * One batch of reports through a text encoder, without recording anything.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { HostTensors } from '../../tensors/host-tensor.ts';
import type { ReportReader } from './text-model.ts';

/** Embeds a batch. @returns [reports, dimensions], which the caller disposes of; all else is gone from the device. */
export async function embedBatch(model: ReportReader, batch: HostTensors): Promise<tf.Tensor2D> {
  const inputs = Object.fromEntries(
    Object.entries(batch).map(([name, { values, shape, dtype }]) => [
      name,
      tf.tensor(values, [...shape], dtype),
    ]),
  );
  try {
    return model.graph === 'fixed' ? tf.tidy(() => model.embed(inputs)) : await model.embed(inputs);
  } finally {
    tf.dispose(inputs);
  }
}
