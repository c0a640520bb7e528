/**
 * From a study's configuration to its jobs: every run with its id, its arms, and what must be there before it.
 *
 * The plan is a pure function of the configuration and the cohort. A job that two arms share (the baseline is the self-distilled control's
 * teacher) has one id and is planned once.
 */
import { seesFilms } from '../training/methods/inputs.ts';
import type { CohortRow } from '../cohort/cohort.ts';
import { fingerprint } from '../identity/fingerprint.ts';
import { importedIdOf } from '../identity/imported-encoder.ts';
import type { EncoderChoice } from '../training/fine-tuning.ts';
import { arms, completeArms } from './arms/registry.ts';
import type { ArmName } from './arms/registry.ts';
import type { PretrainingArm, StudyConfig, TuningPlan } from './config.ts';
import { firstPretraining } from './earlier-versions.ts';
import { rungsOf, trainingOfRung, type Rung } from './halving.ts';
import type { FeaturesJob, PlannedJob, PlannedRun, PretrainingJob, Promotion } from './job.ts';
import { defaultPretraining } from '../training/pre-training-fields.ts';
import { sizesFor } from './sizes.ts';

/** What a plan needs to know of a cohort. */
export interface CohortOfStudy {
  readonly fingerprint: string;
  readonly labelNames: readonly string[];
  readonly rows: readonly CohortRow[];
}

/** Raised when a change of the code changes results, so that older results are not taken for new ones. */
const resultsVersion = 2;

/**
 * All jobs of a study, each after everything that it needs.
 * @throws RangeError when a label is not in the cohort (`studyProblems` says it in words before).
 */
export async function planStudy(config: StudyConfig, cohort: CohortOfStudy): Promise<readonly PlannedJob[]> {
  const plan = new Plan(cohort.fingerprint);
  const wanted = completeArms(config.arms);
  for (const label of config.labels) {
    const labelIndex = cohort.labelNames.indexOf(label);
    if (labelIndex < 0) throw new RangeError(`planStudy: the cohort has no label "${label}"`);
    for (const trainingSize of sizesFor(config.trainingSizes, cohort.rows, labelIndex)) {
      for (const condition of conditionsOf(config)) {
        for (const seed of config.seeds) {
          const pretrainingId = await addPretraining(plan, config, condition, seed);
          await addArms(plan, config, wanted, { ...condition, pretrainingId, label, trainingSize, seed });
        }
      }
    }
  }
  return plan.jobs();
}

interface Setting {
  readonly tuningPlan: TuningPlan;
  readonly pretraining: PretrainingArm;
  readonly imageEncoder: EncoderChoice;
  /** The pre-training's job; null without one. */
  readonly pretrainingId: string | null;
  readonly label: string;
  readonly trainingSize: number | 'all';
  readonly seed: number;
}

function conditionsOf(config: StudyConfig): Pick<Setting, 'tuningPlan' | 'pretraining' | 'imageEncoder'>[] {
  return config.tunings.flatMap((tuningPlan) =>
    config.pretrainings.flatMap((pretraining) =>
      config.imageEncoders.map((imageEncoder) => ({ tuningPlan, pretraining, imageEncoder })),
    ),
  );
}

/** Adds the pre-training of a condition, once for all labels, sizes and arms; null where there is none. */
async function addPretraining(
  plan: Plan,
  config: StudyConfig,
  { pretraining, imageEncoder }: Pick<Setting, 'pretraining' | 'imageEncoder'>,
  seed: number,
): Promise<string | null> {
  if (pretraining === 'none') return null;
  return plan.addPretraining({
    kind: 'pretraining',
    recipe: pretraining,
    settings: config.pretraining ?? defaultPretraining,
    imageEncoder,
    textEncoder: config.textEncoder,
    imageSide: config.imageSide,
    seed,
  });
}

/** A pre-training as conditions and tables name it. */
export function pretrainingName(pretraining: PretrainingArm): string {
  return pretraining === 'none' ? 'none' : pretraining.name;
}

