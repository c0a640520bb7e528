/**
 * Reports as TF-IDF of words and pairs of words, then one hidden layer. Its inputs have names, so its weights can be interpreted.
 */
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../errors.ts';
import { gelu } from '../../kernels/gelu.ts';
import { linear } from '../../kernels/matmul/linear.ts';
import { packSparseRow, sparseProduct, type SparseRow } from '../../kernels/sparse-rows.ts';
import { textEncoderFacts } from '../encoder-facts.ts';
import { completeSettings } from '../field.ts';
import type { FittedText, NamedFeatures, TextEncoderEntry } from '../encoder.ts';
import { normal } from '../layers/initializers.ts';
import { buildAffine } from '../layers/linear.ts';
import { ParameterScope } from '../parameter-scope.ts';
import { fitTfidf, tfidfDefaults, type TfidfVectorizer } from './tfidf-vectorizer.ts';

const fields = [
  {
    name: 'terms',
    label: 'Terms at most',
    unit: 'words and pairs of words',
    low: 50,
    high: 20000,
    step: 50,
    value: 2000,
    why: 'The most frequent terms of the training reports; radiology is written with few words.',
  },
  {
    name: 'minimumDocuments',
    label: 'Reports that a term must occur in',
    unit: 'reports',
    low: 1,
    high: 100,
    step: 1,
    value: 2,
    why: 'A term of one report only tells that report apart and nothing else.',
  },
  {
    name: 'dimensions',
    label: 'Length of an embedding',
    unit: 'dimensions',
    low: 8,
    high: 512,
    step: 8,
    value: 64,
    why: 'Enough for the labels of a cohort, and few enough weights for hundreds of reports.',
  },
] as const;

/**
 * Rows have unit length, so pre-activations start with the standard deviation of the weights: small, so that training quickly dominates the
 * random start.
 */
const firstWeights = normal(0.1);

/** TF-IDF with a hidden layer. */
export const tfidf: TextEncoderEntry = {
  name: 'tfidf',
  ...textEncoderFacts.tfidf,
  label: 'TF-IDF with a hidden layer',
  paper: 'https://doi.org/10.1016/0306-4573(88)90021-0',
  fields,
  smoke: { terms: 50, minimumDocuments: 1, dimensions: 8 },
  fit(trainingReports, settings, toRead) {
    const { terms, minimumDocuments } = completeSettings('tfidf', fields, settings);
    const options = {
      ...tfidfDefaults,
      ngramRange: [1, 2],
      sublinear: true,
      minimumDocuments,
      maximumTerms: terms,
    } as const;
    const vectorizer = fitTfidf(trainingReports, options);
    if (vectorizer.terms.length === 0) {
      throw new InputError(
        `None of the ${trainingReports.length} training reports has a word that occurs in ${minimumDocuments} of them. ` +
          'Check the report column, or lower the number of reports that a term must occur in.',
      );
    }
    return toRead ? inPairs(vectorizer, toRead) : inFull(vectorizer);
  },
  build(fitted, settings, random) {
    const { dimensions } = completeSettings('tfidf', fields, settings);
    const scope = new ParameterScope(random);
    const affine = buildAffine(scope.within('fc1'), fitted.named!.names.length, dimensions, {
      weight: firstWeights,
    });
    return {
      dimensions,
      variables: scope.variables,
      forward: (reports: tf.Tensor2D) =>
        reports.dtype === 'int32'
          ? gelu(tf.add<tf.Tensor2D>(sparseProduct(reports, affine.weight as tf.Tensor2D), affine.bias))
          : (linear(reports, affine, { activation: 'gelu' }) as tf.Tensor2D),
      dispose: () => scope.dispose(),
    };
  },
};

/** A number for each term, zeros too: for any report. */
function inFull(vectorizer: TfidfVectorizer): FittedText {
  const named = namedFeatures(vectorizer);
  return { width: named.names.length, dtype: 'float32', encode: (report) => named.read(report), named };
}

/** Columns and values of the terms that a report holds, as many pairs as the fullest of the reports needs: a tenth of the numbers and less. */
function inPairs(vectorizer: TfidfVectorizer, reports: readonly string[]): FittedText {
  const rows = new Map<string, SparseRow>();
  let pairs = 1;
  for (const report of reports) {
    if (rows.has(report)) continue;
    const row = sparseRow(vectorizer, report);
    rows.set(report, row);
    pairs = Math.max(pairs, row.columns.length);
  }
  return {
    width: 2 * pairs,
    dtype: 'int32',
    encode: (report) => packSparseRow(rows.get(report) ?? sparseRow(vectorizer, report), pairs),
    named: namedFeatures(vectorizer),
  };
}

function sparseRow(vectorizer: TfidfVectorizer, report: string): SparseRow {
  const entries = vectorizer.entries(report);
  return {
    columns: Int32Array.from(entries, ([column]) => column),
    values: Float32Array.from(entries, ([, value]) => value),
  };
}

function namedFeatures(vectorizer: TfidfVectorizer): NamedFeatures {
  return {
    names: vectorizer.terms,
    read: (report) => Float32Array.from(vectorizer.transform(report)),
  };
}
