/**
 * Signals of a pre-training run: the AUROC of a linear probe on the embeddings, whether films and reports retrieve each other, and whether
 * the embeddings still tell films apart. Measured on validation patients; nothing is trained or chosen by them.
 */
import * as tf from '@tensorflow/tfjs-core';
import {
  collapseWords,
  directions,
  mostFilms,
  neighbourCounts,
  signalNames,
} from '../evaluation/embedding-signals.ts';
import { embeddingSpread } from '../evaluation/embedding-spread.ts';
import { NotFiniteError } from '../errors.ts';
import {
  fitLogisticRegression,
  predictLogisticRegression,
  type LogisticRegression,
} from '../evaluation/logistic-regression.ts';
import { auroc } from '../evaluation/metrics/auroc.ts';
import { dot, partnerRanks, recallAt } from '../evaluation/retrieval.ts';
import { unitRows } from '../kernels/normalisation/unit-rows.ts';
import { fitFeatureNormalisation, normaliseFeatures } from '../models/feature-normalisation.ts';
import { CapturedStep } from '../tensors/captured-step.ts';
import type { HostTensors } from '../tensors/host-tensor.ts';
import { imageInputs } from '../training/images.ts';
import { runBatches } from '../training/run-batches.ts';
import type { Signals } from '../training/task.ts';
import type { PretrainingData, ProbedLabel } from './data.ts';
import { passInputs, type Tensors } from './forward-pass.ts';
import type { Alignment } from './objective.ts';
import { encoded, type PretrainingTask } from './pretraining-task.ts';

/** Labels that are probed at most. */
const mostLabels = 8;
/** Films to a batch. */
const batchSize = 32;
/** C of the probe: standardised features of hundreds of films need a firm penalty. */
const inverseRegularization = 0.01;
/** Films whose nearest reports are shown. */
const shownFilms = 6;
const shownReports = 5;

/** The nearest reports of a film. */
export interface FilmNeighbours {
  readonly row: number;
  /** Rows of the validation reports with their cosine similarity, the nearest first. */
  readonly nearest: readonly { readonly row: number; readonly similarity: number }[];
  /** Place of the film's own report among all that were compared, from 1. */
  readonly ownRank: number;
  readonly compared: number;
}

/** Measures a task's embeddings. */
export class SignalProbe {
  readonly #task: PretrainingTask;
  readonly #data: PretrainingData;
  readonly #alignment: Alignment | undefined;
  readonly #trainingRows: readonly number[];
  readonly #validationRows: readonly number[];
  readonly #pairs: readonly number[];
  readonly #labels: readonly ProbedLabel[];
  readonly #embedding: CapturedStep;
  readonly #aligned: CapturedStep;

