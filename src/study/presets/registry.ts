/** Placeholder presets until the study floor is merged. */
import type { StudyConfig } from '../config.ts';

const training = {
  learningRate: 0.001,
  batchSize: 32,
  maxSteps: 200,
  warmupSteps: 10,
  validateEverySteps: 20,
  patience: 3,
  clipNorm: 1,
};
const augmentation = { minCropArea: 0.8, rotationDegrees: 5, intensityJitter: 0.1, flipProbability: 0 };

const demo: StudyConfig = {
  version: 1,
  name: 'Demo',
  purpose: 'A first look in about a minute: a linear probe on a small network, one label of each kind, three seeds.',
  labels: [],
  arms: ['imageOnly', 'textOnly', 'teacher', 'student', 'selfDistilled'],
  tunings: [{ tuning: 'linearProbe', training, augmentation }],
  pretrainings: ['none'],
  imageEncoders: [{ name: 'resnet', settings: { width: 16 } }],
  textEncoder: { name: 'tfidf', settings: {} },
  imageSide: 64,
  distillation: { weightDecays: [0.0001], lambdas: [0, 0.5, 1], temperatures: [1, 4] },
  weightDecays: [0.00001, 0.0001, 0.001, 0.01, 0.1, 1],
  trainingSizes: [50, 'all'],
  seeds: [1, 2, 3],
  statistics: { bootstrapSamples: 1000, seed: 1, confidence: 0.95, margin: 0.01 },
};

/** Studies ready to run, by name. */
export const presets: Readonly<Record<string, StudyConfig>> = {
  demo,
  quick: { ...demo, name: 'Quick look', purpose: 'Ten minutes on a laptop: every arm once.', trainingSizes: [100, 300, 'all'] },
  paper: {
    ...demo,
    name: 'Paper',
    purpose: 'All arms with both controls, both tunings, five seeds. Hours.',
    arms: ['imageOnly', 'textOnly', 'teacher', 'student', 'studentOfReport', 'selfDistilled', 'permutedReports'],
    tunings: [
      { tuning: 'linearProbe', training, augmentation },
      { tuning: 'full', training, augmentation },
    ],
    seeds: [1, 2, 3, 4, 5],
  },
};
