/**
 * What every job is given, and how it runs: the person may pause or stop it between any two of its values.
 */
import type { TextEncoderEntry } from '../models/encoder.ts';
import { RemainingTime } from '../progress/remaining-time.ts';
import type { RunControl } from '../study/control.ts';
import type { Device } from '../tensors/backend.ts';
import type { ImageSource } from '../training/data.ts';
import type { FitText } from '../training/fitted-texts.ts';
import type { Progress } from '../progress/progress.ts';
import type { StudyEvent } from './study-event.ts';
import type { FeatureCache } from './feature-cache.ts';
import type { OpenCohort } from '../records/open-cohort.ts';

/** What the execution of a job may use. */
export interface JobContext extends OpenCohort {
  readonly films: ImageSource;
  readonly features: FeatureCache;
  /** Fits text encoders, the last of them kept. */
  readonly fitText: FitText;
  /** The person's own text encoders that this study has used so far, by name. */
  readonly textEntries: Map<string, TextEncoderEntry>;
  readonly device: Device;
  readonly control: RunControl;
  readonly emit: (event: StudyEvent) => void;
  /** Reports progress of a long part of the job that has no steps. */
  readonly report: (progress: Progress) => void;
}

/** Returns a function that reports a count of units with the time left. @param phase in words, as "Reading reports". */
export function reportCount(
  { report }: Pick<JobContext, 'report'>,
  phase: string,
): (count: { readonly done: number; readonly total: number }) => void {
  const remaining = new RemainingTime(performance.now());
  return ({ done, total }) => {
    remaining.update(done, performance.now());
    report({ phase, done, total, remainingMs: remaining.range(total) });
  };
}

/** Steps between two checkpoints of a run; at most this much is computed again after a crash. */
export const checkpointEverySteps = 50;

/** Runs a generator to its end, letting the person pause or stop between any two of its values. */
export async function consume<Value, Result>(
  work: AsyncGenerator<Value, Result>,
  control: RunControl,
  onValue: (value: Value) => void | Promise<void>,
): Promise<Result> {
  try {
    for (;;) {
      const next = await work.next();
      if (next.done) return next.value;
      await onValue(next.value);
      await control.turn();
    }
  } finally {
    // Lets the generator free its tensors when the work was stopped midway; after its end this does nothing.
    await work.return(undefined as never);
  }
}

/** The adapter as results name it. */
export function adapterName({ info }: Device): string {
  return [info.vendor, info.architecture, info.description].filter(Boolean).join(' ') || 'unknown adapter';
}
