/**
 * Runs tiny studies of the dial step by step, one at a time; nothing of them is kept.
 */
import type { Progress } from '../progress/progress.ts';
import { RemainingTime } from '../progress/remaining-time.ts';
import { DialExperiment } from '../study/dial/experiment.ts';
import type { DialResult } from '../study/dial/result.ts';
import type { DialSettings, DialSizes } from '../study/dial/settings.ts';

/** The latest run; an older one ends when it sees that it is not the latest. */
let latest = 0;
let experiment: { readonly key: string; readonly value: DialExperiment } | undefined;

/** See `DialApi.run`. It can be stopped between two steps. */
export async function runDial(
  settings: DialSettings,
  sizes: DialSizes,
  onProgress: (progress: Progress) => void,
): Promise<DialResult | null> {
  const id = ++latest;
  const running = experimentOf(sizes).run(settings);
  let time: RemainingTime | undefined;
  for (;;) {
    const next = running.next();
    if (next.done) return next.value;
    const { done, total } = next.value;
    // Steps whose films are cached are not used to estimate the time left.
    time ??= new RemainingTime(performance.now(), done);
    time.update(done, performance.now());
    onProgress({ phase: 'dial', done, total, remainingMs: time.range(total) });
    await new Promise((resolve) => setTimeout(resolve));
    if (id !== latest) return null;
  }
}

/** Stops the current run, which then returns null. */
export function stopDial(): void {
  latest++;
}

function experimentOf(sizes: DialSizes): DialExperiment {
  const key = JSON.stringify(sizes);
  if (key !== experiment?.key) experiment = { key, value: new DialExperiment(sizes) };
  return experiment.value;
}
