/**
 * A cohort and a study small enough for a software device, put straight into the stores.
 */
import type { Cohort, CohortRow, SplitName } from '../../src/cohort/cohort.ts';
import { packKey } from '../../src/cohort/packs.ts';
import { Random } from '../../src/random/random.ts';
import type { StudyConfig } from '../../src/study/config.ts';
import { cohortStore, imageStore, rowStore } from '../../src/records/stores.ts';

const side = 16;

/** Stores 40 films of 40 patients; a bright corner and a word of the report know the label "a". */
export async function storeTinyCohort(): Promise<Cohort> {
  const random = new Random('tiny cohort');
  const rows = Array.from({ length: 40 }, (_, index) => rowAt(index, random));
  const pixels = new Uint8Array(rows.length * side * side);
  for (const { index, labels } of rows) drawFilm(pixels.subarray(index * side * side), labels[0]!, random);
  const cohort: Cohort = {
    id: 'tiny',
    name: 'Tiny',
    source: { kind: 'folder', importer: 'test' },
    fingerprint: 'tiny-fingerprint',
    side,
    fit: 'crop',
    labelNames: ['a'],
    rowCount: rows.length,
    patientCount: rows.length,
    splitOrigin: { kind: 'column', column: 'split' },
    problems: [],
    createdAt: '2026-01-01T00:00:00.000Z',
  };
  await imageStore.set(packKey(cohort.id, 0), pixels);
  await rowStore.set(cohort.id, rows);
  await cohortStore.set(cohort.id, cohort);
  return cohort;
}

function rowAt(index: number, random: Random): CohortRow {
  const split: SplitName = index < 20 ? 'train' : index < 30 ? 'validation' : 'test';
  const label = index % 2 === 0 ? 1 : 0;
  const says = random.chance(0.9) === (label === 1);
  return {
    index,
    imageId: `${index}.png`,
    patientId: `patient ${index}`,
    report: says ? 'Effusion is seen.' : 'Lungs are clear.',
    labels: [label],
    split,
    groups: {},
  };
}

function drawFilm(film: Uint8Array, label: number, random: Random): void {
  for (let i = 0; i < side * side; i++) {
    const corner = i % side < side / 2 && i < (side * side) / 2;
    film[i] = 60 + random.integer(100) + (corner && label === 1 ? 40 : 0);
  }
}

/** A student with its baseline, teacher and control: one candidate each, long enough for two checkpoints. */
export const tinyStudy: StudyConfig = {
  version: 2,
  name: 'Tiny',
  purpose: '',
  labels: ['a'],
  arms: ['student'],
  tunings: [
    {
      tuning: 'linearProbe',
      training: {
        learningRate: 0.01,
        batchSize: 16,
        maxSteps: 120,
        warmupSteps: 5,
        validateEverySteps: 20,
        patience: 0,
        clipNorm: 1,
      },
      augmentation: { minCropArea: 1, rotationDegrees: 0, intensityJitter: 0, flipProbability: 0 },
    },
  ],
  pretrainings: ['none'],
  imageEncoders: [{ name: 'resnet', settings: { width: 8 } }],
  textEncoder: { name: 'tfidf', settings: { terms: 50, minimumDocuments: 1, dimensions: 8 } },
  imageSide: 16,
  distillation: { weightDecays: [0.01], lambdas: [0.5], temperatures: [2] },
  weightDecays: [0.01],
  trainingSizes: ['all'],
  seeds: [1],
  statistics: { bootstrapSamples: 100, seed: 1, confidence: 0.95, margin: 0.02 },
};
