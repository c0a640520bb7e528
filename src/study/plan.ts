/**
 * From a study's configuration to its jobs: every run with its id, its arms, and what must be there before it.
 *
 * The plan is a pure function of the configuration and the cohort. Jobs that two arms share (the baseline is the self-distilled control's
 * teacher) have one id and stand once.
 */
import type { CohortRow } from '../cohort/cohort.ts';
import { fingerprint } from '../identity/fingerprint.ts';
import { importedIdOf } from '../identity/imported-encoder.ts';
import type { EncoderChoice } from '../training/fine-tuning.ts';
import { arms, completeArms } from './arms.ts';
import type { ArmName, PretrainingArm, StudyConfig, TuningPlan } from './config.ts';
import type { FeaturesJob, PlannedJob, RunJob } from './job.ts';
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
          await addArms(plan, config, wanted, { ...condition, label, trainingSize, seed });
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

/** Adds one run for each candidate of `budgetOf`, for use by `arm`. */
async function addRuns(
  plan: Plan,
  config: StudyConfig,
  setting: Setting,
  arm: ArmName,
  what: Pick<RunJob, 'method' | 'permutedReports'>,
  budgetOf: ArmName,
  teacherIds: readonly string[],
): Promise<string[]> {
  const needsFeatures = setting.tuningPlan.tuning === 'linearProbe' && what.method !== 'textOnly';
  const featuresId = needsFeatures ? await plan.addFeatures(arm, featuresJob(config, setting)) : null;
  const ids: string[] = [];
  for (const candidate of candidatesOf(config, budgetOf)) {
    ids.push(await plan.addRun(arm, runJob(config, setting, what, candidate), featuresId, teacherIds));
  }
  return ids;
}

interface Candidate {
  readonly weightDecay: number;
  readonly lambda: number | null;
  readonly temperature: number | null;
}

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
    pretraining: setting.pretraining,
    imageSide: config.imageSide,
    // An imported model brings its weights, so that every seed shares its features.
    seed: importedIdOf(setting.imageEncoder.name) === null ? setting.seed : 0,
  };
}

function runJob(
  config: StudyConfig,
  setting: Setting,
  what: Pick<RunJob, 'method' | 'permutedReports'>,
  candidate: Candidate,
): RunJob {
  const { tuningPlan, label, pretraining, imageEncoder, trainingSize, seed } = setting;
  return {
    kind: 'run',
    label,
    ...what,
    tuning: tuningPlan.tuning,
    pretraining,
    imageEncoder,
    textEncoder: config.textEncoder,
    imageSide: config.imageSide,
    augmentation: tuningPlan.augmentation,
    training: { ...tuningPlan.training, weightDecay: candidate.weightDecay },
    lambda: candidate.lambda,
    temperature: candidate.temperature,
    trainingSize,
    seed,
  };
}

/** Collects jobs in order, one a content. */
class Plan {
  readonly #cohortFingerprint: string;
  readonly #jobs = new Map<string, PlannedJob>();

  constructor(cohortFingerprint: string) {
    this.#cohortFingerprint = cohortFingerprint;
  }

  addFeatures(arm: ArmName, job: FeaturesJob): Promise<string> {
    return this.#add(arm, { job, featuresId: null, teacherIds: [] });
  }

  addRun(
    arm: ArmName,
    job: RunJob,
    featuresId: string | null,
    teacherIds: readonly string[],
  ): Promise<string> {
    return this.#add(arm, { job, featuresId, teacherIds });
  }

  jobs(): PlannedJob[] {
    return [...this.#jobs.values()];
  }

  async #add(arm: ArmName, entry: Omit<PlannedJob, 'id' | 'arms'>): Promise<string> {
    const identity = { ...entry, job: unlabelled(entry.job) };
    const id = await fingerprint({ resultsVersion, cohort: this.#cohortFingerprint, ...identity });
    const known = this.#jobs.get(id);
    const armNames = known ? known.arms : [];
    this.#jobs.set(id, { id, ...entry, arms: armNames.includes(arm) ? armNames : [...armNames, arm] });
    return id;
  }
}

/** The job without what a person calls its encoder: a model under another name is the same model. */
function unlabelled(job: FeaturesJob | RunJob): FeaturesJob | RunJob {
  const plain = ({ name, settings }: EncoderChoice): EncoderChoice => ({ name, settings });
  return job.kind === 'run'
    ? { ...job, imageEncoder: plain(job.imageEncoder), textEncoder: plain(job.textEncoder) }
    : { ...job, encoder: plain(job.encoder) };
}
