/**
 * Frozen embeddings of reports: every report once through a text encoder that is not trained.
 */
import { InputError, NotFiniteError } from '../errors.ts';
import { embedBatch } from '../models/imported/embed-batch.ts';
import type { FrozenTextModel } from '../models/imported/text-model.ts';
import { CapturedStep } from '../tensors/captured-step.ts';
import type { HostTensors } from '../tensors/host-tensor.ts';
import type { FeaturesProgress } from './features.ts';
import { runBatches } from './run-batches.ts';

/** Reports to a batch; bounded by the encoder's activations. */
const batchSize = 16;

/** Reports that are cut into tokens before the work may be paused or stopped; some ten milliseconds. */
const tokenisedAtATime = 500;

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
 * Embeds reports, yielding how many are done: none at first, then after each batch; short ones together, so that little is computed on
 * padding.
 * @returns [reports, dimensions] row-major, in the order of the reports.
 * @throws NotFiniteError naming the row whose embedding is not finite; InputError when all are the same; what assertAlive throws.
 */
export async function* embedReports(
  model: FrozenTextModel,
  reports: readonly DistinctReport[],
  assertAlive: () => void,
): AsyncGenerator<FeaturesProgress, Float32Array<ArrayBuffer>> {
  const { dimensions } = model;
  const total = reports.length;
  const tokens: (readonly number[])[] = [];
  for (const { text } of reports) {
    if (tokens.length % tokenisedAtATime === 0) {
      await new Promise((resolve) => setTimeout(resolve));
      yield { done: 0, total };
    }
    tokens.push(model.tokenise(text));
  }
  const order = tokens.map((_, i) => i).sort((a, b) => tokens[a]!.length - tokens[b]!.length);
  const values = new Float32Array(total * dimensions);
  let done = 0;
  for await (const numbers of embeddedBatches(
    model,
    order.map((report) => tokens[report]!),
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
    yield { done, total };
  }
  assertTellsReportsApart(values, dimensions, total);
  return values;
}

/** Embeddings of `batchSize` reports at a time, row-major. */
function embeddedBatches(
  model: FrozenTextModel,
  tokens: readonly (readonly number[])[],
): AsyncGenerator<Float32Array, void, void> {
  // The last batch is filled up with its last report, so that no shader is compiled anew for fewer.
  const load = (batch: number): HostTensors => {
    const places = Array.from({ length: batchSize }, (_, i) => batch * batchSize + i);
    return model.batch(places.map((place) => tokens[Math.min(place, tokens.length - 1)]!));
  };
  const count = Math.ceil(tokens.length / batchSize);
  return model.graph === 'fixed' ? replayed(model, load, count) : awaited(model, load, count);
}

/** The graph is captured once for each width of a batch, and the next batches run while earlier ones are read back. */
async function* replayed(
  model: FrozenTextModel & { readonly graph: 'fixed' },
  load: (batch: number) => HostTensors,
  count: number,
): AsyncGenerator<Float32Array, void, void> {
  const captured = new CapturedStep(
    { state: [], compute: (inputs) => ({ embeddings: model.embed(inputs) }) },
    { orEager: true },
  );
  try {
    yield* runBatches(captured, 'embeddings', count, (batch) => Promise.resolve(load(batch)));
  } finally {
    captured.dispose();
  }
}

/** The graph's operations depend on each batch, so nothing is recorded and each batch waits for the device. */
async function* awaited(
  model: FrozenTextModel,
  load: (batch: number) => HostTensors,
  count: number,
): AsyncGenerator<Float32Array, void, void> {
  for (let batch = 0; batch < count; batch++) {
    const embeddings = await embedBatch(model, load(batch));
    try {
      yield Float32Array.from(await embeddings.data<'float32'>());
    } finally {
      embeddings.dispose();
    }
  }
}

/** Embeddings that are equal for every report come from a broken encoder; nothing can be learned from them. */
function assertTellsReportsApart(values: Float32Array, dimensions: number, count: number): void {
  if (count > 1 && values.every((value, i) => value === values[i % dimensions])) {
    throw new InputError(
      `The text encoder gives all ${count} wordings of reports the same embedding. Either its vocabulary knows none of their words, or it is another model’s; add the model again with the vocabulary that stands beside its weights.`,
    );
  }
}
