/**
 * Time left of work with units of different kinds, from the speed of each kind: a pre-training takes minutes and a probe a second, so one
 * speed for both would be wrong.
 */
import { RemainingTime, type RemainingMs } from './remaining-time.ts';

/** A piece of work. */
export interface WorkUnit {
  readonly id: string;
  /** Units of one kind take about equally long. */
  readonly kind: string;
  /** Kinds of one family are the most similar. */
  readonly family: string;
  /** A rough cost relative to other units, used to estimate kinds that were not measured; > 0. */
  readonly cost: number;
}

/** Units that must be done before a time is reported. */
const fewest = 3;
/** Factor of uncertainty for a kind without a finished unit: estimated from its family, or from other work. */
const byFamily = 2;
const byOthers = 4;

/** What is known of one kind. */
interface Known {
  readonly family: string;
  left: number;
  /** Of the units left. */
  leftCost: number;
  done: number;
  doneCost: number;
  spentMs: number;
  /** On a clock that runs only while units of this kind do. */
  readonly pace: RemainingTime;
}

/** Follows work unit by unit; time is handed in, so that it can be tested. */
export class TimeByKind {
  readonly #kinds: readonly Known[];
  /** Units left, by id. */
  readonly #left = new Map<string, { readonly known: Known; readonly cost: number }>();
  #lastMs: number;

  /** @param units all that is to be done from `nowMs` on. */
  constructor(units: readonly WorkUnit[], nowMs: number) {
    this.#lastMs = nowMs;
    const kinds = new Map<string, Known>();
    for (const { id, kind, family, cost } of units) {
      const known = kinds.get(kind) ?? {
        ...{ family, left: 0, leftCost: 0, done: 0, doneCost: 0, spentMs: 0 },
        pace: new RemainingTime(0),
      };
      known.left++;
      known.leftCost += cost;
      kinds.set(kind, known);
      this.#left.set(id, { known, cost });
    }
    this.#kinds = [...kinds.values()];
  }

  /** Records that a unit is done; the next one begins. */
  finished(id: string, nowMs: number): void {
    const spentMs = nowMs - this.#lastMs;
    const unit = this.#take(id, nowMs);
    if (!unit) return;
    const { known, cost } = unit;
    known.done++;
    known.doneCost += cost;
    known.spentMs += spentMs;
    known.pace.update(known.done, known.spentMs);
  }

  /** Records that a unit will not be done: it failed, or waits for one that did. The time spent on it does not count. */
  dropped(id: string, nowMs: number): void {
    this.#take(id, nowMs);
  }

  #take(id: string, nowMs: number): { readonly known: Known; readonly cost: number } | undefined {
    const unit = this.#left.get(id);
    this.#lastMs = nowMs;
    if (!unit) return undefined;
    this.#left.delete(id);
    unit.known.left--;
    unit.known.leftCost -= unit.cost;
    return unit;
  }

  /** Milliseconds left, [low, high]; null before three units are done. */
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