/** Adds every arm's candidates for one setting; teachers come before their students in the registry's order of arms. */
async function addArms(
  plan: Plan,
  config: StudyConfig,
  wanted: readonly ArmName[],
  setting: Setting,
): Promise<void> {
  const idsOfArm = new Map<ArmName, readonly string[]>();
  for (const arm of wanted) {
    const { teacher, method } = arms[arm];
    const teacherIds =
      teacher === null
        ? []
        : teacher === 'permutedTeacher'
          ? await addRuns(
              plan,
              config,
              setting,
              arm,
              { method: 'teacher', permutedReports: true },
              'teacher',
              [],
            )
          : (idsOfArm.get(teacher) ?? []);
    idsOfArm.set(
      arm,
      await addRuns(plan, config, setting, arm, { method, permutedReports: false }, arm, teacherIds),
    );
  }
}

/**
 * Adds the runs by which the candidates of `budgetOf` are searched, for use by `arm`.
 * @returns ids of the last rung, of which validation patients choose one.
 */
async function addRuns(
  plan: Plan,
  config: StudyConfig,
  setting: Setting,
  arm: ArmName,
  what: Pick<PlannedRun, 'method' | 'permutedReports'>,
  budgetOf: ArmName,
  teacherIds: readonly string[],
): Promise<readonly string[]> {
  // A text-only probe has no image encoder, so that every pre-training shares it.
  const own = seesFilms(what.method) ? setting : withoutPretraining(setting);
  const probes = own.tuningPlan.tuning === 'linearProbe' && seesFilms(what.method);
  const { pretrainingId } = own;
  const featuresId = probes ? await plan.addFeatures(arm, featuresJob(config, own), pretrainingId) : null;
  const needs = { pretrainingId: probes ? null : pretrainingId, featuresId, teacherIds };
  const candidates = candidatesOf(config, budgetOf);
  let ids: readonly string[] = [];
  for (const rung of rungsOf(config.search ?? 'grid', candidates.length, own.tuningPlan.training)) {
    const added: string[] = [];
    for (const { candidate, promotion } of entrantsOf(rung, candidates, ids)) {
      const job = runJob(config, own, what, candidate, rung);
      added.push(await plan.addRun(arm, job, { ...needs, ...(promotion && { promotion }) }));
    }
    ids = added;
  }
  return ids;
}

/** What runs in a rung: in the first every candidate, in later ones the best of the rung before, known when that is done. */
function entrantsOf(
  { runs }: Rung,
  candidates: readonly Candidate[],
  rungIds: readonly string[],
): readonly { readonly candidate: PlannedCandidate; readonly promotion?: Promotion }[] {
  return rungIds.length === 0
    ? candidates.map((candidate) => ({ candidate }))
    : Array.from({ length: runs }, (_, place) => ({ candidate: notKnownYet, promotion: { rungIds, place } }));
}

function withoutPretraining(setting: Setting): Setting {
  return { ...setting, pretraining: 'none', pretrainingId: null };
}

interface Candidate {
  readonly weightDecay: number;
  readonly lambda: number | null;
  readonly temperature: number | null;
}

/** A candidate as it is planned: not known yet in later rungs. */
type PlannedCandidate = Omit<Candidate, 'weightDecay'> & { readonly weightDecay: number | null };

const notKnownYet: PlannedCandidate = { weightDecay: null, lambda: null, temperature: null };

/** The candidates that an arm tries on validation patients; equally many for each arm. */
export function candidatesOf(config: StudyConfig, arm: ArmName): Candidate[] {
  if (arms[arm].teacher === null) {
    return config.weightDecays.map((weightDecay) => ({ weightDecay, lambda: null, temperature: null }));
  }
  const { weightDecays, lambdas, temperatures } = config.distillation;
  return weightDecays.flatMap((weightDecay) =>
    lambdas.flatMap((lambda) => temperatures.map((temperature) => ({ weightDecay, lambda, temperature }))),
  );
}

