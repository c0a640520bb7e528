/**
 * How fast a machine does a kind of work, as it was measured, and which measurement is used for a kind that was not.
 */
import type { WorkKind } from './work-kind.ts';

/** The speed of one kind of work. All durations in ms, at least 0. */
export interface Speed {
  readonly kind: WorkKind;
  /** ISO 8601. */
  readonly measuredAt: string;
  /** From the start to the first step (data, model, shaders), for the first job of the kind … */
  readonly firstSetupMs: number;
  /** … and for the next ones, which find shaders compiled. */
  readonly setupMs: number;
  /** One training step; of features: one film. */
  readonly unitMs: number;
  /** One validation; 0 for features. */
  readonly validationMs: number;
  /** Films of one validation. */
  readonly validationFilms: number;
  /** After the last step of a pre-training; 0 for others. */
  readonly endMs: number;
  /** Reading one checkpoint from the device; 0 for features. */
  readonly checkpointMs: number;
  /** Size of one checkpoint. */
  readonly checkpointBytes: number;
  /** What is kept beside the result: the weights of a pre-training; of features: the bytes of one film's. 0 for runs. */
  readonly keptBytes: number;
}

/** All that was measured on one adapter. */
export interface MeasuredSpeeds {
  readonly adapter: string;
  /** Time to store one result, in ms. */
  readonly keepMs: number;
  readonly speeds: readonly Speed[];
}

/** The speed of a kind, and whether it was measured or taken from a similar kind. */
export interface SpeedOfKind {
  readonly speed: Speed;
  readonly measured: boolean;
}

/**
 * The measured speed of a kind; else that of the kind of the same family that shares most traits with it, the slowest of those that are
 * equally alike; null when none of its family was measured. Kinds on a cohort of another size are never taken for it.
 */
export function speedOf(kind: WorkKind, speeds: readonly Speed[]): SpeedOfKind | null {
  const exact = speeds.find((speed) => speed.kind.key === kind.key);
  if (exact) return { speed: exact, measured: true };
  const alike = speeds
    .filter(({ kind: other }) => other.family === kind.family && sameSize(kind, other))
    .sort((a, b) => likeness(kind, b.kind) - likeness(kind, a.kind) || b.unitMs - a.unitMs);
  return alike[0] ? { speed: alike[0], measured: false } : null;
}

/** The measurements with newer ones in place of older ones of the same kinds. */
export function withSpeeds(known: readonly Speed[], newer: readonly Speed[]): Speed[] {
  const keys = new Set(newer.map(({ kind }) => kind.key));
  return [...known.filter(({ kind }) => !keys.has(kind.key)), ...newer];
}

function likeness(a: WorkKind, b: WorkKind): number {
  return Object.entries(a.traits).filter(([name, value]) => b.traits[name] === value).length;
}

function sameSize(a: WorkKind, b: WorkKind): boolean {
  return a.traits['films'] === b.traits['films'] && a.traits['side'] === b.traits['side'];
}
