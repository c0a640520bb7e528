/**
 * The training worker: offers jobs and records as TrainerApi.
 */
import * as Comlink from 'comlink';
import { catalogue } from '../src/jobs/catalogue.ts';
import { forgetEncoder, keepEncoder } from '../src/jobs/imported-encoders.ts';
import { adapterName } from '../src/jobs/job-context.ts';
import { OneAtATime } from '../src/jobs/one-at-a-time.ts';
import { createStudy } from '../src/jobs/plan-study.ts';
import { measureStudySpeeds, runStudy } from '../src/jobs/run-study.ts';
import { startDevice } from '../src/jobs/start-device.ts';
import { finishedIds } from '../src/records/finished-jobs.ts';
import { openCohort } from '../src/records/open-cohort.ts';
import { storedResults } from '../src/records/open-study.ts';
import { forgetResult, previewResultDeletion } from '../src/records/result-keeper.ts';
import { speedStore, studyStore } from '../src/records/stores.ts';
import { forgetStudy, previewStudyDeletion } from '../src/records/study-keeper.ts';
import { RunControl } from '../src/study/control.ts';
import type { TrainerApi } from './contract.ts';
import { reportRejections } from './report-rejections.ts';

const device = new OneAtATime();

const api: TrainerApi = {
  adapter: async () => (await startDevice()).info,
  catalogue,
  importEncoder: (...model) =>
    device.alone(new RunControl(), async () => {
      await startDevice();
      return keepEncoder(...model);
    }),
  deleteEncoder: forgetEncoder,
  createStudy,
  measureSpeeds: (cohortId, config, onProgress) =>
    device.alone(new RunControl(), (control) =>
      measureStudySpeeds(cohortId, config, startDevice, control, onProgress),
    ),
  measuredSpeeds: async () => (await speedStore.get(`speed/${adapterName(await startDevice())}`)) ?? null,
  finished: async (cohortId, plan) => [...(await finishedIds((await openCohort(cohortId)).cohort, plan))],
  studies: () => studyStore.values(),
  deleteStudy: forgetStudy,
  previewStudyDeletion,
  previewResultDeletion,
  deleteResult: forgetResult,
  results: storedResults,
  run: (studyId, onEvent) =>
    device.alone(new RunControl((state) => onEvent({ kind: state })), (control) =>
      runStudy(studyId, startDevice, control, onEvent),
    ),
  pause: () => Promise.resolve(device.pause()),
  resume: () => Promise.resolve(device.resume()),
  stop: () => Promise.resolve(device.stop()),
};

reportRejections();
Comlink.expose(api);
