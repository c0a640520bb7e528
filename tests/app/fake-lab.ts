/**
 * The workers' contract without workers: a small cohort, studies that "train" at once, findings of made-up numbers. For tests of pages only.
 */
import type { DialApi, EvaluatorApi, ImporterApi, TrainerApi } from '../../workers/contract.ts';
import type { StudyEvent } from '../../src/jobs/study-event.ts';
import type { StudyRecord } from '../../src/records/study-record.ts';
import type { Services } from '../../src/app/services.ts';
import type { Cohort, CohortRow } from '../../src/cohort/cohort.ts';
import { imagesPerPack } from '../../src/cohort/cohort.ts';
import type { Survey } from '../../src/cohort/importers/importer.ts';
import { DeviceLostError, InputError, StoppedError } from '../../src/errors.ts';
import { Random } from '../../src/random/random.ts';
import type { JobResult } from '../../src/study/job.ts';
import { DialExperiment } from '../../src/study/dial/experiment.ts';
import { dialSmokeSizes } from '../../src/study/dial/settings.ts';
import { planStudy } from '../../src/study/plan.ts';
import { withSpeeds, type MeasuredSpeeds } from '../../src/study/cost/speed.ts';
import { kindsOf } from '../../src/study/cost/work-kind.ts';
import { madeUpSpeed } from './fake-speeds.ts';
import { catalogue, fakeCatalogue } from './fake-catalogue.ts';
import { fakeSurvey, type FakeFolder } from './fake-survey.ts';
import { fitToCohort } from '../../src/study/fit.ts';
import { madeUpFindings } from './fake-findings.ts';
import { fakeRunEvaluator, fakeRunKeeper, madeUpPoints, madeUpResult } from './fake-runs.ts';

/** Settings of the fake. */
export interface FakeOptions {
  /** Device losses before a run goes through. */
  readonly losses?: number;
  /** Milliseconds that each job takes. */
  readonly jobMs?: number;
  /** Jobs that fail, by their place in the plan. */
  readonly failing?: readonly number[];
  /** Jobs after which the run waits until stop(). */
  readonly stopAfter?: number;
  /** Embeddings of pre-trainings end up alike. */
  readonly collapsing?: boolean;
  readonly folder?: FakeFolder;
  /** Milliseconds that a survey of a folder takes, in ten steps; 0 = it is over at once. */
  readonly surveyMs?: number;
  /** The importer finds no table. */
  readonly tableless?: boolean;
}

/** The fake with what tests ask it. */
export interface FakeServices extends Services {
  readonly counts: { restarts: number; runs: number; surveys: number };
}

const labelNames = ['effusion', 'cardiomegaly', 'readmission'] as const;
const side = 64;

function drawRows(random: Random, count: number): CohortRow[] {
  return Array.from({ length: count }, (_, index) => {
    const patient = Math.floor(index / 2);
    const ill = random.chance(0.3);
    return {
      index,
      imageId: `film-${String(index).padStart(4, '0')}`,
      patientId: `P-${String(patient).padStart(3, '0')}`,
      report: ill
        ? 'FINDINGS: Moderate right pleural effusion, larger than before. Heart at the upper limit.\nIMPRESSION: Effusion, moderate.'
        : 'FINDINGS: Lungs are clear. No pleural effusion.\nIMPRESSION: No acute process.',
      labels: [
        ill ? 1 : 0,
        random.chance(0.2) ? 1 : 0,
        random.chance(0.1) ? null : random.chance(0.25) ? 1 : 0,
      ],
      split: patient % 5 === 0 ? 'test' : patient % 5 === 1 ? 'validation' : 'train',
      groups: { view: 'PA', sex: random.chance(0.5) ? 'F' : 'M' },
    };
  });
}

