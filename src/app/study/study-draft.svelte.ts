/**
 * The draft of a study: a preset, the person's changes, its problems, and the number of its runs.
 */
import type { Catalogue } from '../../jobs/catalogue-entry.ts';
import type { TrainerApi } from '../../../workers/contract.ts';
import { errorSentence } from '../../errors.ts';
import type { ArmName } from '../../study/arms/registry.ts';
import type { PrimaryQuestion, StudyConfig } from '../../study/config.ts';
import { fitToCohort } from '../../study/fit.ts';
import type { PlannedJob } from '../../study/job.ts';
import { planStudy } from '../../study/plan.ts';
import { presets } from '../../study/presets/registry.ts';
import { studyProblems } from '../../study/problems.ts';
import { completeArms } from '../../study/arms/registry.ts';
import type { Cohorts } from '../shared/cohorts.svelte.ts';

/** The counts of a plan. */
export interface PlanCounts {
  readonly runs: number;
  readonly features: number;
  readonly pretrainings: number;
  readonly byArm: Readonly<Partial<Record<ArmName, number>>>;
}

/** A draft as it was, to go back to. */
export interface DraftSnapshot {
  readonly preset: string;
  readonly smoke: boolean;
  readonly ownLabels: boolean;
  readonly config: StudyConfig;
}

const firstPreset = Object.keys(presets)[0] ?? 'demo';

/** The draft and its checks. */
export class StudyDraft {
  readonly #cohorts: Cohorts;
  readonly #trainer: TrainerApi;
  #preset = $state(firstPreset);
  #smoke = $state(false);
  /** True once the person named labels, in the address or on the page. */
  #ownLabels = $state(false);
  #config = $state.raw<StudyConfig>(presets[firstPreset]!);
  #catalogue = $state.raw<Catalogue | null>(null);
  #plan = $state.raw<readonly PlannedJob[] | null>(null);
  readonly #counts = $derived(this.#plan && countPlan(this.#plan));
  #problems = $state.raw<readonly string[]>([]);
  #unknownPreset = $state<string | null>(null);
  #asked = 0;

  constructor(trainer: TrainerApi, cohorts: Cohorts) {
    this.#trainer = trainer;
    this.#cohorts = cohorts;
  }

  get preset(): string {
    return this.#preset;
  }

  get smoke(): boolean {
    return this.#smoke;
  }

  get config(): StudyConfig {
    return this.#config;
  }

