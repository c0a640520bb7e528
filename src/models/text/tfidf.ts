/**
 * Reports as TF-IDF of words and pairs of words, then one hidden layer. What it looks at can be read off: its inputs have names.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../errors.ts';
import { completeSettings } from '../encoder-settings.ts';
import type { FittedText, TextEncoderEntry } from '../encoder.ts';
import { normal } from '../layers/initializers.ts';
import { buildLinear } from '../layers/linear.ts';
import { ParameterScope } from '../parameter-scope.ts';
import { fitTfidf, tfidfDefaults } from './tfidf-vectorizer.ts';

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
 * Rows have unit length, so pre-activations start with the standard deviation of the weights: small, so that training soon outgrows
 * the draw.
 */
const firstWeights = normal(0.1);

/** TF-IDF with a hidden layer. */
export const tfidf: TextEncoderEntry = {
  name: 'tfidf',
  label: 'TF-IDF with a hidden layer',
  paper: 'https://doi.org/10.1016/0306-4573(88)90021-0',
  fields,
  smoke: { terms: 50, minimumDocuments: 1, dimensions: 8 },
  fit(trainingReports, settings) {
    const { terms, minimumDocuments } = completeSettings('tfidf', fields, settings);
    const options = {
      ...tfidfDefaults,
      ngramRange: [1, 2],
      sublinear: true,
      minimumDocuments,
      maximumTerms: terms,
    } as const;
    return describe(fitTfidf(trainingReports, options), trainingReports.length, minimumDocuments);
  },
  build(fitted, settings, random) {
    const { dimensions } = completeSettings('tfidf', fields, settings);
    const scope = new ParameterScope(random);
    const linear = buildLinear(scope.within('fc1'), fitted.width, dimensions, {
      weight: firstWeights,
      activation: 'gelu',
    });
    return {
      dimensions,
      variables: scope.variables,
      forward: (reports: tf.Tensor2D) => linear(reports),
      dispose: () => scope.dispose(),
    };
  },
};

function describe(
  vectorizer: ReturnType<typeof fitTfidf>,
  reportCount: number,
  minimumDocuments: number,
): FittedText {
  if (vectorizer.terms.length === 0) {
    throw new InputError(
      `None of the ${reportCount} training reports has a word that occurs in ${minimumDocuments} of them. ` +
        'Check the report column, or lower the number of reports that a term must occur in.',
    );
  }
  return {
    width: vectorizer.terms.length,
    dtype: 'float32',
    encode: (report) => Float32Array.from(vectorizer.transform(report)),
    featureNames: vectorizer.terms,
  };
}
