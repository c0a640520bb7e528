/**
 * Which runs stand for a condition: for each seed the candidate that did best on validation patients. Test predictions are never looked at
 * here.
 */
import { arms } from './arms/registry.ts';
import type { ArmName } from './arms/registry.ts';
import type { EncoderChoice } from '../training/fine-tuning.ts';
import type { Condition } from './findings/findings.ts';
import type { JobResult, PlannedJob, PlannedRun, RunResult } from './job.ts';

/** A condition all of whose planned runs have a result. */
export interface SelectedCondition {
  readonly condition: Condition;
  /**
   * Candidates tried on validation patients for each seed; the most, should seeds differ. With successive halving each counts once, in
   * however many rungs it ran.
   */
  readonly candidates: number;
  /** The run chosen for each seed, in the plan's order of seeds. */
  readonly chosen: readonly RunResult[];
  /** All runs of each seed's candidates, of every rung, in the same order of seeds. */
  readonly tried: readonly (readonly RunResult[])[];
}

interface Candidates {
  readonly condition: Condition;
  /** Planned runs by seed, in plan order. */
  readonly runsBySeed: Map<number, PlannedJob[]>;
}

/** The same text for the same condition. */
export function conditionKey(condition: Condition): string {
  const { label, arm, tuning, pretraining, imageEncoder, trainingSize } = condition;
  return JSON.stringify([label, arm, tuning, pretraining, imageEncoder, trainingSize]);
}

/**
 * The conditions that are finished, in plan order, each with the run that validation chose for each seed: the best `validationScore`, the
 * first in plan order of equals. Only the last rung of successive halving can be chosen. A condition that lacks a single planned run is left out.
 */
export function selectRuns(
  plan: readonly PlannedJob[],
  results: readonly JobResult[],
): readonly SelectedCondition[] {
  const byId = new Map(results.flatMap((result) => (result.kind === 'run' ? [[result.id, result]] : [])));
  const cutDown = new Set(plan.flatMap(({ promotion }) => promotion?.rungIds ?? []));
  return gatherCandidates(plan).flatMap(({ condition, runsBySeed }) => {
    const seeds = [...runsBySeed.values()];
    if (!seeds.flat().every(({ id }) => byId.has(id))) return [];
    const tried = seeds.map((runs) => runs.map(({ id }) => byId.get(id)!));
    const chosen = tried.map((runs) => bestOnValidation(runs.filter(({ id }) => !cutDown.has(id))));
    return [{ condition, candidates: Math.max(...seeds.map(countCandidates)), chosen, tried }];
  });
}

/** Runs of the first rung; a later rung tries none that is new. */
function countCandidates(runs: readonly PlannedJob[]): number {
  return runs.filter(({ promotion }) => !promotion).length;
}

/** The candidate that did best on validation patients; the first of equals. @param runs at least one. */
export function bestOnValidation(runs: readonly RunResult[]): RunResult {
  return runs.reduce((best, run) => (run.validationScore > best.validationScore ? run : best));
}

/** Planned candidates by condition and seed. */
function gatherCandidates(plan: readonly PlannedJob[]): readonly Candidates[] {
  const nameOf = encoderNames(plan);
  const conditions = new Map<string, Candidates>();
  for (const planned of plan) {
    const { job } = planned;
    if (job.kind !== 'run') continue;
    for (const arm of planned.arms) {
      if (arms[arm].method !== job.method) continue;
      const condition = conditionOf(job, arm, nameOf(job.imageEncoder));
      const key = conditionKey(condition);
      if (!conditions.has(key)) conditions.set(key, { condition, runsBySeed: new Map() });
      const { runsBySeed } = conditions.get(key)!;
      runsBySeed.set(job.seed, [...(runsBySeed.get(job.seed) ?? []), planned]);
    }
  }
  return [...conditions.values()];
}

function conditionOf(job: PlannedRun, arm: ArmName, imageEncoder: string): Condition {
  const { label, tuning, pretraining, trainingSize } = job;
  return { label, arm, tuning, pretraining, imageEncoder, trainingSize };
}

/** An encoder's name as people know it, with its settings, or an imported model's id, where a plan has several of that name. */
function encoderNames(plan: readonly PlannedJob[]): (encoder: EncoderChoice) => string {
  const different = new Map<string, Set<string>>();
  const difference = ({ name, label, settings }: EncoderChoice): string =>
    label === undefined ? inWords(settings) : name;
  for (const { job } of plan) {
    const encoder = job.kind === 'features' ? job.encoder : job.imageEncoder;
    const called = encoder.label ?? encoder.name;
    different.set(called, (different.get(called) ?? new Set()).add(difference(encoder)));
  }
  return (encoder) => {
    const called = encoder.label ?? encoder.name;
    return different.get(called)!.size > 1 ? `${called} (${difference(encoder)})` : called;
  };
}

function inWords(settings: EncoderChoice['settings']): string {
  return Object.entries(settings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
