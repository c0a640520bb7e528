/**
 * A person's own text encoder run once on two reports, before it is kept.
 */
import { InputError } from '../../errors.ts';
import { embedBatch } from './embed-batch.ts';
import type { ReportReader } from './text-model.ts';

const reports = ['No pleural effusion or pneumothorax.', 'Heart size is normal.'];

/**
 * Embeds two reports.
 * @returns the length of an embedding.
 * @throws InputError when there is not one embedding for each report, or a number that is not finite.
 */
export async function trialReading(model: ReportReader, fileName: string): Promise<number> {
  const embeddings = await embedBatch(model, model.batch(reports.map((report) => model.tokenise(report))));
  const values = await embeddings.data();
  embeddings.dispose();
  const shape: readonly number[] = embeddings.shape;
  const [count, dimensions = 0] = shape;
  if (shape.length !== 2 || count !== reports.length || dimensions === 0)
    throw new InputError(
      `${fileName} gives an output of shape [${shape.join(', ')}] for ${reports.length} reports, but a text encoder gives one embedding a report: [${reports.length}, numbers]. Export the part of the model that ends there.`,
    );
  if (!values.every(Number.isFinite))
    throw new InputError(
      `${fileName} gives numbers that are not finite, so its weights are damaged or not meant for reports. Take them from the model’s folder again.`,
    );
  return dimensions;
}
