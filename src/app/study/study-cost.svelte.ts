/**
 * How long the draft study will take on this machine: measured on request, shrunk on request, and restored on request.
 */
import type { Progress } from '../../progress/progress.ts';
import type { TrainerApi } from '../../../workers/contract.ts';
import { errorName } from '../../errors.ts';
import type { StudyConfig } from '../../study/config.ts';
import { estimateStudy, type EstimatedCohort, type StudyEstimate } from '../../study/cost/estimate.ts';
import { planStudy } from '../../study/plan.ts';
import { shrinkStudy, type ShrunkStudy } from '../../study/cost/shrink.ts';
import type { MeasuredSpeeds } from '../../study/cost/speed.ts';
import type { Cohorts } from '../shared/cohorts.svelte.ts';
import type { Status } from '../shared/status.svelte.ts';
import type { DraftSnapshot, StudyDraft } from './study-draft.svelte.ts';

/** A study that was made smaller, and what it was before. */
export interface Shrinking extends ShrunkStudy {
  readonly limitMs: number;
  readonly before: DraftSnapshot;
}

/** The speeds that are known, the estimate that follows from them, and what was dropped to fit a limit. */
export class StudyCost {
  readonly #trainer: TrainerApi;
  readonly #draft: StudyDraft;
  readonly #cohorts: Cohorts;
  readonly #status: Status;
  #measuredSpeeds = $state.raw<MeasuredSpeeds | null>(null);
  #done = $state.raw<readonly string[]>([]);
  #measuring = $state.raw<Progress | null>(null);
  #shrinking = $state.raw<Shrinking | null>(null);
  #shrinkingNow = $state(false);
  readonly #estimate: StudyEstimate | null = $derived.by(() => {
    const [plan, cohort] = [this.#draft.plan, this.#cohort];
    return plan && cohort ? estimateStudy(plan, cohort, this.#measuredSpeeds, this.#done) : null;
  });

  constructor(trainer: TrainerApi, draft: StudyDraft, cohorts: Cohorts, status: Status) {
    this.#trainer = trainer;
    this.#draft = draft;
    this.#cohorts = cohorts;
    this.#status = status;
  }

  /** Null while the study cannot be planned. */
  get estimate(): StudyEstimate | null {
    return this.#estimate;
  }

  /** Progress of the measurement; null when none goes on. */
  get measuring(): Progress | null {
    return this.#measuring;
  }

  /** The last shrinking, while the draft is as it left it; null otherwise. */
  get shrinking(): Shrinking | null {
    return this.#shrinking && this.#draft.config === this.#shrinking.config ? this.#shrinking : null;
  }

  /** Whether a time limit can be applied now: only a measured study can be shrunk, and a smoke version cannot get smaller. */
  get canShrink(): boolean {
    const { timeMs = null, unmeasured = [] } = this.#estimate ?? {};
    return timeMs !== null && unmeasured.length === 0 && !this.#draft.smoke && !this.#shrinkingNow;
  }

  /** Reads what was measured before. */
  async load(): Promise<void> {
    this.#measuredSpeeds = await this.#trainer.measuredSpeeds();
  }

  /** Asks which jobs of the draft's plan have a result. */
  async lookForResults(): Promise<void> {
    const [plan, cohort] = [this.#draft.plan, this.#cohorts.current];
    if (!plan || !cohort) return;
    const done = await this.#trainer.finished(cohort.id, plan);
    if (this.#draft.plan === plan) this.#done = done;
  }

  /** Measures; a stop keeps what was measured until then. */
  async measure(): Promise<void> {
    const cohort = this.#cohorts.current;
    if (!cohort || this.#measuring) return;
    this.#measuring = { phase: 'Preparing', done: 0, total: 0, remainingMs: null };
    try {
      this.#measuredSpeeds = await this.#trainer.measureSpeeds(cohort.id, this.#draft.fitted, (progress) => {
        if (this.#measuring) this.#measuring = progress;
      });
    } catch (error) {
      if (errorName(error) === 'StoppedError') await this.load();
      else this.#status.warn(error);
    } finally {
      this.#measuring = null;
    }
  }

  /** Ends a measurement. */
  async stopMeasuring(): Promise<void> {
    if (this.#measuring) await this.#trainer.stop();
  }

  /** Makes the draft fit a limit. */
  async shrink(limitMs: number): Promise<void> {
    const cohort = this.#cohort;
    if (!cohort || !this.canShrink) return;
    this.#shrinkingNow = true;
    try {
      const before = this.shrinking?.before ?? this.#draft.snapshot;
      const shrunk = await shrinkStudy(this.#draft.fitted, limitMs, (config) => this.#highOf(config, cohort));
      this.#draft.takeShrunk(shrunk.config);
      this.#shrinking = { ...shrunk, limitMs, before };
    } finally {
      this.#shrinkingNow = false;
    }
  }

  /** Takes back what was dropped. */
  undo(): void {
    if (this.#shrinking) this.#draft.restore(this.#shrinking.before);
    this.#shrinking = null;
  }

  get #cohort(): EstimatedCohort | null {
    const cohort = this.#cohorts.current;
    return cohort && { labelNames: cohort.labelNames, side: cohort.side, rows: this.#cohorts.rows };
  }

  async #highOf(config: StudyConfig, cohort: EstimatedCohort): Promise<number> {
    const { fingerprint } = this.#cohorts.current!;
    const plan = await planStudy(config, { ...cohort, fingerprint });
    return estimateStudy(plan, cohort, this.#measuredSpeeds, this.#done).timeMs?.[1] ?? 0;
  }
}
