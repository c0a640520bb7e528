/**
 * Drives the lab through the controls that a person uses, so the command line needs no second implementation.
 */
import { downloadControl, studyFileNames } from '../exports/registry.ts';
import { join } from 'node:path';
import type { Page } from 'playwright';
import type { PatientSpellings, SurveyQuestion } from '../cohort/importers/importer.ts';
import { InputError } from '../errors.ts';
import { checkSplitValues, openQuestionSentence, type SplitAnswer } from './import-answers.ts';

/** Which study to run, as the page's address and its file control take it. */
export interface StudyChoice {
  readonly preset: string;
  /** A configuration file instead of a preset. */
  readonly file?: string;
  /** Labels by name; empty = the study's own. */
  readonly labels: readonly string[];
  readonly smoke: boolean;
}

/** Settings of an import that a person may change; what is absent stays as the page has it. */
export interface ImportChoice {
  readonly seed?: number;
  readonly side?: number;
  /** What the values of the split column mean. */
  readonly splitValues?: SplitAnswer;
  /** What patients are whose names differ as spreadsheets change them. */
  readonly patientSpellings?: PatientSpellings;
}

/** How a study ended. */
export type EndPhase = 'finished' | 'failed' | 'stopped';

const pollMs = 250;
const objectionStandsMs = 3000;
const findingsPatienceMs = 3_600_000;

/** Where the page says why something cannot be done. */
const objections = '[role="alert"], #study-problems li, .plan .problems li, #import-blocked';

/** One page of the lab, with verbs for what a person does there. */
export class LabDriver {
  readonly #page: Page;
  readonly #origin: string;
  readonly #pageErrors: string[] = [];

  constructor(page: Page, origin: string) {
    this.#page = page;
    this.#origin = origin;
    page.on('pageerror', (error) => this.#pageErrors.push(error.message));
    page.on('crash', () => this.#pageErrors.push('The page crashed.'));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#pageErrors.push(message.text());
    });
  }

  /** Errors that the page threw or logged, oldest first. */
  get pageErrors(): readonly string[] {
    return this.#pageErrors;
  }

  /** Opens one of the lab's pages, e.g. 'cohort' or 'study?preset=demo', without reloading when the lab is open already. */
  async open(address: string): Promise<void> {
    await this.#page.goto(`${this.#origin}/#/${address}`);
  }

  /** Imports a folder. @returns what was left out or doubted, as sentences. @throws InputError when it cannot be imported. */
  async importFolder(
    folder: string,
    choice: ImportChoice,
    onLine: (line: string) => void,
  ): Promise<readonly string[]> {
    await this.open('cohort');
    await this.#page.locator('#folder-input').setInputFiles(folder);
    await this.#untilLooked(onLine);
    await this.#answerSplit(choice.splitValues, onLine);
    await this.#answerSpellings(choice.patientSpellings, onLine);
    await this.#refuseOpenQuestion();
    await this.#untilEnabled('#import', 'The folder cannot be imported.');
    await this.#setSide(choice.side);
    await this.#setSeed(choice.seed);
    await this.#page.locator('#import').click();
    await this.#untilImported(onLine);
    return this.#problems();
  }

  /**
   * Draws and stores a synthetic cohort.
   * @param words of the cohort page's address: dials, patients, seed, side, split; empty = the page's own cohort.
   * @throws InputError when that fails.
   */
  async drawSyntheticCohort(
    words: Readonly<Record<string, string>>,
    onLine: (line: string) => void,
  ): Promise<void> {
    const query = new URLSearchParams({ ...words }).toString();
    await this.open(query ? `cohort?${query}` : 'cohort');
    // The control may be inside a folded part of the page, so it is clicked by script and not by its place on the screen.
    await this.#page.locator('#draw-synthetic').dispatchEvent('click');
    await this.#untilImported(onLine);
  }

  /** Chooses and starts a study. @throws InputError with the page's sentences when it does not fit the cohort. */
  async startStudy(choice: StudyChoice): Promise<void> {
    const query = new URLSearchParams({
      ...(choice.file === undefined ? { preset: choice.preset } : {}),
      ...(choice.labels.length > 0 ? { labels: choice.labels.join(',') } : {}),
      ...(choice.smoke ? { smoke: '1' } : {}),
    });
    await this.open(`study?${query.toString()}`);
    if (choice.file !== undefined) await this.#page.locator('#study-file').setInputFiles(choice.file);
    await this.#untilEnabled('#start-study', 'The study cannot be started.');
    await this.#page.locator('#start-study').click();
    await this.#untilStarted();
  }

