/**
 * The dial's worker: runs tiny studies step by step, so that it hears "stop" between two steps.
 */
import * as Comlink from 'comlink';
import { RemainingTime } from '../src/progress/remaining-time.ts';
import { DialExperiment } from '../src/study/dial/experiment.ts';
import type { DialSizes } from '../src/study/dial/settings.ts';
import type { DialApi } from './contract.ts';
import { reportRejections } from './report-rejections.ts';

/** The latest run; an older one ends when it sees that it is not the latest. */
let latest = 0;
let experiment: { readonly key: string; readonly value: DialExperiment } | undefined;

const dial: DialApi = {
  async run(settings, sizes, onProgress) {
    const id = ++latest;
    const running = experimentOf(sizes).run(settings);
    let time: RemainingTime | undefined;
    for (;;) {
      const next = running.next();
      if (next.done) return next.value;
      const { done, total } = next.value;
      // Films that are known already are no measure of the pace.
      time ??= new RemainingTime(performance.now(), done);
      time.update(done, performance.now());
      onProgress({ phase: 'dial', done, total, remainingMs: time.range(total) });
      await new Promise((resolve) => setTimeout(resolve));
      if (id !== latest) return null;
    }
  },

  stop() {
    latest++;
    return Promise.resolve();
  },
};

function experimentOf(sizes: DialSizes): DialExperiment {
  const key = JSON.stringify(sizes);
  if (key !== experiment?.key) experiment = { key, value: new DialExperiment(sizes) };
  return experiment.value;
}

reportRejections();
Comlink.expose(dial);