function featuresJob(config: StudyConfig, setting: Setting): FeaturesJob {
  return {
    kind: 'features',
    encoder: setting.imageEncoder,
    pretraining: pretrainingName(setting.pretraining),
    imageSide: config.imageSide,
    // An imported model brings its weights, so that every seed shares its features, unless it was trained on from there.
    seed:
      importedIdOf(setting.imageEncoder.name) === null || setting.pretrainingId !== null ? setting.seed : 0,
  };
}

function runJob(
  config: StudyConfig,
  setting: Setting,
  what: Pick<PlannedRun, 'method' | 'permutedReports'>,
  candidate: PlannedCandidate,
  rung: Rung,
): PlannedRun {
  const { tuningPlan, label, pretraining, imageEncoder, trainingSize, seed } = setting;
  return {
    kind: 'run',
    label,
    ...what,
    tuning: tuningPlan.tuning,
    pretraining: pretrainingName(pretraining),
    imageEncoder,
    textEncoder: config.textEncoder,
    imageSide: config.imageSide,
    augmentation: tuningPlan.augmentation,
    training: { ...trainingOfRung(tuningPlan.training, rung), weightDecay: candidate.weightDecay },
    lambda: candidate.lambda,
    temperature: candidate.temperature,
    trainingSize,
    seed,
  };
}

/** Collects jobs in order; jobs with equal content are added once. */
class Plan {
  readonly #cohortFingerprint: string;
  readonly #jobs = new Map<string, PlannedJob>();

  constructor(cohortFingerprint: string) {
    this.#cohortFingerprint = cohortFingerprint;
  }

  addPretraining(job: PretrainingJob): Promise<string> {
    return this.#add(null, { job, pretrainingId: null, featuresId: null, teacherIds: [] });
  }

  addFeatures(arm: ArmName, job: FeaturesJob, pretrainingId: string | null): Promise<string> {
    return this.#add(arm, { job, pretrainingId, featuresId: null, teacherIds: [] });
  }

  addRun(arm: ArmName, job: PlannedRun, needs: Needs): Promise<string> {
    return this.#add(arm, { job, ...needs });
  }

  jobs(): PlannedJob[] {
    return [...this.#jobs.values()];
  }

  async #add(arm: ArmName | null, entry: Needs & Pick<PlannedJob, 'job'>): Promise<string> {
    const { pretrainingId, featuresId, teacherIds, promotion } = entry;
    const identity = {
      job: unlabelled(entry.job),
      featuresId,
      teacherIds,
      ...(pretrainingId !== null && { pretrainingId }),
      ...(promotion && { promotion }),
    };
    const id = await fingerprint({ resultsVersion, cohort: this.#cohortFingerprint, ...identity });
    const known = this.#jobs.get(id)?.arms ?? [];
    const armNames = arm === null || known.includes(arm) ? known : [...known, arm];
    this.#jobs.set(id, { id, ...entry, arms: armNames });
    return id;
  }
}

/** What must be there before a job. */
type Needs = Required<Pick<PlannedJob, 'pretrainingId' | 'featuresId' | 'teacherIds'>> &
  Pick<PlannedJob, 'promotion'>;

/** The job as ids know it: without what people call its parts, so that a model or a recipe under another name is the same. */
function unlabelled(job: PlannedJob['job']): unknown {
  const plain = ({ name, settings }: EncoderChoice): EncoderChoice => ({ name, settings });
  switch (job.kind) {
    case 'pretraining': {
      const { name: _, ...recipe } = job.recipe;
      return {
        ...job,
        recipe,
        settings: firstPretraining(job.settings),
        imageEncoder: plain(job.imageEncoder),
        textEncoder: plain(job.textEncoder),
      };
    }
    case 'features':
      return { ...job, pretraining: inIdentity(job.pretraining), encoder: plain(job.encoder) };
    case 'run':
      return {
        ...job,
        pretraining: inIdentity(job.pretraining),
        imageEncoder: plain(job.imageEncoder),
        textEncoder: plain(job.textEncoder),
      };
    default:
      return job satisfies never;
  }
}

/** The id of its job identifies the recipe. */
function inIdentity(pretraining: string): string {
  return pretraining === 'none' ? 'none' : 'pretrained';
}
