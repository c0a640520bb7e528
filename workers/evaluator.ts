/**
 * The evaluator: offers what stored studies show, away from the page and from training.
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
