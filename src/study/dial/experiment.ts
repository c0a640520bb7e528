/**
 * The tiny study behind the dial: draws patients, trains every arm on several draws of n labelled ones, and judges them on test patients.
 *
 * Everything is computed, at a small scale: films of 16 px, linear probes, a teacher that reads the report, a student of the teacher's soft
 * output, its self-distilled control, and a linear alignment with its control on shuffled pairs. Arms share patients, draws and the number
 * of candidates tried on validation patients.
 */
import { InputError } from '../../errors.ts';
import { Random } from '../../random/random.ts';
import { projectOnReports } from './alignment.ts';
import { measureDial } from './gains.ts';
import { drawDialFilms, drawDialReports, type DialFilms } from './patients.ts';
import { bestProbe, labelCandidates, studentCandidates, type ProbeRows } from './probe.ts';
import { dialArms, type DialArm, type DialResult } from './result.ts';
import { checkDialSettings, type DialSettings, type DialSizes } from './settings.ts';

/** How far the study is, in steps of about equal time. */
export interface DialProgress {
  readonly done: number;
  readonly total: number;
}

/** Films drawn at the cost of one step. */
const filmsPerStep = 50;

/** What does not depend on the report: kept from one position of the dial to the next. */
interface FilmWork {
  readonly key: string;
  readonly films: DialFilms;
  readonly baseline: (readonly number[])[];
  readonly selfDistilled: (readonly number[])[];
}

/** Runs positions of the dial one after the other; what they share is computed once. */
export class DialExperiment {
  readonly #sizes: DialSizes;
  #work: FilmWork | undefined;

  constructor(sizes: DialSizes) {
    this.#sizes = sizes;
  }

  /**
   * Runs one position. Equal settings and sizes give equal results, whatever was run before.
   * @throws InputError when a setting is out of range.
   */
  *run(settings: DialSettings): Generator<DialProgress, DialResult> {
    const { trainingPatients, validationPatients, testPatients, draws, bootstrapSamples } = this.#sizes;
    if (checkDialSettings(settings).trainingSize > trainingPatients)
      throw new InputError(
        `The dial: n must be at most ${trainingPatients}, the training patients drawn, got ${settings.trainingSize}.`,
      );
    const films = yield* this.#films(settings);
    const reports = drawDialReports(settings, this.#sizes);
    const pairs = range(0, trainingPatients);
    const validation = range(trainingPatients, trainingPatients + validationPatients);
    const test = range(validation.length + pairs.length, films.rows.length);
    const random = new Random(settings.seed).fork('dial');
    const aligned = this.#align(films, reports.rows, pairs);
    const shuffled = this.#align(films, reports.rows, random.fork('shuffled pairs').shuffled(pairs));
    const logits = Object.fromEntries(dialArms.map((arm) => [arm, []])) as unknown as Record<
      DialArm,
      number[][]
    >;
    for (let draw = 0; draw < draws; draw++) {
      const training = random.fork(`draw ${draw}`).shuffled(pairs).slice(0, settings.trainingSize);
      const side = { training, validation };
      const outputs = this.#train(draw, side, { films, reports: reports.rows, aligned, shuffled });
      for (const arm of dialArms) logits[arm].push(test.map((row) => outputs[arm][row]!));
      yield { done: filmSteps(films.rows.length) + draw + 1, total: filmSteps(films.rows.length) + draws };
    }
    const labels = test.map((row) => films.labels[row]!);
    return {
      settings,
      ...measureDial(labels, logits, bootstrapSamples, random.fork('bootstrap')),
      trainingPairs: trainingPatients,
      validationPatients,
      testPatients,
      testPositives: labels.filter((label) => label === 1).length,
      exampleReport: reports.example,
    };
  }

  *#films(settings: DialSettings): Generator<DialProgress, DialFilms> {
    const { trainingSize, visibility, seed } = settings;
    const key = [trainingSize, visibility, seed].join();
    if (this.#work?.key === key) return this.#work.films;
    const { trainingPatients, validationPatients, testPatients, draws } = this.#sizes;
    const total = filmSteps(trainingPatients + validationPatients + testPatients) + draws;
    const drawing = drawDialFilms(settings, this.#sizes);
    for (;;) {
      const next = drawing.next();
      if (next.done) {
        this.#work = { key, films: next.value, baseline: [], selfDistilled: [] };
        return next.value;
      }
      if (next.value % filmsPerStep === 0) yield { done: next.value / filmsPerStep, total };
    }
  }

  /** @param order the report that each training patient's film is paired with: its own, or another's. */
  #align(films: DialFilms, reports: readonly Float64Array[], order: readonly number[]): Float64Array[] {
    return projectOnReports(
      films.rows.slice(0, order.length),
      order.map((patient) => reports[patient]!),
      films.rows,
    );
  }

  /** The logits of all patients by every arm, for one draw of labelled patients. */
  #train(draw: number, side: Side, data: DrawData): Record<DialArm, readonly number[]> {
    const { labels } = data.films;
    const taught = side.training.map((patient) => labels[patient]!);
    const probe = (rows: readonly Float64Array[]): number[] =>
      bestProbe({ rows, ...side }, labels, labelCandidates(taught));
    const student = (teacher: readonly number[]): number[] => {
      const soft = side.training.map((patient) => teacher[patient]!);
      return bestProbe({ rows: data.films.rows, ...side }, labels, studentCandidates(taught, soft));
    };
    const work = this.#work!;
    const imageOnly = (work.baseline[draw] ??= probe(data.films.rows));
    const selfDistilled = (work.selfDistilled[draw] ??= student(imageOnly));
    const textOnly = probe(data.reports);
    return {
      imageOnly,
      selfDistilled,
      textOnly,
      studentOfReport: student(textOnly),
      aligned: probe(data.aligned),
      alignedShuffled: probe(data.shuffled),
    };
  }
}

type Side = Omit<ProbeRows, 'rows'>;

interface DrawData {
  readonly films: DialFilms;
  readonly reports: readonly Float64Array[];
  readonly aligned: readonly Float64Array[];
  readonly shuffled: readonly Float64Array[];
}

function filmSteps(films: number): number {
  return Math.ceil(films / filmsPerStep);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
