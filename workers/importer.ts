/**
 * The importer's worker: offers the reading of folders, the drawing of cohorts, and the cohorts that are kept.
 */
import { expose } from 'comlink';
import { problemsAsCsv } from '../src/cohort/problems.ts';
import { importFolder, importSynthetic, stopImport, surveyFolder } from '../src/jobs/import-cohort.ts';
import { forgetCohort } from '../src/records/cohort-keeper.ts';
import { storedCohorts, storedImages, storedRows } from '../src/records/stored-cohorts.ts';
import type { ImporterApi } from './contract.ts';
import { reportRejections } from './report-rejections.ts';

const api: ImporterApi = {
  survey: surveyFolder,
  importFolder,
  importSynthetic,
  cancel: () => Promise.resolve(stopImport()),
  cohorts: storedCohorts,
  rows: storedRows,
  films: storedImages,
  deleteCohort: forgetCohort,
  problemsAsCsv: (problems) => Promise.resolve(problemsAsCsv(problems)),
};

reportRejections();
expose(api);
