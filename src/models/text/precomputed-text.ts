/**
 * Reports whose embeddings are known before any training: a frozen text encoder that was run once over the cohort.
 */
import { InputError } from '../../errors.ts';
import type { TextEncoderEntry } from '../encoder.ts';
import { fitFeatureNormalisation, normaliseFeatures } from '../feature-normalisation.ts';

/** How an entry is called. */
export interface PrecomputedWords {
  readonly name: string;
  readonly label: string;
}

/**
 * A text encoder that looks embeddings up by the report's text, so that shuffled reports bring theirs with them. They are standardised by
 * dimension, with mean and deviation of the training reports and of no other; nothing of it is trained.
 * @param embeddings of every report of the cohort, each of the same length.
 */
export function precomputedText(
  { name, label }: PrecomputedWords,
  embeddings: ReadonlyMap<string, Float32Array>,
): TextEncoderEntry {
  const embeddingOf = (report: string): Float32Array => {
    const known = embeddings.get(report);
    if (!known) throw new RangeError(`precomputedText: no embedding of the report "${report.slice(0, 60)}"`);
    return known;
  };
  return {
    name,
    label,
    paper: '',
    fields: [],
    readsTokens: false,
    smoke: {},
    fit(trainingReports) {
      if (!trainingReports.some((report) => report.trim() !== '')) {
        throw new InputError(
          `None of the ${trainingReports.length} training films has a report, so nothing can be learned from reports.`,
        );
      }
      const width = embeddingOf(trainingReports[0]!).length;
      const training = new Float32Array(trainingReports.length * width);
      trainingReports.forEach((report, i) => training.set(embeddingOf(report), i * width));
      const normalisation = fitFeatureNormalisation(
        training,
        width,
        trainingReports.map((_, i) => i),
      );
      return {
        width,
        dtype: 'float32',
        encode: (report) => normaliseFeatures(embeddingOf(report), normalisation),
        named: null,
      };
    },
    build: ({ width }) => ({
      dimensions: width,
      variables: [],
      forward: (reports) => reports,
      dispose: () => {},
    }),
  };
}