/** A shape that reads as a chest from afar: two dark lungs on grey, a bright heart. */
function drawFilm(index: number): Uint8Array {
  const random = new Random(`film ${index}`);
  const heart = 0.13 + 0.06 * random.uniform();
  const pixels = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [u, v] = [x / side - 0.5, y / side - 0.5];
      const lung = Math.min(((Math.abs(u) - 0.22) / 0.15) ** 2 + (v / 0.36) ** 2, 2);
      const inHeart = ((u - 0.06) / heart) ** 2 + ((v - 0.16) / 0.16) ** 2 < 1;
      const body = Math.abs(u) < 0.46 ? 130 : 10;
      const rib = lung < 1 ? 16 * Math.sin(40 * (v + 0.2 * u * u)) : 0;
      const grey = inHeart ? 190 : lung < 1 ? 45 + 60 * lung + rib : body;
      pixels[y * side + x] = Math.max(0, Math.min(255, grey + random.normal(0, 7)));
    }
  }
  return pixels;
}

function makeCohort(
  cohortSide: number,
  id: string,
  name: string,
  rows: readonly CohortRow[],
  source: Cohort['source'],
  decided: Partial<Cohort> = {},
): Cohort {
  return {
    id,
    name,
    source,
    fingerprint: `5f0c9a${id}`.padEnd(64, '0'),
    side: cohortSide,
    fit: 'crop',
    labelNames,
    rowCount: rows.length,
    patientCount: new Set(rows.map(({ patientId }) => patientId)).size,
    splitOrigin: { kind: 'seeded', seed: 1, fractions: { train: 0.6, validation: 0.2, test: 0.2 } },
    problems: [
      {
        where: 'labels.csv row 18',
        reason: 'The film "x18.png" is not in the folder; add it or drop the row.',
        severity: 'refused',
      },
    ],
    createdAt: '2026-11-20T10:00:00.000Z',
    ...decided,
  };
}

const previewPairs: Survey['preview'] = Array.from({ length: 5 }, (_, index) => ({
  imageId: `film-${index}`,
  patientId: `P-${index}`,
  report: 'FINDINGS: Lungs are clear. No pleural effusion.',
  labels: { effusion: 0, cardiomegaly: 1, readmission: null },
  split: null,
  thumbnail: { side, pixels: drawFilm(index) },
}));

