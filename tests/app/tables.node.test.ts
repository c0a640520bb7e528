/** The page's tables: run lines, choices of the findings. Expectations by hand. */
import { describe, expect, it } from 'vitest';
import { choicesOf, settle, sizesOf } from '../../src/app/findings/findings-selection.ts';
import { metricNames, sortCells } from '../../src/app/findings/metric-columns.ts';
import { bestAuroc, resultsById, runLines, sortLines } from '../../src/app/shared/run-lines.ts';
import { presets } from '../../src/study/presets/registry.ts';
import type { PlannedJob, RunJob, RunResult } from '../../src/study/job.ts';
import { madeUpFindings } from './fake-findings.ts';

const config = Object.values(presets)[0]!;
const findings = madeUpFindings(config, ['effusion'], 1, 1);

function planned(id: string, trainingSize: number | 'all', seed: number): PlannedJob {
  const plan = config.tunings[0]!;
  const job: RunJob = {
    kind: 'run',
    label: 'effusion',
    method: 'imageOnly',
    permutedReports: false,
    tuning: plan.tuning,
    pretraining: 'none',
    imageEncoder: config.imageEncoders[0]!,
    textEncoder: config.textEncoder,
    imageSide: 64,
    augmentation: plan.augmentation,
    training: { ...plan.training, weightDecay: 0.1 },
    lambda: null,
    temperature: null,
    trainingSize,
    seed,
  };
  return { id, job, arms: ['imageOnly'], featuresId: null, teacherIds: [] };
}

const point = { step: 1, trainingLoss: 1, learningRate: 1, gradientNorm: 1 };

describe('run lines', () => {
  const plan = [planned('a', 'all', 2), planned('b', 50, 1), planned('c', 100, 3)];
  const live = new Map([
    ['b', { state: 'failed' as const, points: [], maxSteps: 0, sentence: 'No.' }],
    [
      'c',
      {
        state: 'running' as const,
        points: [{ ...point, validationAuroc: 0.7 }],
        maxSteps: 9,
        sentence: null,
      },
    ],
  ]);
  const lines = runLines(plan, new Map(), live);

  it('join the plan with what is known', () => {
    expect(lines.map(({ state }) => state)).toEqual(['waiting', 'failed', 'running']);
    expect(lines.map(({ validationAuroc }) => validationAuroc)).toEqual([null, null, 0.7]);
  });

  it('know the candidate of a later rung when it is done', () => {
    const done = plan[0]!.job as RunJob;
    const training = { ...done.training, weightDecay: null };
    const later: PlannedJob = {
      ...plan[0]!,
      job: { ...done, training },
      promotion: { rungIds: ['b', 'c'], place: 0 },
    };
    const found = { kind: 'run', id: 'a', job: { ...done, lambda: 0.5, temperature: 2 } } as RunResult;
    const candidate = (results: readonly RunResult[]) => {
      const [line] = runLines([later], resultsById(results), new Map());
      return [line!.weightDecay, line!.lambda, line!.temperature];
    };
    expect(candidate([])).toEqual([null, null, null]);
    expect(candidate([found])).toEqual([0.1, 0.5, 2]);
  });

  it('are sorted by size with "all" as the largest, and by AUROC with the unknown last either way', () => {
    expect(sortLines(lines, 'trainingSize', false).map(({ id }) => id)).toEqual(['b', 'c', 'a']);
    expect(sortLines(lines, 'trainingSize', true).map(({ id }) => id)).toEqual(['a', 'c', 'b']);
    for (const descending of [true, false])
      expect(sortLines(lines, 'validationAuroc', descending)[0]!.id).toBe('c');
    expect(sortLines(lines, 'state', false).map(({ id }) => id)).toEqual(['b', 'c', 'a']);
  });

  it('take the best AUROC of a curve', () => {
    expect(bestAuroc([{ ...point, validationAuroc: 0.6 }, point, { ...point, validationAuroc: 0.8 }])).toBe(
      0.8,
    );
    expect(bestAuroc([point])).toBeNull();
  });
});

describe('choices of the findings', () => {
  it('settle on the wish where it can be had, else on the first', () => {
    const choices = choicesOf(findings);
    expect(settle({ label: 'nothing' }, choices)?.label).toBe('effusion');
    expect(settle({}, { ...choices, labels: [] })).toBeNull();
  });

  it('order sizes with "all" last', () => {
    const cells = findings.cells;
    expect(sizesOf([...cells].reverse())).toEqual(
      [...config.trainingSizes].sort((a, b) => (a === 'all' ? 1 : b === 'all' ? -1 : a - b)),
    );
  });

  it('name metrics in their usual order and sort undefined ones last', () => {
    expect(metricNames(findings.cells)).toEqual(['auroc', 'auprc', 'brierScore', 'expectedCalibrationError']);
    for (const descending of [true, false]) {
      expect(sortCells(findings.cells, 'metric:expectedCalibrationError', descending).at(-1)!.arm).toBe(
        'textOnly',
      );
    }
  });
});
