/**
 * Frozen embeddings of reports: every report once through a text encoder that is not trained.
 */
import { InputError, NotFiniteError } from '../errors.ts';
import type { FrozenTextModel } from '../models/imported/text-model.ts';
import { CapturedStep } from '../tensors/captured-step.ts';
import type { FeaturesProgress } from './features.ts';
import { runBatches } from './run-batches.ts';

/** Reports to a batch; bounded by the encoder's activations. */
const batchSize = 16;

/** A wording, and the first row of the cohort that has it. */
export interface DistinctReport {
  readonly text: string;
  readonly row: number;
}

/** The wordings among reports, sorted, so that equal cohorts give equal lists. @param reports of each row. */
export function distinctReports(reports: readonly string[]): DistinctReport[] {
  const rows = new Map<string, number>();
  reports.forEach((text, row) => {
    if (!rows.has(text)) rows.set(text, row);
  });
  return [...rows].map(([text, row]) => ({ text, row })).sort((a, b) => (a.text < b.text ? -1 : 1));
}

/**
 * Embeds reports, yielding after each batch; short ones together, so that little is computed on padding.
 * @returns [reports, dimensions] row-major, in the order of the reports.
 * @throws NotFiniteError naming the row whose embedding is not finite; InputError when all are the same; what assertAlive throws.
 */
export async function* embedReports(
  model: FrozenTextModel,
  reports: readonly DistinctReport[],
  assertAlive: () => void,
): AsyncGenerator<FeaturesProgress, Float32Array<ArrayBuffer>> {
  const { dimensions } = model;
  const tokens = reports.map(({ text }) => model.tokenise(text));
  const order = tokens.map((_, i) => i).sort((a, b) => tokens[a]!.length - tokens[b]!.length);
  const captured = new CapturedStep(
    { state: [], compute: (inputs) => ({ embeddings: model.embed(inputs) }) },
    { orEager: true },
  );
  try {
    const values = new Float32Array(reports.length * dimensions);
    // The last batch is filled up with its last report, so that no shader is compiled anew for fewer.
    const load = (batch: number) => {
      const places = Array.from({ length: batchSize }, (_, i) => batch * batchSize + i);
      return Promise.resolve(
        model.batch(places.map((place) => tokens[order[Math.min(place, order.length - 1)]!]!)),
      );
    };
    let done = 0;
    for await (const numbers of runBatches(
      captured,
      'embeddings',
      Math.ceil(reports.length / batchSize),
      load,
    )) {
      assertAlive();
      const batch = order.slice(done, done + batchSize);
      batch.forEach((report, i) => {
        const embedding = numbers.subarray(i * dimensions, (i + 1) * dimensions);
        if (!embedding.every(Number.isFinite))
          throw new NotFiniteError(
            `The text encoder gives numbers that are not finite for the report of row ${reports[report]!.row}.`,
          );
        values.set(embedding, report * dimensions);
      });
      done += batch.length;
      yield { done, total: reports.length };
    }
    assertTellsReportsApart(values, dimensions, reports.length);
    return values;
  } finally {
    captured.dispose();
  }
}

/** Embeddings that are the same for every report come from a dead encoder; nothing can be learned on them. */
function assertTellsReportsApart(values: Float32Array, dimensions: number, count: number): void {
  if (count > 1 && values.every((value, i) => value === values[i % dimensions])) {
    throw new InputError(
      `The text encoder gives all ${count} wordings of reports the same embedding. Either its vocabulary knows none of their words, or it is another model’s; add the model again with the vocabulary that stands beside its weights.`,
    );
  }
}