function madeUpReading(id: string): StudyEvent {
  const progress = { phase: 'Computing features of films', done: 320, total: 5000, remainingMs: null };
  return { kind: 'jobProgress', id, progress };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The contract, faked. */
export function fakeServices(options: FakeOptions = {}): FakeServices {
  const { collapsing = false } = options;
  const counts = { restarts: 0, runs: 0, surveys: 0 };
  const cohorts = new Map<string, { cohort: Cohort; rows: CohortRow[] }>();
  const studies = new Map<string, StudyRecord>();
  const results = new Map<string, JobResult>();
  let measuredSpeeds: MeasuredSpeeds | null = null;
  let cancelled = false;
  let surveys = 0;
  let stopped = false;
  let paused = false;

  function keep(
    cohortSide: number,
    name: string,
    source: Cohort['source'],
    decided: Partial<Cohort> = {},
  ): Cohort {
    const rows = drawRows(new Random(1), 5 * imagesPerPack);
    const cohort = makeCohort(cohortSide, `c${cohorts.size + 1}`, name, rows, source, decided);
    cohorts.set(cohort.id, { cohort, rows });
    return cohort;
  }

  const importer: ImporterApi = {
    survey: async (_files, mapping, onProgress) => {
      counts.surveys++;
      const own = ++surveys;
      for (let done = 0; options.surveyMs && done < 10; done++) {
        onProgress?.({ phase: 'Reading the table', done, total: 10, remainingMs: null });
        await pause(options.surveyMs / 10);
        if (surveys !== own) throw new StoppedError('The survey was stopped.');
      }
      if (options.tableless) throw new InputError('The folder holds no labels table.');
      return fakeSurvey(options.folder ?? {}, mapping, previewPairs);
    },
    importFolder: async (mapping, { name, side: asked }, onProgress) => {
      cancelled = false;
      for (let done = 0; done <= 4; done++) {
        onProgress({ phase: 'importing', done, total: 4, remainingMs: done > 2 ? [1000, 2000] : null });
        await pause(options.jobMs ?? 1);
        if (cancelled) throw new StoppedError('The import was cancelled.');
      }
      const { splitColumn, splitValues, labelReadings } = mapping;
      return keep(
        asked,
        name,
        { kind: 'folder', importer: mapping.importer },
        {
          labelReadings,
          ...(splitColumn !== null && {
            splitOrigin: { kind: 'column', column: splitColumn, values: splitValues },
          }),
        },
      );
    },
    importSynthetic: (dials, { name, side: asked }, onProgress) => {
      onProgress({ phase: 'drawing', done: 1, total: 1, remainingMs: [0, 0] });
      return Promise.resolve(keep(asked, name, { kind: 'synthetic', dials: { ...dials } }));
    },
    cancel: () => {
      cancelled = true;
      surveys++;
      return Promise.resolve();
    },
    cohorts: () => Promise.resolve([...cohorts.values()].map(({ cohort }) => cohort)),
    rows: (id) => Promise.resolve(cohorts.get(id)?.rows ?? []),
    films: (_id, indices) => {
      const pixels = new Uint8Array(indices.length * side * side);
      indices.forEach((index, place) => pixels.set(drawFilm(index), place * side * side));
      return Promise.resolve({ side, pixels });
    },
    deleteCohort: (id) => {
      cohorts.delete(id);
      return Promise.resolve();
    },
    problemsAsCsv: () => Promise.resolve(''),
  };

  async function run(id: string, onEvent: (event: StudyEvent) => void) {
    counts.runs++;
    stopped = false;
    const { plan, cohortId } = studies.get(id)!;
    if (counts.runs <= (options.losses ?? 0))
      throw new DeviceLostError('The graphics device was lost (unknown).');
    const failures: { id: string; sentence: string }[] = [];
    for (const [index, planned] of plan.entries()) {
      if (results.has(planned.id)) continue;
      while ((paused || index === options.stopAfter) && !stopped) await pause(5);
      if (stopped) return { kind: 'stopped' as const, done: results.size, planned: plan.length, failures };
      onEvent({ kind: 'jobStarted', id: planned.id, fromStep: 0 });
      if (planned.job.kind === 'features') onEvent(madeUpReading(planned.id));
      for (const point of madeUpPoints(planned, collapsing))
        onEvent({ kind: 'point', id: planned.id, point, maxSteps: 40 });
      if (options.jobMs) await pause(options.jobMs);
      if (options.failing?.includes(index)) {
        const sentence = 'The loss is no longer finite at step 12; lower the learning rate.';
        failures.push({ id: planned.id, sentence });
        onEvent({ kind: 'jobFailed', id: planned.id, sentence });
      } else {
        results.set(planned.id, madeUpResult(planned, cohorts.get(cohortId)!, collapsing));
        onEvent({ kind: 'jobFinished', id: planned.id });
      }
      const left = (plan.length - index - 1) * 100;
      onEvent({
        kind: 'progress',
        progress: { phase: 'training', done: index + 1, total: plan.length, remainingMs: [left, 1.3 * left] },
      });
    }
    return {
      kind: failures.length > 0 ? ('failed' as const) : ('finished' as const),
      done: plan.length - failures.length,
      planned: plan.length,
      failures,
    };
  }

  const trainer: TrainerApi = {
    adapter: () =>
      Promise.resolve({
        vendor: 'nvidia',
        architecture: 'ampere',
        description: 'A graphics card',
        software: false,
        maxBufferBytes: 1e9,
        features: [],
      }),
    ...fakeCatalogue(catalogue),
    createStudy: async (cohortId, asked) => {
      const { cohort, rows } = cohorts.get(cohortId)!;
      const config = fitToCohort(asked, cohort, rows, { preset: false, smoke: false });
      const plan = await planStudy(config, {
        fingerprint: cohort.fingerprint,
        labelNames: cohort.labelNames,
        rows,
      });
      const record: StudyRecord = {
        id: `s${studies.size + 1}`,
        cohortId,
        cohortFingerprint: cohort.fingerprint,
        config,
        plan,
        createdAt: `2026-11-20T10:0${studies.size}:00.000Z`,
      };
      studies.set(record.id, record);
      return record;
    },
    measureSpeeds: async (cohortId, config, onProgress) => {
      stopped = false;
      const { cohort, rows } = cohorts.get(cohortId)!;
      const plan = await planStudy(config, { fingerprint: cohort.fingerprint, labelNames, rows });
      const kinds = kindsOf(plan, { films: rows.length, side: cohort.side });
      for (const [done, { kind }] of kinds.entries()) {
        onProgress({ phase: `Measuring ${kind.words}`, done, total: kinds.length, remainingMs: null });
        await pause(options.jobMs ?? 1);
        if (stopped) throw new StoppedError('Stopped; what was finished is kept.');
      }
      const speeds = kinds.map(({ kind }) => madeUpSpeed(kind));
      measuredSpeeds = {
        adapter: 'fake',
        keepMs: 5,
        speeds: withSpeeds(measuredSpeeds?.speeds ?? [], speeds),
      };
      return measuredSpeeds;
    },
    measuredSpeeds: () => Promise.resolve(measuredSpeeds),
    finished: (_id, plan) => Promise.resolve(plan.map(({ id }) => id).filter((id) => results.has(id))),
    studies: () => Promise.resolve([...studies.values()]),
    deleteStudy: (id) => {
      studies.delete(id);
      return Promise.resolve();
    },
    ...fakeRunKeeper(studies, results),
    results: (id) =>
      Promise.resolve((studies.get(id)?.plan ?? []).flatMap((planned) => results.get(planned.id) ?? [])),
    run: async (id, onEvent) =>
      run(id, (event) => {
        if (event.kind === 'progress' && paused) return;
        onEvent(event);
      }),
    pause: () => {
      paused = true;
      listeners.forEach((listen) => listen({ kind: 'paused' }));
      return Promise.resolve();
    },
    resume: () => {
      paused = false;
      listeners.forEach((listen) => listen({ kind: 'resumed' }));
      return Promise.resolve();
    },
    stop: () => {
      stopped = true;
      return Promise.resolve();
    },
  };
  const listeners = new Set<(event: StudyEvent) => void>();
  const listened: TrainerApi = {
    ...trainer,
    run: async (id, onEvent) => {
      listeners.add(onEvent);
      try {
        return await trainer.run(id, onEvent);
      } finally {
        listeners.delete(onEvent);
      }
    },
  };

  const evaluator: EvaluatorApi = {
    findings: (id) => {
      const { config, plan } = studies.get(id)!;
      const done = plan.filter((planned) => results.has(planned.id)).length;
      return Promise.resolve(madeUpFindings(config, labelNames, done, plan.length));
    },
    exportStudy: (id, name) => Promise.resolve(new Blob([`${id} ${name}`])),
    ...fakeRunEvaluator(studies, results, cohorts),
  };

  const experiment = new DialExperiment(dialSmokeSizes);
  const dial: DialApi = {
    // The smallest study is quick enough to be run for real.
    run: (settings, _sizes, onProgress) => {
      const running = experiment.run(settings);
      for (;;) {
        const next = running.next();
        if (next.done) return Promise.resolve(next.value);
        onProgress({ phase: 'dial', ...next.value, remainingMs: null });
      }
    },
    stop: () => Promise.resolve(),
  };

  return {
    importer,
    trainer: listened,
    evaluator,
    dial,
    counts,
    onWorkerError: () => {},
    restartTrainer: () => {
      counts.restarts++;
    },
  };
}
