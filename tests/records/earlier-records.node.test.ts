/** Records that an earlier version of the lab kept, written out by hand, in the shape of this one. */
import { expect, test } from 'vitest';
import {
  currentCheckpoint,
  currentResult,
  currentSpeeds,
  currentStudy,
} from '../../src/records/earlier-records.ts';

/** Takes what earlier versions kept, whose types are gone. */
const reads = <T>(upgrade: (kept: T) => T, kept: unknown): T => upgrade(kept as T);

test('a checkpoint goes on counting validations without improvement', () => {
  const kept = { step: 40, bestStep: 20, looksWithoutImprovement: 3 };
  const now = { step: 40, bestStep: 20, validationsWithoutImprovement: 3 };
  expect(reads(currentCheckpoint, kept)).toEqual(now);
  expect(reads(currentCheckpoint, now)).toBe(now);
});

test('speeds keep what a validation took', () => {
  const kept = { adapter: 'a', keepMs: 5, speeds: [{ unitMs: 2, lookMs: 30, lookFilms: 12 }] };
  const now = { adapter: 'a', keepMs: 5, speeds: [{ unitMs: 2, validationMs: 30, validationFilms: 12 }] };
  expect(reads(currentSpeeds, kept)).toEqual(now);
  expect(reads(currentSpeeds, now)).toEqual(now);
});

test('a study and its plan say how often a pre-training validates', () => {
  const study = (version: number, settings: object): object => ({
    id: 's',
    config: { version, pretraining: settings },
    plan: [
      { id: 'p', job: { kind: 'pretraining', settings } },
      { id: 'r', job: { kind: 'run' } },
    ],
  });
  const now = study(2, { batchSize: 8, validateEveryImages: 400 });
  expect(reads(currentStudy, study(1, { batchSize: 8, lookEveryImages: 400 }))).toEqual(now);
  expect(reads(currentStudy, now)).toEqual(now);
});

test('the result of a pre-training says so too, and that of a run stays as it is', () => {
  const result = (settings: object): object => ({ kind: 'pretraining', id: 'p', job: { settings } });
  const now = result({ batchSize: 8, validateEveryImages: 400 });
  expect(reads(currentResult, result({ batchSize: 8, lookEveryImages: 400 }))).toEqual(now);
  const run = { kind: 'run', id: 'r' };
  expect(reads(currentResult, run)).toBe(run);
});