  /** Takes up the study that this browser holds, unless it is finished. @returns its runs. @throws InputError when it cannot go on. */
  async resumeStudy(): Promise<{ done: number; all: number }> {
    await this.open('runs');
    // Nothing counts as finished before the page has loaded the stored records.
    const progress = this.#page.locator('[aria-busy="false"] > progress[aria-label="Jobs done"]');
    await progress.waitFor({ timeout: 120_000 });
    const [done, all] = await progress.evaluate((bar: HTMLProgressElement) => [bar.value, bar.max] as const);
    if (done < all) {
      await this.#untilEnabled('#resume', 'The study cannot go on.');
      await this.#page.locator('#resume').click();
      await this.#untilStarted();
    }
    return { done, all };
  }

  /** Waits for the study's end. @param onLine gets the status line whenever it changes. */
  async untilStudyEnds(onLine: (line: string) => void): Promise<{ phase: EndPhase; line: string }> {
    const phase = await this.#untilPhase(['finished', 'failed', 'stopped'], onLine);
    return { phase, line: await this.statusLine() };
  }

  /** Saves every file of the study. @returns their paths. */
  async download(folder: string): Promise<readonly string[]> {
    await this.open('findings');
    const paths: string[] = [];
    for (const name of studyFileNames) {
      const control = downloadControl(name);
      // The buttons appear when the findings are computed; thousands of resamples take a while.
      await this.#untilEnabled(`#${control}`, 'The findings could not be computed.', findingsPatienceMs);
      const [download] = await Promise.all([
        this.#page.waitForEvent('download', { timeout: 600_000 }),
        this.#page.locator(`#${control}`).click(),
      ]);
      const path = join(folder, name);
      await download.saveAs(path);
      paths.push(path);
    }
    return paths;
  }

