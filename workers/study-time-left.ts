/**
 * Time left of a running study, from the pace of its own jobs: kind by kind, because a pre-training takes minutes where a probe takes a
 * second, and a plan does its pre-trainings first.
 */
import { RemainingTime, type RemainingMs } from '../src/progress/remaining-time.ts';
import type { PlannedJob } from '../src/study/job.ts';
import { costOf, workKind, type WorkCohort, type WorkFamily } from '../src/study/work-kind.ts';

/** Jobs that must be done before anything is said. */
const fewest = 3;
/** How far off a kind may be that no job of is done: judged by its family, or by other work. */
const byFamily = 2;
const byOthers = 4;

/** What is known of one kind. */
interface Known {
  readonly family: WorkFamily;
  left: number;
  /** Of the jobs left, in films through an encoder. */
  leftCost: number;
  done: number;
  doneCost: number;
  spentMs: number;
  /** On a clock that runs only while jobs of this kind do. */
  readonly pace: RemainingTime;
}

/** Follows a study; time is handed in, so that it can be tested. */
export class StudyTimeLeft {
  readonly #kinds: readonly Known[];
  /** Of the jobs left, by id. */
  readonly #kindOf = new Map<string, Known>();
  readonly #costOf = new Map<string, number>();
  #lastMs: number;

  /** @param done ids of jobs that had a result before. */
  constructor(plan: readonly PlannedJob[], cohort: WorkCohort, done: ReadonlySet<string>, nowMs: number) {
    this.#lastMs = nowMs;
    const kinds = new Map<string, Known>();
    for (const planned of plan) {
      if (done.has(planned.id)) continue;
      const { key, family } = workKind(planned, cohort);
      const known = kinds.get(key) ?? {
        ...{ family, left: 0, leftCost: 0, done: 0, doneCost: 0, spentMs: 0 },
        pace: new RemainingTime(0),
      };
      const cost = costOf(planned.job);
      known.left++;
      known.leftCost += cost;
      kinds.set(key, known);
      this.#kindOf.set(planned.id, known);
      this.#costOf.set(planned.id, cost);
    }
    this.#kinds = [...kinds.values()];
  }

  /** Tells that a job is done, after which the next begins. */
  finished(id: string, nowMs: number): void {
    const known = this.#kindOf.get(id);
    const cost = this.#costOf.get(id);
    const spentMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (!known || cost === undefined) return;
    this.#kindOf.delete(id);
    known.left--;
    known.leftCost -= cost;
    known.done++;
    known.doneCost += cost;
    known.spentMs += spentMs;
    known.pace.update(known.done, known.spentMs);
  }

  /** Tells that a job will not be done: it failed, or waits for one that did. Its time is nobody's pace. */
  dropped(id: string, nowMs: number): void {
    const known = this.#kindOf.get(id);
    this.#lastMs = nowMs;
    if (!known) return;
    this.#kindOf.delete(id);
    known.left--;
    known.leftCost -= this.#costOf.get(id)!;
  }

  /** Milliseconds left, [low, high]; null before three jobs are done. */
  range(): RemainingMs | null {
    const measured = this.#kinds.filter(({ done }) => done > 0);
    if (measured.reduce((sum, { done }) => sum + done, 0) < fewest) return null;
    let [low, high] = [0, 0];
    for (const known of this.#kinds.filter(({ left }) => left > 0)) {
      const [least, most] = timeOf(known, measured);
      low += least;
      high += most;
    }
    return [low, high];
  }
}

function timeOf(known: Known, measured: readonly Known[]): RemainingMs {
  const { done, left, spentMs, pace } = known;
  const byPace = pace.range(done + left);
  if (byPace) return byPace;
  if (done > 0) return around((left * spentMs) / done, 1 + 1 / (2 * Math.sqrt(done)));
  const family = measured.filter((other) => other.family === known.family);
  const alike = family.length > 0 ? family : measured;
  const spent = alike.reduce((sum, other) => sum + other.spentMs, 0);
  const cost = alike.reduce((sum, other) => sum + other.doneCost, 0);
  return around((known.leftCost * spent) / cost, family.length > 0 ? byFamily : byOthers);
}

function around(middleMs: number, factor: number): RemainingMs {
  return [middleMs / factor, middleMs * factor];
}
