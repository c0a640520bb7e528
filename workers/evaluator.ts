/**
 * The evaluator: offers findings and files of stored studies, in a worker of its own.
 */
import * as Comlink from 'comlink';
import { conclude, exportStudy } from '../src/records/study-conclusions.ts';
import { compareStoredRuns, measureStoredRun } from '../src/records/stored-runs.ts';
import type { EvaluatorApi } from './contract.ts';
import { reportRejections } from './report-rejections.ts';

const evaluator: EvaluatorApi = {
  findings: conclude,
  exportStudy,
  measure: measureStoredRun,
  compareRuns: compareStoredRuns,
};

reportRejections();
Comlink.expose(evaluator);