  /** The status line as it stands. */
  async statusLine(): Promise<string> {
    return (await this.#page.locator('#status-line').textContent())?.trim() ?? '';
  }

  /** The lab's phase as it stands on the body. */
  phase(): Promise<string> {
    return this.#page.evaluate(() => document.body.dataset['phase'] ?? '');
  }

  /** Until it runs, and so is stored, or has ended already. */
  async #untilStarted(): Promise<void> {
    await this.#page.waitForFunction(
      () => ['running', 'finished', 'failed', 'stopped'].includes(document.body.dataset['phase'] ?? ''),
      undefined,
      { timeout: 600_000 },
    );
  }

  /**
   * Waits until the page has surveyed the folder, however long that takes.
   * @throws InputError with the page's sentence when it cannot be read.
   */
  async #untilLooked(onLine: (line: string) => void): Promise<void> {
    let lastLine = '';
    // The survey begins with the event that a control fires, so that it is under way when the control has been used.
    while ((await this.#page.locator('#survey-progress').count()) > 0) {
      const line = await this.statusLine();
      if (line !== lastLine) onLine((lastLine = line));
      await this.#page.waitForTimeout(pollMs);
    }
    const what = 'The folder cannot be imported.';
    await this.#untilHolds(
      async () => (await this.#page.locator('#survey, #folder-problem').count()) > 0,
      what,
    );
    const problem = await this.#sentences('#folder-problem p');
    if (problem.length > 0) throw new InputError(`${what} ${problem.join(' ')}`);
  }

  async #answerSplit(answer: SplitAnswer | undefined, onLine: (line: string) => void): Promise<void> {
    if (answer === undefined) return;
    if (answer === 'drawn') {
      await this.#page.locator('#map-splitColumn').selectOption('');
      return this.#untilLooked(onLine);
    }
    const there = await this.#splitValues('all');
    // Each choice takes the place of the survey that the one before it began. Without a question the controls are folded up.
    for (const [value, meaning] of checkSplitValues(answer, there))
      await this.#page
        .locator('[data-split-value]')
        .nth(there.indexOf(value))
        .selectOption(meaning, { force: true });
    await this.#untilLooked(onLine);
  }

  async #answerSpellings(
    answer: PatientSpellings | undefined,
    onLine: (line: string) => void,
  ): Promise<void> {
    const choice = this.#page.locator(`#patients-${answer}`);
    // Where all patients are spelled in one way there is nothing to answer.
    if (answer === undefined || (await choice.count()) === 0) return;
    await choice.check();
    await this.#untilLooked(onLine);
  }

  /** @throws InputError with the first question that is open, and the option that answers it. */
  async #refuseOpenQuestion(): Promise<void> {
    const question = this.#page.locator('[data-question][data-open="true"]').first();
    if ((await question.count()) === 0) return;
    const kind = (await question.getAttribute('data-question')) as SurveyQuestion['kind'];
    const sentence = (await question.locator('[data-sentence]').innerText()).trim();
    const values = kind === 'splitValues' ? await this.#splitValues('open') : [];
    throw new InputError(openQuestionSentence(kind, sentence, values));
  }

  /** Values of the split column, all or those without a meaning. */
  #splitValues(which: 'all' | 'open'): Promise<string[]> {
    return this.#page
      .locator('[data-split-value]')
      .evaluateAll(
        (controls: HTMLSelectElement[], wanted) =>
          controls
            .filter(({ value }) => wanted === 'all' || value === '')
            .map(({ dataset }) => dataset['splitValue']!),
        which,
      );
  }

  /** What the import left out or doubted, all of it. */
  async #problems(): Promise<string[]> {
    const all = this.#page.locator('#cohort-problems-all');
    if ((await all.count()) > 0) await all.click();
    return this.#sentences('#cohort-problems tbody tr');
  }

  async #untilImported(onLine: (line: string) => void): Promise<void> {
    const phase = await this.#untilPhase(['imported', 'failed'], onLine);
    if (phase === 'failed') throw new InputError(`The import failed: ${await this.statusLine()}`);
  }

  async #untilPhase<T extends string>(wanted: readonly T[], onLine: (line: string) => void): Promise<T> {
    let lastLine = '';
    for (;;) {
      const phase = await this.phase();
      const line = await this.statusLine();
      if (line !== lastLine) onLine((lastLine = line));
      const reached = wanted.find((candidate) => candidate === phase);
      if (reached !== undefined) return reached;
      await this.#page.waitForTimeout(pollMs);
    }
  }

  #untilEnabled(selector: string, what: string, patienceMs?: number): Promise<void> {
    const control = this.#page.locator(selector);
    return this.#untilHolds(
      async () => (await control.count()) === 1 && (await control.isEnabled()),
      what,
      patienceMs,
    );
  }

  /**
   * Waits until something holds. A problem that the page shows is thrown as an error after it has been shown for a while, because some
   * messages disappear once the page has read its database.
   */
  async #untilHolds(holds: () => Promise<boolean>, what: string, patienceMs = 120_000): Promise<void> {
    const startMs = performance.now();
    let objection = '';
    let sinceMs = startMs;
    for (;;) {
      if (await holds()) return;
      const nowMs = performance.now();
      const sentence = (await this.#sentences(objections)).join(' ');
      if (sentence !== objection) {
        objection = sentence;
        sinceMs = nowMs;
      }
      if (objection && nowMs - sinceMs > objectionStandsMs) throw new InputError(`${what} ${objection}`);
      if (nowMs - startMs > patienceMs) throw new InputError(`${what} The page did not say why.`);
      await this.#page.waitForTimeout(pollMs);
    }
  }

  async #setSide(side: number | undefined): Promise<void> {
    if (side === undefined) return;
    const sides = await this.#page.locator('#import-side option').allInnerTexts();
    if (!sides.map((text) => text.trim()).includes(String(side))) {
      throw new InputError(`--side must be one of ${sides.join(', ')}, got ${side}.`);
    }
    await this.#page.locator('#import-side').selectOption({ label: String(side) });
  }

  async #setSeed(seed: number | undefined): Promise<void> {
    if (seed === undefined) return;
    const field = this.#page.locator('#import-seed');
    if ((await field.count()) === 0) {
      throw new InputError(
        '--seed splits patients, but this folder brings its own split for every patient; leave --seed out.',
      );
    }
    await field.fill(String(seed));
  }

  async #sentences(selector: string): Promise<string[]> {
    const texts = await this.#page.locator(selector).allInnerTexts();
    return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim()).filter(Boolean);
  }
}
