/** A result goes with all that stands on it, in every study of the cohort. */
import '../fakes/browser-storage.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { forgetResult, previewResultDeletion } from '../../src/records/result-keeper.ts';
import { featureStore, resultStore } from '../../src/records/stores.ts';
import { wipe } from '../../src/storage/inventory.ts';
import type { StudyRecord } from '../../src/records/study-record.ts';
import { storeTinyCohort } from '../workers/tiny-study.ts';
import { keepTinyStudy } from './kept-study.ts';

beforeEach(storeTinyCohort);
afterEach(() => wipe());

const runOf = ({ plan }: StudyRecord, method: string): StudyRecord['plan'][number] =>
  plan.find(({ job }) => job.kind === 'run' && job.method === method)!;

test('a teacher takes its students, and nothing else', async () => {
  const study = await keepTinyStudy();
  const teacher = runOf(study, 'teacher');
  const students = study.plan.filter(({ teacherIds }) => teacherIds.includes(teacher.id));
  expect(students.length).toBeGreaterThan(0);
  const going = await previewResultDeletion(study.id, teacher.id);
  expect([...going.jobs].sort()).toEqual([teacher, ...students].map(({ id }) => id).sort());
  expect(going.otherStudies).toEqual([]);
  await forgetResult(study.id, teacher.id);
  expect(await resultStore.keys()).toHaveLength(study.plan.length - 1 - students.length);
});

test('features take every probe on them', async () => {
  const study = await keepTinyStudy();
  const features = study.plan.find(({ job }) => job.kind === 'features')!;
  await forgetResult(study.id, features.id);
  expect(await featureStore.keys()).toEqual([]);
  const left = study.plan.filter(({ id, featuresId }) => id !== features.id && featuresId !== features.id);
  expect(await resultStore.keys()).toHaveLength(left.length);
});

test('another study that loses a result is named beforehand', async () => {
  const study = await keepTinyStudy();
  await keepTinyStudy({ name: 'Two seeds', seeds: [1, 2] });
  const { otherStudies } = await previewResultDeletion(study.id, runOf(study, 'teacher').id);
  expect(otherStudies).toEqual(['Two seeds']);
});

test('results that are not there count nothing', async () => {
  const study = await keepTinyStudy({}, () => false);
  expect(await previewResultDeletion(study.id, runOf(study, 'teacher').id)).toEqual({
    jobs: [],
    sizeBytes: 0,
    otherStudies: [],
  });
  await expect(previewResultDeletion(study.id, 'nothing')).rejects.toThrow('has no run nothing');
});
