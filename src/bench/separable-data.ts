/** Features and reports from which a label can be told, small enough for a software device; for tests of methods and runs. */
import { Random } from '../random/random.ts';
import type { FineTuningData } from '../training/data.ts';
import type { FineTuning } from '../training/fine-tuning.ts';

/** A short linear probe; tests change what they are about. */
export const shortProbe: FineTuning = {
  method: 'imageOnly',
  tuning: 'linearProbe',
  imageEncoder: { name: 'resnet', settings: { width: 8 } },
  textEncoder: { name: 'tfidf', settings: { terms: 50, minimumDocuments: 1, dimensions: 8 } },
  imageSide: 32,
  augmentation: { minCropArea: 1, rotationDegrees: 0, intensityJitter: 0, flipProbability: 0 },
  training: {
    learningRate: 0.03,
    weightDecay: 0.01,
    batchSize: 16,
    maxSteps: 20,
    warmupSteps: 2,
    validateEverySteps: 10,
    patience: 0,
    clipNorm: 1,
  },
  lambda: null,
  temperature: null,
  seed: 5,
};

/** Sizes of the data. */
export interface SeparableSizes {
  readonly trainingRows: number;
  /** Rows of validation, and as many of test. */
  readonly otherRows: number;
  readonly dimensions: number;
}

/** One row in three is positive; the first feature and two words of the report know it. Everybody is taught by a teacher's made-up logits. */
export function separableData({ trainingRows, otherRows, dimensions }: SeparableSizes): FineTuningData {
  const random = new Random('separable data');
  const count = trainingRows + 2 * otherRows;
  const rows = Array.from({ length: count }, (_, i) => i);
  const labels = new Map(rows.map((row) => [row, row % 3 === 0 ? 1 : 0] as const));
  const values = Float32Array.from({ length: count * dimensions }, (_, i) => {
    const isFirst = i % dimensions === 0;
    return random.normal(isFirst && labels.get(Math.floor(i / dimensions)) === 1 ? 3 : 0);
  });
  const trained = rows.slice(0, trainingRows);
  return {
    trainingRows: trained,
    validationRows: rows.slice(trainingRows, trainingRows + otherRows),
    testRows: rows.slice(trainingRows + otherRows),
    labels,
    reports: rows.map((row) =>
      labels.get(row) === 1
        ? `Large effusion on film ${random.pick(['one', 'two'])}.`
        : `Clear lungs on film ${random.pick(['one', 'two'])}.`,
    ),
    films: { side: 32, statistics: { mean: 0.5, standardDeviation: 0.2 }, read: () => notRead() },
    features: { dimensions, values },
    teacherLogits: new Map(trained.map((row) => [row, random.normal(labels.get(row) === 1 ? 2 : -2)])),
  };
}

function notRead(): Promise<never> {
  return Promise.reject(new Error('a linear probe reads no film'));
}
