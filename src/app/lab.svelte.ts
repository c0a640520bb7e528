/**
 * The state that all pages share, as one object in Svelte's context.
 */
import { createContext } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import { errorSentence } from '../errors.ts';
import { presets } from '../study/presets/registry.ts';
import { fitToCohort } from '../study/fit.ts';
import type { AdapterInfo } from '../tensors/backend.ts';
import { defaultDials } from '../cohort/synthetic/dials.ts';
import type { Services } from './services.ts';
import { Cohorts } from './shared/cohorts.svelte.ts';
import { Conclusions } from './findings/conclusions.svelte.ts';
import { Dial } from './dial/dial.svelte.ts';
import { FindingsHighlight } from './findings/findings-highlight.svelte.ts';
import { Inspector } from './shared/inspector.ts';
import { Intake } from './cohort/intake.svelte.ts';
import { Notes } from './runs/notes.svelte.ts';
import { OwnModels } from './study/own-models.svelte.ts';
import { Router } from './shared/router.svelte.ts';
import { Settings } from './shared/settings.svelte.ts';
import { Status } from './shared/status.svelte.ts';
import { Studies } from './shared/studies.svelte.ts';
import { StudyCost } from './study/study-cost.svelte.ts';
import { StudyDraft } from './study/study-draft.svelte.ts';

/** State of the graphics device: requested, available, or unavailable (with a sentence). */
export type DeviceState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'ready'; readonly info: AdapterInfo }
  | { readonly kind: 'missing'; readonly sentence: string };

/** Storage of this page: what is used and what the browser grants, in bytes. */
export interface StorageState {
  readonly usedBytes: number;
  readonly grantedBytes: number;
}

/** The parts of the page's state, and the actions that involve several of them. */
export class Lab {
  readonly settings = new Settings();
  readonly router = new Router();
  readonly status = new Status();
  readonly cohorts: Cohorts;
  readonly intake: Intake;
  readonly draft: StudyDraft;
  readonly cost: StudyCost;
  readonly ownModels: OwnModels;
  readonly studies: Studies;
  readonly conclusions: Conclusions;
  readonly highlight = new FindingsHighlight();
  /** Ids of the folded sections that stand open, kept while pages change. */
  readonly openSections = new SvelteSet<string>();
  readonly inspector: Inspector;
  readonly notes = new Notes();
  readonly dial: Dial;
  readonly #services: Services;
  #device = $state.raw<DeviceState>({ kind: 'asking' });
  #storage = $state.raw<StorageState | null>(null);

  constructor(services: Services) {
    this.#services = services;
    this.cohorts = new Cohorts(services.importer, this.settings);
    this.intake = new Intake(services.importer, this.cohorts, this.status);
    this.draft = new StudyDraft(services.trainer, this.cohorts);
    this.cost = new StudyCost(services.trainer, this.draft, this.cohorts, this.status);
    this.ownModels = new OwnModels(services.trainer, this.draft);
    this.studies = new Studies(services, this.settings, this.status);
    this.conclusions = new Conclusions(services.evaluator);
    this.inspector = new Inspector(services.evaluator);
    this.dial = new Dial(services.dial);
    services.onWorkerError((sentence) => this.status.warn(sentence));
  }

  get device(): DeviceState {
    return this.#device;
  }

  get storage(): StorageState | null {
    return this.#storage;
  }

  /** Loads stored records and requests the device. A failure is shown and does not stop the rest. */
  async open(): Promise<void> {
    await Promise.all([
      this.#attempt(() => this.settings.load()),
      this.#attempt(() => this.cohorts.refresh()),
      this.#attempt(() => this.studies.refresh()),
      this.#askDevice(),
    ]);
    // Chrome reports an origin's storage as 0 until its database is open.
    await this.measureStorage();
  }

  async measureStorage(): Promise<void> {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate();
    this.#storage = { usedBytes: usage, grantedBytes: quota };
  }

  /** Runs the whole demo in one click: draws the synthetic cohort, runs the demo study and shows its findings. */
  async runDemo(): Promise<void> {
    const preset = presets['demo'];
    if (!preset || this.status.busy) return;
    const smoke = this.router.smoke;
    const cohort = await this.intake.draw({ dials: defaultDials });
    if (!cohort) return;
    const config = fitToCohort(preset, cohort, this.cohorts.rows, { preset: true, smoke });
    await this.startStudy(cohort.id, config, true);
  }

  /** Plans and runs a study and shows its runs, or its findings when these were requested and the study finished. */
  async startStudy(cohortId: string, config: typeof this.draft.config, thenFindings: boolean): Promise<void> {
    if (this.status.busy) return;
    try {
      const record = await this.studies.create(cohortId, config);
      this.router.go('runs');
      const outcome = await this.studies.run(record.id);
      if (thenFindings && outcome?.kind === 'finished') this.router.go('findings');
    } catch (error) {
      this.status.fail(error);
    }
    await this.measureStorage();
  }

  /** After a wipe: everything is read again. */
  async reread(): Promise<void> {
    this.conclusions.clear();
    await this.#attempt(() => this.cohorts.refresh());
    await this.#attempt(() => this.studies.refresh());
    await this.#attempt(() => this.draft.reloadCatalogue());
    await this.measureStorage();
  }

  async #askDevice(): Promise<void> {
    try {
      this.#device = { kind: 'ready', info: await this.#services.trainer.adapter() };
    } catch (error) {
      this.#device = { kind: 'missing', sentence: errorSentence(error) };
    }
  }

  async #attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.status.warn(error);
    }
  }
}

/** The lab from, and for, the context of components. */
export const [getLab, setLab] = createContext<Lab>();