  constructor(task: PretrainingTask, data: PretrainingData) {
    this.#task = task;
    this.#data = data;
    this.#alignment = task.terms
      .map(({ built }) => built.alignment)
      .find((alignment) => alignment !== undefined);
    this.#trainingRows = spread(data.trainingRows, mostFilms);
    this.#validationRows = spread(data.validationRows, mostFilms);
    this.#pairs = this.#validationRows.filter((row) => (data.reports[row] ?? '').trim() !== '');
    this.#labels = data.probedLabels
      .filter(({ values }) =>
        [this.#trainingRows, this.#validationRows].every((rows) => hasBoth(rows, values)),
      )
      .slice(0, mostLabels);
    this.#embedding = new CapturedStep(
      { state: [], compute: (inputs) => ({ rows: this.#pass(inputs).embedding(0) }) },
      { orEager: true },
    );
    this.#aligned = new CapturedStep(
      { state: [], compute: (inputs) => ({ rows: this.#align(inputs) }) },
      { orEager: true },
    );
  }

  /** All signals of the present weights. */
  async measure(): Promise<Signals> {
    const [training, validation] = [
      await this.#embed(this.#trainingRows),
      await this.#embed(this.#validationRows),
    ];
    const { deviation, effectiveDimensions } = embeddingSpread(validation);
    return {
      ...this.#probe(training, validation),
      ...(await this.#recalls()),
      [signalNames.deviation]: deviation,
      [signalNames.effectiveDimensions]: effectiveDimensions,
    };
  }

  /** The nearest validation reports of some validation films; none without an alignment. */
  async nearestReports(): Promise<FilmNeighbours[]> {
    const { films, reports } = await this.#compared();
    const ranks = partnerRanks(films, reports);
    return spread(
      this.#pairs.map((_, i) => i),
      shownFilms,
    )
      .filter((i) => films[i])
      .map((i) => {
        const similarities = reports.map((report, j) => ({
          row: this.#pairs[j]!,
          similarity: dot(films[i]!, report),
        }));
        const nearest = similarities.sort((a, b) => b.similarity - a.similarity).slice(0, shownReports);
        return { row: this.#pairs[i]!, nearest, ownRank: ranks[i]!, compared: reports.length };
      });
  }

  dispose(): void {
    this.#embedding.dispose();
    this.#aligned.dispose();
  }

  #pass(inputs: Tensors) {
    return this.#task.pass(inputs, 1, false);
  }

  /** [films, 2 · shared dimensions]: film and report side by side, each of length 1. */
  #align(inputs: Tensors): tf.Tensor2D {
    const pass = this.#pass(inputs);
    const { image, text } = this.#alignment!;
    return tf.concat2d([unitRows(image(pass.embedding(0))), unitRows(text(pass.text()))], 1);
  }

  #embed(rows: readonly number[]): Promise<Float32Array[]> {
    return this.#rowsOf(this.#embedding, rows, (batch) => this.#loadFilms(batch));
  }

  async #loadFilms(rows: readonly number[]): Promise<HostTensors> {
    const { films } = this.#data;
    return imageInputs(await films.read(rows), films.side, this.#task.input.height, null);
  }

  /** Films and reports of the validation pairs in the shared space. */
  async #compared(): Promise<{ films: Float32Array[]; reports: Float32Array[] }> {
    if (!this.#alignment || this.#pairs.length === 0) return { films: [], reports: [] };
    const load = async (rows: readonly number[]): Promise<HostTensors> => ({
      ...(await this.#loadFilms(rows)),
      [passInputs.reports]: encoded(
        this.#task.text,
        rows.map((row) => this.#data.reports[row]!),
      ),
    });
    const both = await this.#rowsOf(this.#aligned, this.#pairs, load);
    const shared = both[0]!.length / 2;
    return { films: both.map((row) => row.slice(0, shared)), reports: both.map((row) => row.slice(shared)) };
  }

  async #rowsOf(
    step: CapturedStep,
    rows: readonly number[],
    load: (rows: readonly number[]) => Promise<HostTensors>,
  ): Promise<Float32Array[]> {
    const result: Float32Array[] = [];
    const batches = Math.ceil(rows.length / batchSize);
    // The last batch is filled up with its last film, so that no shader is compiled anew for a shorter one.
    const batch = (n: number): number[] =>
      Array.from({ length: batchSize }, (_, i) => rows[Math.min(n * batchSize + i, rows.length - 1)]!);
    for await (const numbers of runBatches(step, 'rows', batches, (n) => load(batch(n)))) {
      if (!numbers.every(Number.isFinite))
        throw new NotFiniteError(
          'An embedding of a film or report is not finite, so that nothing can be measured on it. Lower the learning rate or switch gradient clipping on.',
        );
      const width = numbers.length / batchSize;
      const count = Math.min(batchSize, rows.length - result.length);
      for (let i = 0; i < count; i++) result.push(numbers.slice(i * width, (i + 1) * width));
    }
    return result;
  }

  #probe(training: readonly Float32Array[], validation: readonly Float32Array[]): Signals {
    const standardised = standardise(training, validation);
    const found = this.#labels.flatMap(({ name, values }) => {
      const model = fitProbe(known(this.#trainingRows, standardised.training, values));
      if (!model) return [];
      const asked = known(this.#validationRows, standardised.validation, values);
      const scores = predictLogisticRegression(model, asked.rows).map((row) => row[1]!);
      const area = auroc.compute(asked.labels, scores);
      return area === undefined ? [] : [[signalNames.probeOf(name), area] as const];
    });
    if (found.length === 0) return {};
    const mean = found.reduce((sum, [, area]) => sum + area, 0) / found.length;
    return { [signalNames.probe]: mean, ...Object.fromEntries(found) };
  }

  async #recalls(): Promise<Signals> {
    const { films, reports } = await this.#compared();
    if (films.length === 0) return {};
    const ranks = {
      imageToReport: partnerRanks(films, reports),
      reportToImage: partnerRanks(reports, films),
    };
    const recalls = directions.flatMap((direction) =>
      neighbourCounts.map((k) => [signalNames.recall(direction, k), recallAt(ranks[direction], k)] as const),
    );
    return Object.fromEntries(recalls);
  }
}

/** A sentence when the embeddings of a validation no longer tell films apart; null when they do. */
export function collapseOf(signals: Signals): string | null {
  const words = collapseWords(signals);
  return (
    words &&
    `The embeddings have collapsed: ${words}. A lower learning rate, a larger batch or another objective may help.`
  );
}

/** Null where no optimum is found: a signal that cannot be measured must not end the run. */
function fitProbe({ rows, labels }: KnownRows): LogisticRegression | null {
  try {
    return fitLogisticRegression(rows, labels, {
      inverseRegularization,
      penalizeIntercept: false,
      balanced: true,
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

interface KnownRows {
  readonly rows: readonly Float32Array[];
  readonly labels: readonly number[];
}

/** At most so many items, spread evenly. */
function spread<T>(items: readonly T[], most: number): T[] {
  const step = Math.max(1, items.length / most);
  return Array.from({ length: Math.min(items.length, most) }, (_, i) => items[Math.floor(i * step)]!);
}

function hasBoth(rows: readonly number[], values: ReadonlyMap<number, 0 | 1>): boolean {
  const found = new Set(rows.map((row) => values.get(row)));
  return found.has(0) && found.has(1);
}

/** Rows whose label is known. */
function known(
  rows: readonly number[],
  features: readonly Float32Array[],
  values: ReadonlyMap<number, 0 | 1>,
): KnownRows {
  const places = rows.flatMap((row, i) => (values.has(row) ? [i] : []));
  return { rows: places.map((i) => features[i]!), labels: places.map((i) => values.get(rows[i]!)!) };
}

/** Both sides with the training films' mean and deviation taken out. */
function standardise(
  training: readonly Float32Array[],
  validation: readonly Float32Array[],
): { training: Float32Array[]; validation: Float32Array[] } {
  const width = training[0]!.length;
  const flat = new Float32Array((training.length + validation.length) * width);
  [...training, ...validation].forEach((row, i) => flat.set(row, i * width));
  const fitted = fitFeatureNormalisation(
    flat,
    width,
    training.map((_, i) => i),
  );
  const all = normaliseFeatures(flat, fitted);
  const rowsFrom = (first: number, count: number): Float32Array[] =>
    Array.from({ length: count }, (_, i) => all.slice((first + i) * width, (first + i + 1) * width));
  return { training: rowsFrom(0, training.length), validation: rowsFrom(training.length, validation.length) };
}
