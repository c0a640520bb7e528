/**
 * A person's own text encoder run once on two reports, before it is kept.
 */
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../errors.ts';
import type { FrozenTextModel } from './text-model.ts';

const reports = ['No pleural effusion or pneumothorax.', 'Heart size is normal.'];

/** Embeds two reports. @throws InputError when the embeddings have another size than the model says, or hold a number that is not finite. */
export async function trialReading(model: FrozenTextModel, fileName: string): Promise<void> {
  const batch = model.batch(reports.map((report) => model.tokenise(report)));
  const embeddings = tf.tidy(() =>
    model.embed(
      Object.fromEntries(
        Object.entries(batch).map(([name, { values, shape, dtype }]) => [
          name,
          tf.tensor(values, [...shape], dtype),
        ]),
      ),
    ),
  );
  const values = await embeddings.data();
  embeddings.dispose();
  if (String(embeddings.shape) !== String([reports.length, model.dimensions]))
    throw new InputError(
      `${fileName} gives an output of shape [${embeddings.shape.join(', ')}] for ${reports.length} reports, expected [${reports.length}, ${model.dimensions}].`,
    );
  if (!values.every(Number.isFinite))
    throw new InputError(
      `${fileName} gives numbers that are not finite, so its weights are damaged or not meant for reports. Take them from the model’s folder again.`,
    );
}
