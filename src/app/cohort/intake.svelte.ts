/**
 * The state of an import: chosen files, what was understood of them, the person's corrections, and the import itself.
 */
import type { ImporterApi } from '../../../workers/contract.ts';
import type { ImportOptions } from '../../cohort/import-options.ts';
import type { Progress } from '../../progress/progress.ts';
import type { Cohort, SplitFractions, SquareFit } from '../../cohort/cohort.ts';
import type { CohortMapping, FolderFile, Survey } from '../../cohort/importers/importer.ts';
import { imagePaths, tableTemplate } from '../../cohort/importers/table-template.ts';
import { defaultDials, type SyntheticDials } from '../../cohort/synthetic/dials.ts';
import { askToPersist } from '../../storage/persistence.ts';
import { errorName, errorSentence, InputError } from '../../errors.ts';
import { drawingOf, type Drawing } from '../../study/drawing.ts';
import type { FolderWalk } from './folder-files.ts';
import { counted, formatCount } from '../../figures/number-words.ts';
import { saveFile } from '../shared/save-file.ts';
import { splitDraw } from './split-draw.ts';
import { keepQuestions, waitingSentence, type AskedQuestion } from './survey-questions.ts';
import type { Cohorts } from '../shared/cohorts.svelte.ts';
import { countPhrase } from '../../count-words.ts';
import type { Status } from '../shared/status.svelte.ts';

/** Side of the synthetic cohort's films in px: large enough to look at, small enough to draw quickly. */
export const syntheticSide = 128;

const defaultFractions: SplitFractions = { train: 0.6, validation: 0.2, test: 0.2 };

/** Surveys and imports. */
export class Intake {
  readonly #importer: ImporterApi;
  readonly #cohorts: Cohorts;
  readonly #status: Status;
  #files = $state.raw<readonly FolderFile[]>([]);
  readonly #films = $derived(imagePaths(this.#files.map(({ path }) => path)));
  #survey = $state.raw<Survey | null>(null);
  #questions = $state.raw<readonly AskedQuestion[]>([]);
  /** The mapping with corrections that no survey has answered yet; null when there are none. */
  #wished = $state.raw<CohortMapping | null>(null);
  #looking = $state.raw<Progress | null>(null);
  #problem = $state<string | null>(null);
  #note = $state<string | null>(null);
  #dials = $state.raw<SyntheticDials>(defaultDials);
  /** Film side and split from the page's address; dials are kept apart. */
  #drawing = $state.raw<Drawing>({ dials: defaultDials });
  /** Number of listings and surveys started. Only the answer of the last one is used. */
  #asked = 0;
  #walk: AbortController | null = null;

  name = $state('My cohort');
  side = $state(224);
  fit = $state<SquareFit>('crop');
  seed = $state(1);
  trainShare = $state(defaultFractions.train);
  validationShare = $state(defaultFractions.validation);

  constructor(importer: ImporterApi, cohorts: Cohorts, status: Status) {
    this.#importer = importer;
    this.#cohorts = cohorts;
    this.#status = status;
  }

  get survey(): Survey | null {
    return this.#survey;
  }

  /** The survey's mapping with the person's corrections, including those that are still being surveyed or cannot be read. */
  get mapping(): CohortMapping | null {
    return this.#wished ?? this.#survey?.mapping ?? null;
  }

  /** Questions of the folder, open and answered. */
  get questions(): readonly AskedQuestion[] {
    return this.#questions;
  }

  /** How far listing the folder, or surveying it, has come; null when neither is running. */
  get looking(): Progress | null {
    return this.#looking;
  }

  /** Why the folder cannot be read as it is mapped now. */
  get problem(): string | null {
    return this.#problem;
  }

  /** What became of a survey that was stopped. */
  get note(): string | null {
    return this.#note;
  }

  get fileCount(): number {
    return this.#files.length;
  }

  /** Films of the folder that a table could name. */
  get filmCount(): number {
    return this.#films.length;
  }

  get dials(): SyntheticDials {
    return this.#dials;
  }

  /** What is left for the test side, in [0, 1]. */
  get testShare(): number {
    return Math.round((1 - this.trainShare - this.validationShare) * 1000) / 1000;
  }

  /** Why the shares of the split cannot be used; null when they can. */
  get shareProblem(): string | null {
    const { trainShare, validationShare, testShare } = this;
    return [trainShare, validationShare, testShare].every((share) => share > 0 && share < 1)
      ? null
      : 'Each side of the split needs a share above 0; training and validation must leave something for the test side.';
  }

