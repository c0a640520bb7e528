/**
 * The distinct kinds of work in a plan: jobs of one kind take equally long for each step, so that one of them stands for all.
 */
import { importedIdOf } from '../../identity/imported-encoder.ts';
import { methodWords, readsReports, seesFilms } from '../../training/methods/inputs.ts';
import type { WorkUnit } from '../../progress/time-by-kind.ts';
import type { EncoderChoice } from '../../training/fine-tuning.ts';
import type { PlannedJob, PlannedRun } from '../job.ts';
import { usesReports } from '../recipes.ts';

/** What a plan's work consists of; a probe is measured on features as wide as those measured before it. */
export const workFamilies = ['features', 'linearProbe', 'full', 'pretraining'] as const;

/** One of these families. */
export type WorkFamily = (typeof workFamilies)[number];

/** What of a cohort decides how long work on it takes. */
export interface WorkCohort {
  readonly films: number;
  /** Side in px of the stored films. */
  readonly side: number;
}

/** A kind of work. */
export interface WorkKind {
  /** Equal for jobs that take equally long a step, on cohorts of equal size. */
  readonly key: string;
  readonly family: WorkFamily;
  /** For people, e.g. "full fine-tuning of resnet, image + report". */
  readonly words: string;
  /** All that decides the speed, by name; the more of these two kinds share, the more similar they are. */
  readonly traits: Readonly<Record<string, string>>;
}

/** A kind with the jobs of a plan that are of it. */
export interface KindInPlan {
  readonly kind: WorkKind;
  readonly jobs: readonly PlannedJob[];
}

/** The kind of a job. */
export function workKind({ job }: Pick<PlannedJob, 'job'>, cohort: WorkCohort): WorkKind {
  const size = { films: `${cohort.films}`, side: `${cohort.side}`, imageSide: `${job.imageSide}` };
  switch (job.kind) {
    case 'features':
      return kind('features', `features of films from ${called(job.encoder)}`, {
        ...size,
        encoder: identity(job.encoder),
      });
    case 'pretraining': {
      const { recipe, settings, imageEncoder, textEncoder } = job;
      return kind('pretraining', `pre-training of ${called(imageEncoder)} by ${recipe.name}`, {
        ...size,
        encoder: identity(imageEncoder),
        objectives: JSON.stringify(recipe.objectives),
        text: usesReports(recipe) ? identity(textEncoder) : '',
        batch: `${settings.batchSize}`,
      });
    }
    case 'run':
      return runKind(job, size);
    default:
      return job satisfies never;
  }
}

/** A plan's jobs as units of work, for estimating the time left. */
export function workUnits(plan: readonly PlannedJob[], cohort: WorkCohort): WorkUnit[] {
  return plan.map((planned) => {
    const { key, family } = workKind(planned, cohort);
    return { id: planned.id, kind: key, family, cost: costOf(planned.job) };
  });
}

/** Kinds by key, in the order in which the plan meets them. */
export function kindsOf(plan: readonly PlannedJob[], cohort: WorkCohort): KindInPlan[] {
  const kinds = new Map<string, { kind: WorkKind; jobs: PlannedJob[] }>();
  for (const planned of plan) {
    const found = workKind(planned, cohort);
    const known = kinds.get(found.key);
    if (known) known.jobs.push(planned);
    else kinds.set(found.key, { kind: found, jobs: [planned] });
  }
  return [...kinds.values()];
}

/** Films that go through an encoder with their gradients, in equivalents of a film that only goes forward. */
const gradientFactor = 3;
/** Films of a feature pass, for the order only: any cohort that is studied has about so many. */
const featurePass = 1000;
/** A film's features through a probe, beside the same film through an encoder. */
const probeFactor = 0.001;

/**
 * The order in which kinds are measured: of each family the one that is likely to take most of the plan's time, the families with short
 * steps first, so that every family has a measurement; then the others, the costliest first. Cost is counted in films through an encoder.
 */
export function inOrderOfCost(kinds: readonly KindInPlan[]): KindInPlan[] {
  const costs = new Map(
    kinds.map((found) => [found, found.jobs.reduce((sum, { job }) => sum + costOf(job), 0)]),
  );
  const sorted = [...kinds].sort((a, b) => costs.get(b)! - costs.get(a)!);
  const firsts = workFamilies.flatMap(
    (family) => sorted.find(({ kind: found }) => found.family === family) ?? [],
  );
  return [...firsts, ...sorted.filter((found) => !firsts.includes(found))];
}

/** Whether the job reads reports by a person's own text encoder. */
export function readsByOwnText({ job }: Pick<PlannedJob, 'job'>): boolean {
  if (job.kind === 'features' || importedIdOf(job.textEncoder.name) === null) return false;
  return job.kind === 'pretraining' ? usesReports(job.recipe) : readsReports(job.method);
}

/**
 * What a job costs, in films that go forward through an encoder; a rough estimate, to order work and to estimate kinds that were not
 * measured.
 */
function costOf(job: PlannedJob['job']): number {
  switch (job.kind) {
    case 'features':
      return featurePass;
    case 'pretraining':
      return gradientFactor * job.settings.imagesSeen;
    case 'run': {
      const films = job.training.maxSteps * job.training.batchSize;
      return films * (job.tuning === 'full' ? gradientFactor : probeFactor);
    }
    default:
      return job satisfies never;
  }
}

function runKind(job: PlannedRun, size: Readonly<Record<string, string>>): WorkKind {
  const { tuning, method, imageEncoder, textEncoder, training } = job;
  const of = seesFilms(method) ? imageEncoder : textEncoder;
  const way = tuning === 'full' ? 'full fine-tuning' : 'linear probe';
  return kind(tuning, `${way} of ${called(of)}, ${methodWords(method)}`, {
    ...size,
    method,
    encoder: seesFilms(method) ? identity(imageEncoder) : '',
    text: readsReports(job.method) ? identity(textEncoder) : '',
    batch: `${training.batchSize}`,
  });
}

function kind(family: WorkFamily, words: string, traits: Readonly<Record<string, string>>): WorkKind {
  return { key: JSON.stringify([family, traits]), family, words, traits };
}

function identity({ name, settings }: EncoderChoice): string {
  return JSON.stringify([name, settings]);
}

function called({ name, label }: EncoderChoice): string {
  return label ?? name;
}
