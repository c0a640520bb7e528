/**
 * Embeddings of a cohort's reports by the person's own text encoder: computed once, stored, and used as text encoder in training.
 */
import { importedIdOf } from '../identity/imported-encoder.ts';
import type { TextEncoderEntry } from '../models/encoder.ts';
import type { FrozenTextModel } from '../models/imported/text-model.ts';
import { precomputedText } from '../models/text/precomputed-text.ts';
import type { EncoderChoice } from '../training/fine-tuning.ts';
import { distinctReports, embedReports, type DistinctReport } from '../training/text-embeddings.ts';
import { loadTextModel } from './imported-encoders.ts';
import { consume, reportCount, type JobContext } from './job-context.ts';
import { featureStore, reportEmbeddingsKey } from '../records/stores.ts';

/**
 * The own text encoder of a choice, its embeddings read from the database or, where they are not there, computed and kept; null for an
 * encoder of the registry.
 * @throws InputError when the encoder is not stored here, or gives all reports the same embedding; NotFiniteError naming a row.
 */
export async function ownTextEntry(
  choice: EncoderChoice,
  context: JobContext,
): Promise<TextEncoderEntry | null> {
  const id = importedIdOf(choice.name);
  if (id === null) return null;
  const known = context.textEntries.get(choice.name);
  if (known) return known;
  const reports = distinctReports(context.rows.map(({ report }) => report));
  const key = reportEmbeddingsKey(context.cohort.fingerprint, id);
  const values = (await featureStore.get(key)) ?? (await computed(key, choice, reports, context));
  const dimensions = values.length / reports.length;
  const embeddings = new Map(
    reports.map(({ text }, i) => [text, values.subarray(i * dimensions, (i + 1) * dimensions)]),
  );
  const entry = precomputedText({ name: choice.name, label: choice.label ?? choice.name }, embeddings);
  context.textEntries.set(choice.name, entry);
  return entry;
}

async function computed(
  key: string,
  choice: EncoderChoice,
  reports: readonly DistinctReport[],
  context: JobContext,
): Promise<Float32Array> {
  const { device, control } = context;
  const model: FrozenTextModel = await loadTextModel(choice);
  try {
    const values = await consume(
      embedReports(model, reports, () => device.assertAlive()),
      control,
      reportCount(context, 'Reading reports'),
    );
    await featureStore.set(key, values);
    return values;
  } finally {
    model.dispose();
  }
}
