/**
 * What single words weigh in a model that reads bags of words: how many logits a unit of a word's feature adds.
 *
 * The weight of word j in report x is its slope averaged along the straight line from the empty report to x,
 * wⱼ(x) = ∫₀¹ ∂logit(αx)/∂xⱼ dα, so that logit(x) = logit(0) + Σⱼ xⱼ wⱼ(x): the integrated gradients of Sundararajan, Taly and Yan,
 * "Axiomatic attribution for deep networks", ICML 2017, https://arxiv.org/abs/1703.01365, eq. 1 and proposition 1, less the factor xⱼ.
 * Of a linear model it is the weight itself.
 */
import * as tf from '@tensorflow/tfjs-core';
import { CapturedStep } from '../tensors/captured-step.ts';
import type { HostTensors } from '../tensors/host-tensor.ts';
import { runBatches } from './run-batches.ts';

/** A word with its weight. */
export interface WordWeight {
  /** A word or a pair of words, as the vocabulary has it. */
  readonly word: string;
  /** Logits per unit of the word's feature, mean over the training reports that hold it. */
  readonly weight: number;
  /** Share of positive, and of negative, training films whose report holds the word; in [0, 1]. */
  readonly inPositives: number;
  readonly inNegatives: number;
}

/** A model and the training reports on which its words are weighed. */
export interface WordModel {
  /** What each feature stands for. */
  readonly words: readonly string[];
  readonly rows: readonly number[];
  /** 0 or 1 for each row; both occur. */
  readonly labels: ReadonlyMap<number, 0 | 1>;
  readonly batchSize: number;
  /** Words that fewer of the reports hold are left out. */
  readonly fewestReports: number;
  /** The report of a row as features ≥ 0, [words]; 0 where it does not hold the word. */
  readonly read: (row: number) => Float32Array;
  /** @param reports [batch, words]. @returns [batch, 1]; called inside tf.tidy. */
  readonly logits: (reports: tf.Tensor2D) => tf.Tensor2D;
}

/**
 * Reports that must hold a word that is shown: words go into exports, and one that stands in few reports may be somebody's name.
 */
export const fewestReportsShown = 5;

/** Words kept of a run. */
export const keptWords = 40;

/** The words of largest absolute weight, heaviest first, ties in the order of the vocabulary; at most `keptWords`. */
export async function weighWords(model: WordModel): Promise<WordWeight[]> {
  const width = model.words.length;
  const slopes = new Float64Array(width);
  const holders = { 0: new Float64Array(width), 1: new Float64Array(width) };
  const step = new CapturedStep({
    state: [],
    compute: (inputs) => ({ slopes: summedSlopes(model, inputs) }),
  });
  try {
    const load = (batch: number): Promise<HostTensors> => Promise.resolve(loadBatch(model, batch, holders));
    for await (const sums of runBatches(step, 'slopes', Math.ceil(model.rows.length / model.batchSize), load))
      sums.forEach((sum, word) => (slopes[word]! += sum));
  } finally {
    step.dispose();
  }
  const positives = model.rows.filter((row) => model.labels.get(row) === 1).length;
  const negatives = model.rows.length - positives;
  return (
    model.words
      .map((word, j) => ({
        word,
        weight: slopes[j]! / (holders[0][j]! + holders[1][j]!),
        inPositives: holders[1][j]! / positives,
        inNegatives: holders[0][j]! / negatives,
      }))
      // A word that no report holds has no slope.
      .filter(
        ({ weight }, j) => holders[0][j]! + holders[1][j]! >= model.fewestReports && Number.isFinite(weight),
      )
      .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
      .slice(0, keptWords)
  );
}

/** The features of a batch, and which of its reports hold which word; a short last batch is filled with reports that hold none. */
function loadBatch(
  { words, rows, labels, batchSize, read }: WordModel,
  batch: number,
  holders: Readonly<Record<0 | 1, Float64Array>>,
): HostTensors {
  const own = rows.slice(batch * batchSize, (batch + 1) * batchSize);
  const shape = [batchSize, words.length];
  const reports = new Float32Array(batchSize * words.length);
  own.forEach((row, i) => reports.set(read(row), i * words.length));
  const held = reports.map((value) => (value > 0 ? 1 : 0));
  own.forEach((row, i) => {
    const counts = holders[labels.get(row)!];
    for (let j = 0; j < words.length; j++) counts[j]! += held[i * words.length + j]!;
  });
  return {
    reports: { shape, dtype: 'float32', values: reports },
    held: { shape, dtype: 'float32', values: held },
  };
}

/** Gauss and Legendre's eight points on [0, 1] with their weights: exact for polynomials up to degree 15. */
const quadrature = [
  [0.9602898564975362, 0.1012285362903763],
  [0.7966664774136267, 0.2223810344533744],
  [0.525532409916329, 0.3137066458778873],
  [0.1834346424956498, 0.362683783378362],
].flatMap(([x, weight]) => [
  { at: (1 + x!) / 2, weight: weight! / 2 },
  { at: (1 - x!) / 2, weight: weight! / 2 },
]);

/** Σ over the batch's reports that hold word j of wⱼ(x): [words]. */
function summedSlopes({ logits }: WordModel, inputs: Readonly<Record<string, tf.Tensor>>): tf.Tensor1D {
  // d/dx of weight/α · logit(αx) is weight · the slope at αx, so that one backward pass serves all points.
  const integrated = (reports: tf.Tensor): tf.Tensor => {
    const parts = quadrature.map(({ at, weight }) =>
      tf.mul(tf.sum(logits(tf.mul<tf.Tensor2D>(reports as tf.Tensor2D, at))), weight / at),
    );
    return tf.addN(parts);
  };
  return tf.sum(tf.mul(tf.grad(integrated)(inputs['reports']!), inputs['held']!), 0);
}
