/** A tiny study by hand: four films of three patients, one label, the baseline and a student that share no run. */
import type { Cohort, CohortRow } from '../../src/cohort/cohort.ts';
import type { StudyExport } from '../../src/exports/study-export.ts';
import type { StudyConfig } from '../../src/study/config.ts';
import type { Cell, Comparison, Condition, Findings } from '../../src/study/findings/findings.ts';
import type { PlannedJob, RunJob, RunResult } from '../../src/study/job.ts';

export const label = '<b>effusion</b>';

const config: StudyConfig = {
  version: 2,
  name: 'Does "it" help & when?',
  purpose: 'A study by hand.',
  labels: [label],
  arms: ['imageOnly', 'student', 'selfDistilled', 'teacher'],
  tunings: [
    {
      tuning: 'linearProbe',
      training: {
        learningRate: 0.01,
        batchSize: 4,
        maxSteps: 10,
        warmupSteps: 0,
        validateEverySteps: 5,
        patience: 0,
        clipNorm: 0,
      },
      augmentation: { minCropArea: 1, rotationDegrees: 0, intensityJitter: 0, flipProbability: 0 },
    },
  ],
  pretrainings: ['none'],
  imageEncoders: [{ name: 'resnet', settings: {} }],
  textEncoder: { name: 'tfidf', settings: {} },
  imageSide: 32,
  distillation: { weightDecays: [0], lambdas: [0.5, 1], temperatures: [1, 2] },
  weightDecays: [0, 0.1, 0.2, 0.3],
  trainingSizes: ['all'],
  seeds: [1],
  statistics: { bootstrapSamples: 200, seed: 1, confidence: 0.95, margin: 0.02 },
};

const cohort: Cohort = {
  id: 'c1',
  name: '=HYPERLINK("x")',
  source: { kind: 'folder', importer: 'table' },
  fingerprint: 'f00d',
  side: 64,
  fit: 'crop',
  labelNames: ['other', label],
  rowCount: 4,
  patientCount: 3,
  splitOrigin: { kind: 'seeded', seed: 7, fractions: { train: 0.4, validation: 0.3, test: 0.3 } },
  problems: [],
  createdAt: '2026-01-01T00:00:00.000Z',
};

const row = (
  index: number,
  patientId: string,
  split: CohortRow['split'],
  truth: 0 | 1 | null,
): CohortRow => ({
  index,
  imageId: `film-${index}.png`,
  patientId,
  report: 'SECRET REPORT',
  labels: [null, truth],
  split,
  groups: {},
});

const rows: readonly CohortRow[] = [
  row(0, 'p1', 'train', 1),
  row(1, 'p2', 'validation', 0),
  row(2, 'p3', 'test', 1),
  row(3, 'p3', 'test', null),
];

const job = (method: RunJob['method'], lambda: number | null, temperature: number | null): RunJob => ({
  kind: 'run',
  label,
  method,
  permutedReports: false,
  tuning: 'linearProbe',
  pretraining: 'none',
  imageEncoder: config.imageEncoders[0]!,
  textEncoder: config.textEncoder,
  imageSide: 32,
  augmentation: config.tunings[0]!.augmentation,
  training: { ...config.tunings[0]!.training, weightDecay: 0.1 },
  lambda,
  temperature,
  trainingSize: 'all',
  seed: 1,
});

const result = (id: string, run: RunJob, teacherId: string | null, logits: readonly number[]): RunResult => ({
  kind: 'run',
  id,
  job: run,
  teacherId,
  validationScore: -0.7,
  positiveWeight: 1,
  validationAuroc: null,
  training: { rows: [0], logits: [0] },
  validation: { rows: [1], logits: [0] },
  test: { rows: [2, 3], logits },
  steps: 10,
  bestStep: 5,
  history: [],
  trainingPatients: 1,
  trainingPositives: 1,
  durationMs: 12,
  adapter: 'google swiftshader',
  ...(teacherId !== null && { kernels: { 'matmul large NN': 'tiled 64x64' } }),
  finishedAt: '2026-01-01T00:00:00.000Z',
});

const baselineJob = job('imageOnly', null, null);
const studentJob = job('distillation', 0.5, 2);

const plan: readonly PlannedJob[] = [
  { id: 'base', job: baselineJob, arms: ['imageOnly', 'selfDistilled'], featuresId: null, teacherIds: [] },
  { id: 'stud', job: studentJob, arms: ['student'], featuresId: null, teacherIds: ['teach'] },
  { id: 'lost', job: studentJob, arms: ['student'], featuresId: null, teacherIds: ['teach'] },
];

const condition = (arm: Condition['arm']): Condition => ({
  label,
  arm,
  tuning: 'linearProbe',
  pretraining: 'none',
  imageEncoder: 'resnet',
  trainingSize: 'all',
});

const cell = (arm: Condition['arm'], runId: string, auroc: number | null): Cell => ({
  ...condition(arm),
  trainingPatients: 1,
  testPatients: 1,
  testFilms: 1,
  testPositives: 1,
  candidates: 4,
  metrics: { auroc: { value: auroc, low: auroc === null ? null : 0.6, high: auroc === null ? null : 0.9 } },
  seeds: [{ seed: 1, runId, weightDecay: 0.1, lambda: null, temperature: null, auroc }],
  seedStandardDeviation: null,
  roc: [
    { falsePositiveRate: 0, sensitivity: 0 },
    { falsePositiveRate: 1, sensitivity: 1 },
  ],
  operatingPoint: null,
  precisionRecall: [],
  calibration: null,
  decisionCurve: [],
  subgroups: [],
});

const comparison: Comparison = {
  ...condition('student'),
  comparedTo: 'baseline',
  rarerClassPatients: 40,
  difference: { value: 0.031, low: -0.01, high: 0.07 },
  p: 0.0004,
  adjustedP: 0.0008,
  delongP: null,
  acrossSeeds: null,
  equivalenceP: null,
  detectableDifference: null,
};

const findings: Findings = {
  config,
  primary: null,
  cells: [cell('imageOnly', 'base', 0.75), cell('student', 'stud', null)],
  comparisons: [comparison, { ...comparison, comparedTo: 'selfDistilled' }],
  verdicts: [
    {
      ...condition('student'),
      word: 'cannotTell',
      sentence: 'These data cannot tell.',
      overBaseline: comparison,
      overControl: comparison,
    },
  ],
  pretrainingVerdicts: [],
  grids: [],
  diagnoses: [],
  answers: [{ label, sentences: ['The label is in the text.'] }],
  runsDone: 2,
  runsPlanned: 3,
};

/** The study; unfinished, because one planned run has no result. */
export const study: StudyExport = {
  findings,
  cohort,
  rows,
  plan,
  results: [result('base', baselineJob, null, [0, 5]), result('stud', studentJob, 'teach', [Math.log(3), 0])],
  adapter: 'google swiftshader',
  software: { 'Reading Room': '0.1.0' },
  createdAt: '2026-01-02T00:00:00.000Z',
};
