/**
 * The dial's worker: offers its tiny studies.
 */
import * as Comlink from 'comlink';
import { runDial, stopDial } from '../src/jobs/run-dial.ts';
import type { DialApi } from './contract.ts';
import { reportRejections } from './report-rejections.ts';

const dial: DialApi = {
  run: runDial,
  stop: () => Promise.resolve(stopDial()),
};

reportRejections();
Comlink.expose(dial);
