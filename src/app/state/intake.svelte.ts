/**
 * A cohort on its way in: files chosen, what was understood of them, the person's corrections, the import itself.
 */
import type { ImporterApi, ImportOptions, Progress } from '../../../workers/contract.ts';
import type { Cohort, SplitFractions, SquareFit } from '../../cohort/cohort.ts';
import type { CohortMapping, FolderFile, Survey } from '../../cohort/importers/importer.ts';
import { defaultDials, type SyntheticDials } from '../../cohort/synthetic/dials.ts';
import { askToPersist } from '../../storage/persistence.ts';
import { errorName, errorSentence, InputError } from '../../errors.ts';
import { drawingOf, type Drawing } from '../../study/drawing.ts';
import { formatCount } from '../format.ts';
import type { Cohorts } from './cohorts.svelte.ts';
import type { Status } from './status.svelte.ts';

/** Side of the synthetic cohort's films in px: enough for the eye, quick to draw. */
export const syntheticSide = 128;

const defaultFractions: SplitFractions = { train: 0.6, validation: 0.2, test: 0.2 };

/** Surveys and imports. */
export class Intake {
  readonly #importer: ImporterApi;
  readonly #cohorts: Cohorts;
  readonly #status: Status;
  #files = $state.raw<readonly FolderFile[]>([]);
  #survey = $state.raw<Survey | null>(null);
  #surveying = $state(false);
  #problem = $state<string | null>(null);
  #dials = $state.raw<SyntheticDials>(defaultDials);
  /** What the address asks for beside dials: film side and split. */
  #drawing = $state.raw<Drawing>({ dials: defaultDials });
  /** Surveys asked for; an answer that is not the last one's is dropped. */
  #asked = 0;

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

  get surveying(): boolean {
    return this.#surveying;
  }

  /** Why the folder cannot be read as it is mapped now. */
  get problem(): string | null {
    return this.#problem;
  }

  get fileCount(): number {
    return this.#files.length;
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

  get #options(): ImportOptions {
    return {
      name: this.name.trim() || 'My cohort',
      side: this.side,
      fit: this.fit,
      seed: this.seed,
      fractions: { train: this.trainShare, validation: this.validationShare, test: this.testShare },
    };
  }

  /** Looks at a folder. */
  async open(files: readonly FolderFile[]): Promise<void> {
    this.#files = files;
    this.#survey = null;
    if (files.length === 0) {
      this.#problem = 'The folder holds no files. Choose the folder with the films and the labels table.';
      return;
    }
    await this.#look(null);
  }

  /** Looks again with the person's corrections. */
  async correct(change: Partial<CohortMapping>): Promise<void> {
    if (this.#survey) await this.#look({ ...this.#survey.mapping, ...change });
  }

  /** Forgets the folder. */
  close(): void {
    this.#asked++;
    this.#files = [];
    this.#survey = null;
    this.#problem = null;
    this.#surveying = false;
  }

  async #look(mapping: CohortMapping | null): Promise<void> {
    const asked = ++this.#asked;
    this.#surveying = true;
    this.#problem = null;
    this.#status.say(`Looking at ${formatCount(this.#files.length)} files …`);
    try {
      const survey = await this.#importer.survey(this.#files, mapping);
      if (asked !== this.#asked) return;
      this.#survey = survey;
      this.#status.say(
        `${formatCount(survey.usableRows)} of ${formatCount(survey.tableRows)} rows can be used.`,
      );
    } catch (error) {
      if (asked === this.#asked) this.#problem = errorSentence(error);
    } finally {
      if (asked === this.#asked) this.#surveying = false;
    }
  }

  /** Imports the folder that was surveyed. @returns null when it was cancelled or failed; the status says why. */
  import(): Promise<Cohort | null> {
    const survey = this.#survey;
    if (!survey) throw new InputError('No folder has been looked at yet.');
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
      name: `Synthetic, ${dials.patients} patients, seed ${dials.seed}`,
      side,
      fit: 'crop',
      seed: dials.seed,
      fractions,
    };
    return this.#run((report) => this.#importer.importSynthetic({ ...dials }, options, report));
  }

  /** Sets the dials, the film side and the split as an address asks; what cannot be used is said. */
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
      // Asked for when there is something to keep; a no changes nothing here, and the privacy page tells it.
      await askToPersist();
      const cohort = await work((progress) => {
        if (this.#status.phase === 'importing') this.#status.report(progress);
      });
      await this.#cohorts.adopt(cohort);
      this.close();
      this.#status.enter(
        'imported',
        `Cohort "${cohort.name}": ${formatCount(cohort.rowCount)} films of ${formatCount(cohort.patientCount)} patients.`,
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
