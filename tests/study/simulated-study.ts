/**
 * A study without training: each arm's logits are drawn around the truth with a strength of our choosing, so that the findings that must
 * follow are known.
 */
import type { CohortRow, LabelValue, SplitName } from '../../src/cohort/cohort.ts';
import { Random } from '../../src/random/random.ts';
import type { ArmName } from '../../src/study/arms/registry.ts';
import type { StudyConfig } from '../../src/study/config.ts';
import type { PlannedJob, Predictions, RunJob, RunResult } from '../../src/study/job.ts';
import type { PretrainingRecipe } from '../../src/training/pre-training.ts';
import type { StudyResults } from '../../src/study/findings/summary.ts';

/** What to simulate. */
export interface Simulation {
  /** Distance of the classes in standard deviations of the noise, by arm. Arms absent here are not in the study. */
  readonly strengths: Partial<Record<ArmName, number>>;
  /** Recipes with the strength of the image-only classifier that starts from them. */
  readonly pretrained?: readonly { readonly recipe: PretrainingRecipe; readonly strength: number }[];
  readonly seeds?: readonly number[];
  readonly sizes?: readonly (number | 'all')[];
  /** Test patients; two films each. */
  readonly patients?: number;
  /** Candidates a seed; the first is the best on validation. */
  readonly candidates?: number;
  /** Labels of the test films; every other one positive unless given. */
  readonly labelOf?: (row: number) => LabelValue;
  readonly bootstrapSamples?: number;
  /** Another number draws the noise of films and runs anew. */
  readonly draw?: number;
}

const method = (arm: ArmName): RunJob['method'] =>
  arm === 'imageOnly' || arm === 'textOnly' || arm === 'teacher' ? arm : 'distillation';

/** The study's plan, results and cohort. */
export function simulateStudy(simulation: Simulation): StudyResults {
  const { seeds = [1, 2, 3], sizes = [100], candidates = 2 } = simulation;
  const rows = cohortRows(simulation);
  const arms = Object.keys(simulation.strengths) as ArmName[];
  const plan: PlannedJob[] = [];
  const results: RunResult[] = [];
  for (const trainingSize of sizes)
    for (const seed of seeds)
      for (const arm of arms)
        for (let candidate = 0; candidate < candidates; candidate++) {
          const id = `${arm}-${trainingSize}-${seed}-${candidate}`;
          const job = runJob(arm, trainingSize, seed, candidate);
          plan.push({ id, job, arms: [arm], featuresId: null, teacherIds: [] });
          results.push(
            resultOf(id, job, rows, simulation.strengths[arm]!, 0.9 - candidate / 100, simulation.draw ?? 0),
          );
        }
  for (const trainingSize of sizes)
    for (const seed of seeds)
      for (const { recipe, strength } of simulation.pretrained ?? []) {
        const id = `${recipe.name}-${trainingSize}-${seed}`;
        const job = { ...runJob('imageOnly', trainingSize, seed, 0), pretraining: recipe.name };
        plan.push({ id, job, arms: ['imageOnly'], featuresId: null, teacherIds: [] });
        results.push(resultOf(id, job, rows, strength, 0.9, simulation.draw ?? 0));
      }
  const createdAt = '2026-01-01T00:00:00.000Z';
  return { config: configOf(simulation), createdAt, plan, results, rows, labelNames: ['effusion'] };
}

function cohortRows({ patients = 100, labelOf = (row) => (row % 2 ? 1 : 0) }: Simulation): CohortRow[] {
  const side = (split: SplitName, count: number, from: number) =>
    Array.from({ length: count }, (_, i): CohortRow => {
      const index = from + i;
      return {
        index,
        imageId: `film-${index}`,
        patientId: `${split}-${Math.floor(i / 2)}`,
        report: '',
        labels: [split === 'test' ? labelOf(i) : i % 2 ? 1 : 0],
        split,
        groups: {},
      };
    });
  return [...side('train', 20, 0), ...side('validation', 60, 20), ...side('test', 2 * patients, 80)];
}

function runJob(arm: ArmName, trainingSize: number | 'all', seed: number, candidate: number): RunJob {
  const distils = method(arm) === 'distillation';
  return {
    kind: 'run',
    label: 'effusion',
    method: method(arm),
    permutedReports: arm === 'permutedReports',
    tuning: 'linearProbe',
    pretraining: 'none',
    imageEncoder: { name: 'resnet', settings: { width: 8 } },
    textEncoder: { name: 'tfidf', settings: {} },
    imageSide: 64,
    augmentation: { minCropArea: 1, rotationDegrees: 0, intensityJitter: 0, flipProbability: 0 },
    training: {
      learningRate: 0.001,
      weightDecay: 10 ** -candidate,
      batchSize: 16,
      maxSteps: 100,
      warmupSteps: 0,
      validateEverySteps: 10,
      patience: 0,
      clipNorm: 0,
    },
    lambda: distils ? 0.5 : null,
    temperature: distils ? 2 : null,
    trainingSize,
    seed,
  };
}

function resultOf(
  id: string,
  job: RunJob,
  rows: readonly CohortRow[],
  strength: number,
  validationScore: number,
  draw: number,
): RunResult {
  const predict = (split: SplitName): Predictions => {
    const own = rows.filter((row) => row.split === split);
    // Films are as hard for every arm; a tenth of the variance is the run's own.
    const shared = new Random(`films ${draw}`).fork(split);
    const noise = new Random(`${id} ${draw}`).fork(split);
    return {
      rows: own.map(({ index }) => index),
      logits: own.map(
        ({ labels: [label] }) =>
          strength * ((label ?? 0) - 0.5) +
          shared.normal(0, Math.sqrt(0.9)) +
          noise.normal(0, Math.sqrt(0.1)),
      ),
    };
  };
  return {
    kind: 'run',
    id,
    job,
    teacherId: null,
    validationScore,
    validationAuroc: validationScore,
    positiveWeight: 1,
    training: { rows: [], logits: [] },
    validation: predict('validation'),
    test: predict('test'),
    steps: 100,
    bestStep: 90,
    history: [],
    trainingPatients: job.trainingSize === 'all' ? 500 : job.trainingSize,
    trainingPositives: 40,
    durationMs: 1000,
    adapter: 'simulated',
    finishedAt: '2026-01-01T00:00:00Z',
  };
}

function configOf({
  strengths,
  seeds = [1, 2, 3],
  sizes = [100],
  bootstrapSamples = 500,
  pretrained = [],
}: Simulation): StudyConfig {
  return {
    version: 2,
    name: 'simulated',
    purpose: 'Tests of the findings.',
    labels: [],
    arms: Object.keys(strengths) as ArmName[],
    tunings: [],
    pretrainings: ['none', ...pretrained.map(({ recipe }) => recipe)],
    imageEncoders: [{ name: 'resnet', settings: { width: 8 } }],
    textEncoder: { name: 'tfidf', settings: {} },
    imageSide: 64,
    distillation: { weightDecays: [0], lambdas: [0.5], temperatures: [2] },
    weightDecays: [0],
    trainingSizes: sizes,
    seeds,
    statistics: { bootstrapSamples, seed: 7, confidence: 0.95, margin: 0.02 },
  };
}