  /** Why the folder cannot be imported as it is understood now; null when it can. */
  get blocked(): string | null {
    const survey = this.#survey;
    if (!survey) return 'No folder has been surveyed yet.';
    if (this.#problem !== null)
      return 'The folder cannot be read as it is mapped now: see the problem at the top.';
    const waiting = waitingSentence(this.#questions);
    if (waiting !== null) return waiting;
    if (survey.usableRows === 0)
      return 'No row can be used yet: correct the columns above, or see the problems.';
    if (survey.labels.length === 0) return 'No label is chosen: choose at least one column as a label.';
    return splitDraw(survey) === 'nothing' ? null : this.shareProblem;
  }

  get #options(): ImportOptions {
    return {
      name: this.name.trim() || 'My cohort',
      side: this.side,
      fit: this.fit,
      seed: this.seed,
      fractions: { train: this.trainShare, validation: this.validationShare, test: this.testShare },
    };
  }

  /** Lists a folder's files and surveys them. @param list is called at once; its answer is null when the person chose no folder. */
  async take(list: (walk: FolderWalk) => Promise<readonly FolderFile[] | null>): Promise<void> {
    if (this.#looking) this.stop();
    const asked = ++this.#asked;
    const walk = (this.#walk = new AbortController());
    const onCount = (found: number): void =>
      this.#show(asked, { phase: 'Listing files', done: found, total: 0, remainingMs: null });
    try {
      const files = await list({ onCount, signal: walk.signal });
      if (asked !== this.#asked) return;
      this.#looking = null;
      if (files) await this.open(files);
    } catch (error) {
      if (asked !== this.#asked) return;
      this.#looking = null;
      this.#say('The folder could not be listed.');
      this.#status.warn(error);
    }
  }

  /** Surveys a folder. */
  async open(files: readonly FolderFile[]): Promise<void> {
    this.close();
    this.#files = files;
    if (files.length === 0) {
      this.#problem = 'The folder holds no files. Choose the folder with the films and the labels table.';
      return;
    }
    await this.#runSurvey(null);
  }

  /** Surveys again with all corrections of the person, those of surveys that have not answered yet too. */
  async correct(change: Partial<CohortMapping>): Promise<void> {
    const { mapping } = this;
    if (mapping) await this.#runSurvey({ ...mapping, ...change });
  }

  /** Stops listing or surveying. What was understood before a correction is kept. */
  stop(): void {
    if (!this.#looking) return;
    this.#halt();
    this.#wished = null;
    if (!this.#survey) this.#files = [];
    this.#note = this.#survey
      ? 'Stopped; the folder is shown as it was understood before.'
      : 'Stopped; choose the folder again to survey it.';
    this.#say(this.#note);
  }

  /** Forgets the folder. */
  close(): void {
    this.#halt();
    this.#files = [];
    this.#survey = null;
    this.#questions = [];
    this.#wished = null;
    this.#problem = null;
    this.#note = null;
  }

  /** Gives the person a labels table to fill in, one row per film. */
  saveTemplate(): void {
    saveFile('labels-to-fill-in.csv', 'text/csv', tableTemplate(this.#films));
  }

  /** Stops what is running and ignores its answer. */
  #halt(): void {
    this.#asked++;
    this.#walk?.abort();
    this.#walk = null;
    if (this.#looking) void this.#importer.cancel().catch((error: unknown) => this.#status.warn(error));
    this.#looking = null;
  }

  async #runSurvey(mapping: CohortMapping | null): Promise<void> {
    this.#halt();
    const asked = this.#asked;
    this.#wished = mapping;
    this.#problem = null;
    this.#note = null;
    this.#looking = { phase: 'Looking at the folder', done: 0, total: 0, remainingMs: null };
    this.#say(`Looking at ${counted(this.#files.length, 'file')} …`);
    try {
      const survey = await this.#importer.survey(this.#files, mapping, (progress) =>
        this.#show(asked, progress),
      );
      if (asked === this.#asked) this.#keep(survey);
    } catch (error) {
      if (asked !== this.#asked) return;
      if (errorName(error) === 'StoppedError') return this.stop();
      this.#looking = null;
      this.#problem = errorSentence(error);
      this.#say('The folder cannot be read as it is.');
    }
  }

  #keep(survey: Survey): void {
    const sameTable = this.#survey?.mapping.tablePath === survey.mapping.tablePath;
    this.#questions = keepQuestions(survey, sameTable ? this.#questions : []);
    this.#survey = survey;
    this.#wished = null;
    this.#looking = null;
    const { usableRows, tableRows } = survey;
    this.#say(
      usableRows === tableRows
        ? `${counted(tableRows, 'row')} can be used.`
        : `${formatCount(usableRows)} of ${counted(tableRows, 'row')} can be used.`,
    );
  }

  /** Shows the progress of the last listing or survey; that of earlier ones is ignored. */
  #show(asked: number, progress: Progress): void {
    if (asked !== this.#asked) return;
    this.#looking = progress;
    if (!this.#status.busy) this.#status.report(progress);
  }

  /** Shows a status line and removes the progress bar, except while a study runs: then both belong to the study. */
  #say(line: string): void {
    if (!this.#status.busy) this.#status.enter(this.#status.phase, line);
  }

  /** Imports the folder that was surveyed. @returns null when it was cancelled or failed; the status says why. */
  import(): Promise<Cohort | null> {
    const survey = this.#survey;
    if (!survey) throw new InputError('No folder has been surveyed yet.');
    return this.#run((report) => this.#importer.importFolder(survey.mapping, this.#options, report));
  }

  /** Draws a synthetic cohort, or takes the one that is stored already with these dials, film side and split. */
  async draw(drawing: Drawing = { ...this.#drawing, dials: this.#dials }): Promise<Cohort | null> {
    const { dials, side = syntheticSide, fractions = defaultFractions } = drawing;
    const known = this.#cohorts.list.find(
      (cohort) =>
        cohort.source.kind === 'synthetic' &&
        cohort.side === side &&
        sameNumbers(cohort.source.dials, { ...dials }) &&
        cohort.splitOrigin.kind === 'seeded' &&
        sameNumbers(cohort.splitOrigin.fractions, fractions),
    );
    if (known) {
      await this.#cohorts.choose(known.id);
      this.#status.enter('imported', `Cohort "${known.name}" is here already.`);
      return known;
    }
    const options: ImportOptions = {
      name: `Synthetic, ${countPhrase(dials.patients, 'patient')}, seed ${dials.seed}`,
      side,
      fit: 'crop',
      seed: dials.seed,
      fractions,
    };
    return this.#run((report) => this.#importer.importSynthetic({ ...dials }, options, report));
  }

  /** Sets dials, film side and split from an address, and reports values that cannot be used. */
  ask(query: Readonly<Record<string, string>>): void {
    try {
      const drawing = drawingOf(query);
      if (!drawing) return;
      this.#drawing = drawing;
      this.#dials = drawing.dials;
      this.#problem = null;
    } catch (error) {
      this.#problem = errorSentence(error);
    }
  }

  turn(dial: keyof SyntheticDials, value: number): void {
    this.#dials = { ...this.#dials, [dial]: value };
  }

  /** Takes all dials at once, from a preset. */
  set(dials: SyntheticDials): void {
    this.#drawing = { dials };
    this.#dials = dials;
  }

  async cancel(): Promise<void> {
    await this.#importer.cancel();
  }

  async #run(work: (report: (progress: Progress) => void) => Promise<Cohort>): Promise<Cohort | null> {
    this.#status.enter('importing', 'Importing …');
    try {
      // Persistent storage is requested once there is something to keep. The answer is not awaited, because a browser may ask the person,
      // and the import must stay cancellable meanwhile.
      void askToPersist().catch(() => false);
      const cohort = await work((progress) => {
        if (this.#status.phase === 'importing') this.#status.report(progress);
      });
      await this.#cohorts.adopt(cohort);
      this.close();
      this.#status.enter(
        'imported',
        `Cohort "${cohort.name}": ${counted(cohort.rowCount, 'film')} of ${counted(cohort.patientCount, 'patient')}.`,
      );
      return cohort;
    } catch (error) {
      if (errorName(error) === 'StoppedError')
        this.#status.enter('idle', 'Import cancelled; nothing was kept.');
      else this.#status.fail(error);
      return null;
    }
  }
}

function sameNumbers(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean {
  const names = Object.keys({ ...a, ...b });
  return names.every((name) => a[name] === b[name]);
}