  /** The draft as it will run on the cohort: labels chosen, shrunk when asked. */
  get fitted(): StudyConfig {
    const cohort = this.#cohorts.current;
    const preset = this.#preset !== '';
    const options = { preset, ownLabels: this.#ownLabels || !preset, smoke: this.#smoke };
    return cohort ? fitToCohort(this.#config, cohort, this.#cohorts.rows, options) : this.#config;
  }

  get catalogue(): Catalogue | null {
    return this.#catalogue;
  }

  /** Null while it is being counted, or when the study cannot be planned. */
  get counts(): PlanCounts | null {
    return this.#counts;
  }

  /** All jobs; null while they are being planned, or when they cannot be. */
  get plan(): readonly PlannedJob[] | null {
    return this.#plan;
  }

  /** The draft as it is. */
  get snapshot(): DraftSnapshot {
    return {
      preset: this.#preset,
      smoke: this.#smoke,
      ownLabels: this.#ownLabels,
      config: this.#config,
    };
  }

  /** The unknown preset that the address names; null where it names none or a known one. */
  get unknownPreset(): string | null {
    return this.#unknownPreset;
  }

  get problems(): readonly string[] {
    return this.#problems;
  }

  async loadCatalogue(): Promise<void> {
    if (!this.#catalogue) await this.reloadCatalogue();
  }

  /** Reloads the catalogue after a person's own model was added or deleted. */
  async reloadCatalogue(): Promise<void> {
    this.#catalogue = await this.#trainer.catalogue();
  }

  /** Takes an encoder out of the draft; the preset's encoders come back when it was the only one for films, or the one for reports. */
  leaveOutEncoder(name: string): void {
    const preset = presets[this.#preset] ?? presets[firstPreset]!;
    if (this.#config.textEncoder.name === name) this.change({ textEncoder: preset.textEncoder });
    const others = this.#config.imageEncoders.filter((choice) => choice.name !== name);
    if (others.length === this.#config.imageEncoders.length) return;
    this.change({ imageEncoders: others.length > 0 ? others : preset.imageEncoders });
  }

  /** Takes the settings of an address: `preset`, `labels` (with commas between them), `smoke`. */
  follow(query: Readonly<Record<string, string>>): void {
    const preset = query['preset'];
    const smoke = query['smoke'] === '1';
    const labels = query['labels']?.split(',').filter(Boolean);
    const known = preset !== undefined && Object.hasOwn(presets, preset);
    this.#unknownPreset = known || preset === undefined ? null : preset;
    if (known) {
      if (preset !== this.#preset || smoke !== this.#smoke) this.choosePreset(preset, smoke);
    } else if (smoke && !this.#smoke) {
      this.choosePreset(this.#preset, true);
    }
    if (labels && labels.join() !== this.#config.labels.join()) this.change({ labels });
    if (labels) this.#ownLabels = true;
  }

  choosePreset(name: string, smoke = this.#smoke): void {
    const preset = presets[name];
    if (!preset) return;
    this.#preset = name;
    this.#smoke = smoke;
    this.#ownLabels = false;
    this.#config = preset;
  }

  change(change: Partial<StudyConfig>): void {
    this.#config = { ...this.#config, ...change };
  }

  /** Names the question that the study is run for; null names none. */
  askFirst(question: PrimaryQuestion | null): void {
    const { primary: _former, ...rest } = this.#config;
    this.#config = question ? { ...rest, primary: question } : rest;
  }

  /** Takes a whole configuration, from a file. */
  replace(config: StudyConfig): void {
    this.#preset = '';
    this.#config = config;
  }

  /** Takes the draft as it was. */
  restore({ preset, smoke, ownLabels, config }: DraftSnapshot): void {
    this.#preset = preset;
    this.#smoke = smoke;
    this.#ownLabels = ownLabels;
    this.#config = config;
  }

  /** Takes over a smaller version of `fitted`. The preset stays selected; the labels are those of the smaller version. */
  takeShrunk(config: StudyConfig): void {
    this.#ownLabels = true;
    this.#config = config;
  }

  /** Adds or removes an arm, with the arms that it needs. */
  toggleArm(arm: ArmName, wanted: boolean): void {
    const chosen = wanted ? [...this.#config.arms, arm] : this.#config.arms.filter((other) => other !== arm);
    this.change({ arms: completeArms(chosen) });
  }

  /** Adds or removes a label; an empty list means every label. */
  toggleLabel(label: string, wanted: boolean): void {
    const all = this.#cohorts.current?.labelNames ?? [];
    const now = this.fitted.labels;
    const next = all.filter((name) => (name === label ? wanted : now.includes(name)));
    if (next.length === 0) return;
    this.#ownLabels = true;
    this.change({ labels: next });
  }

  /** Counts the runs and looks for what does not fit the cohort. Call when the draft or the cohort changes. */
  async check(): Promise<void> {
    const asked = ++this.#asked;
    const cohort = this.#cohorts.current;
    const config = this.fitted;
    this.#plan = null;
    if (!cohort) {
      this.#problems = ['There is no cohort yet. Import one, or draw the demo cohort.'];
      return;
    }
    try {
      const problems = studyProblems(config, cohort, this.#cohorts.rows);
      this.#problems = problems;
      if (problems.length > 0) return;
      const plan = await planStudy(config, {
        fingerprint: cohort.fingerprint,
        labelNames: cohort.labelNames,
        rows: this.#cohorts.rows,
      });
      if (asked === this.#asked) this.#plan = plan;
    } catch (error) {
      if (asked === this.#asked) this.#problems = [errorSentence(error)];
    }
  }
}

function countPlan(plan: readonly PlannedJob[]): PlanCounts {
  const byArm: Partial<Record<ArmName, number>> = {};
  const count = (kind: PlannedJob['job']['kind']): number =>
    plan.filter(({ job }) => job.kind === kind).length;
  for (const { job, arms } of plan) {
    if (job.kind === 'run') for (const arm of arms) byArm[arm] = (byArm[arm] ?? 0) + 1;
  }
  return { runs: count('run'), features: count('features'), pretrainings: count('pretraining'), byArm };
}
