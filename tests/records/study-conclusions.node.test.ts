/** Findings and files of a study that really ran, recomputed from the predictions that results.json carries. */
import '../fakes/browser-storage.ts';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { studyFileNames, studyFiles } from '../../src/exports/registry.ts';
import type { ResultsFile } from '../../src/exports/results-json.ts';
import { createStudy } from '../../src/jobs/plan-study.ts';
import { runStudy } from '../../src/jobs/run-study.ts';
import { conclude, exportStudy } from '../../src/records/study-conclusions.ts';
import { resultStore } from '../../src/records/stores.ts';
import { RunControl } from '../../src/study/control.ts';
import { storeTinyCohort, tinyStudy } from '../workers/tiny-study.ts';
import { processor } from '../fakes/processor.ts';

let studyId = '';

beforeAll(async () => {
  await tf.setBackend('cpu');
  await storeTinyCohort();
  studyId = (await createStudy('tiny', tinyStudy)).id;
  await runStudy(
    studyId,
    () => Promise.resolve(processor),
    new RunControl(),
    () => undefined,
  );
});

const exported = async (): Promise<ResultsFile> =>
  JSON.parse(await (await exportStudy(studyId, 'results.json')).text()) as ResultsFile;

/** The share of pairs of a positive and a negative film in which the positive one has the higher probability; ties count half. */
function aurocByPairs(truth: readonly number[], probabilities: readonly number[]): number {
  const of = (value: number): number[] => probabilities.filter((_, i) => truth[i] === value);
  const wins = of(1).flatMap((p) => of(0).map((n) => (p > n ? 1 : p === n ? 0.5 : 0)));
  return wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
}

test('every AUROC of the findings follows from the predictions in results.json', async () => {
  const { films, runs } = await exported();
  const { cells } = await conclude(studyId, () => undefined);
  const tested = films.map(({ split }, i) => (split === 'test' ? i : -1)).filter((i) => i >= 0);
  const truth = tested.map((i) => films[i]!.labels[0]!);
  expect(tested).toHaveLength(10);
  expect(cells.map(({ arm }) => arm).sort()).toEqual(['imageOnly', 'selfDistilled', 'student', 'teacher']);
  for (const cell of cells) {
    const run = runs.find((one) => Object.values(one).includes(cell.arm))!;
    const probabilities = tested.map((i) => run.predictions[i]!);
    expect(cell.metrics.auroc!.value).toBeCloseTo(aurocByPairs(truth, probabilities), 12);
  }
});

test('every file of the registry is written with its type', async () => {
  for (const name of studyFileNames) {
    const file = await exportStudy(studyId, name);
    expect(file.size).toBeGreaterThan(500);
    expect(file.type).toBe(studyFiles[name].type);
  }
});

test('findings follow the results: with one gone they say that the study is unfinished', async () => {
  const before = await conclude(studyId, () => undefined);
  const [key] = await resultStore.keys();
  const kept = (await resultStore.get(key!))!;
  await resultStore.delete(key!);
  const after = await exported();
  expect(after.finished).toBe(false);
  await resultStore.set(key!, kept);
  expect(await conclude(studyId, () => undefined)).toEqual(before);
  expect((await exported()).finished).toBe(true);
});

test('a study that is gone has no findings', async () => {
  await expect(conclude('nothing', () => undefined)).rejects.toThrow('is not on this machine');
});
