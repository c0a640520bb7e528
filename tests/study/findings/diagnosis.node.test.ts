/** Diagnoses of simulated studies whose truth is known, and their parts against numbers worked by hand. */
import { describe, expect, it } from 'vitest';
import type { CohortRow } from '../../../src/cohort/cohort.ts';
import { wilsonInterval } from '../../../src/evaluation/proportion-interval.ts';
import { meanWords } from '../../../src/study/findings/diagnosis.ts';
import type { RunResult } from '../../../src/study/job.ts';
import { knowledgeOf } from '../../../src/study/findings/report-knowledge.ts';
import { statedShareOf } from '../../../src/study/findings/stated-share.ts';
import { summarize, type StudyResults } from '../../../src/study/findings/summary.ts';
import { entropyInBits, taughtSignal } from '../../../src/study/findings/taught.ts';
import { simulateStudy } from '../simulated-study.ts';

const interval = (low: number, high: number) => ({ value: (low + high) / 2, low, high });
const overFilm = (low: number, high: number, rarerClassPatients = 50) => ({
  difference: interval(low, high),
  rarerClassPatients,
});

describe('knowledgeOf', () => {
  const undefinedEstimate = { value: null, low: null, high: null };
  it('is decided by intervals, not by values', () => {
    expect(knowledgeOf(interval(0.96, 0.99), overFilm(0.1, 0.2))).toBe('saysItOutright');
    expect(knowledgeOf(interval(0.94, 0.99), overFilm(0.1, 0.2))).toBe('knowsMore');
    expect(knowledgeOf(interval(0.7, 0.8), overFilm(-0.01, 0.2))).toBe('knowsSomething');
    expect(knowledgeOf(interval(0.7, 0.8), undefined)).toBe('knowsSomething');
    expect(knowledgeOf(interval(0.45, 0.55), undefined)).toBe('doesNotKnow');
    expect(knowledgeOf(interval(0.45, 0.85), overFilm(0.1, 0.2))).toBe('cannotTell');
    expect(knowledgeOf(undefinedEstimate, undefined)).toBe('cannotTell');
  });

  it('cannot be told from a handful of patients, whose resamples all order the films alike', () => {
    expect(knowledgeOf(interval(1, 1), overFilm(0.3, 0.9, 9))).toBe('cannotTell');
    expect(knowledgeOf(interval(1, 1), overFilm(0.3, 0.9, 10))).toBe('saysItOutright');
  });
});

describe('meanWords', () => {
  it('is the mean over seeds of words that every seed kept, most positive first', () => {
    const word = (name: string, weight: number, inPositives = 0.5, inNegatives = 0.1) => ({
      ...{ word: name, weight, inPositives, inNegatives },
    });
    const first = [word('clear', -4), word('effusion', 3, 0.8, 0.2), word('luck', 2)];
    const second = [word('effusion', 1, 0.6, 0.4), word('clear', -2), word('chance', 1)];
    const [effusion, clear, ...rest] = meanWords([first, second]);
    expect(effusion).toMatchObject({ word: 'effusion', weight: 2 });
    expect(effusion!.inPositives).toBeCloseTo(0.7, 12);
    expect(effusion!.inNegatives).toBeCloseTo(0.3, 12);
    expect(clear).toMatchObject({ word: 'clear', weight: -3 });
    expect(rest).toEqual([]);
    expect(meanWords([])).toEqual([]);
    expect(meanWords([first, []])).toEqual([]);
  });
});

const row = (index: number, label: 0 | 1 | null, report: string, split: CohortRow['split'] = 'train') => ({
  ...{ index, imageId: `${index}`, patientId: `${index}`, report, labels: [label], split, groups: {} },
});

describe('statedShareOf', () => {
  const yes = 'Large effusion.';
  const no = 'No effusion.';
  const rows = [
    ...[yes, yes, yes, no].map((report, i) => row(i, 1, report)),
    ...[yes, no, no, no, no].map((report, i) => row(4 + i, 0, report)),
    row(9, null, yes),
    row(10, 1, ''),
    row(11, 1, no, 'test'),
  ];

  it('counts training films of known label that have a report, with Wilson’s interval', () => {
    const { terms, positives, negatives } = statedShareOf('dx_effusion', rows, 0, 0.95)!;
    expect(terms).toContain('effusion');
    expect(positives).toEqual({ value: 0.75, ...wilsonInterval(3, 4, 0.95), films: 4 });
    expect(negatives).toEqual({ value: 0.2, ...wilsonInterval(1, 5, 0.95), films: 5 });
  });

  it('is null without terms or reports, and undefined for a class without films', () => {
    expect(statedShareOf('dx_normal', rows, 0, 0.95)).toBeNull();
    expect(statedShareOf('dx_effusion', [row(0, 1, ''), row(1, 0, ' ')], 0, 0.95)).toBeNull();
    const positivesOnly = statedShareOf('dx_effusion', rows.slice(0, 4), 0, 0.95)!;
    expect(positivesOnly.negatives).toEqual({ value: null, low: null, high: null, films: 0 });
  });
});

describe('taughtSignal', () => {
  const study = simulateStudy({ strengths: { teacher: 3, student: 2 }, seeds: [1, 2], candidates: 1 });
  const runs = (arm: string) =>
    (study.results as readonly RunResult[]).filter(({ id }) => id.startsWith(arm));
  const cohort = new Map([row(0, 1, ''), row(1, 0, ''), row(2, null, '')].map((one) => [one.index, one]));
  const teach = (logits: readonly number[], positiveWeight = 1) =>
    runs('teacher').map((run) => ({ ...run, positiveWeight, training: { rows: [0, 1, 2], logits } }));

  it('has the closed forms of two films, masked ones left out', () => {
    // sigmoid(ln 3) = 3/4; H(1/4) = 2 − (3/4) log₂ 3 bits.
    const certain = 2 - 0.75 * Math.log2(3);
    const signal = taughtSignal(teach([Math.log(3), -Math.log(3), 50]), runs('student'), cohort, 0)!;
    expect(signal.distanceToLabel).toBeCloseTo(0.25, 12);
    expect(signal.trainingAuroc).toBe(1);
    expect(signal.entropy).toBeCloseTo(certain, 12);
    expect(signal.temperature).toBe(2);
    // sigmoid(ln 3 / 2) = √3 / (1 + √3)
    const p = Math.sqrt(3) / (1 + Math.sqrt(3));
    expect(signal.entropyAtTemperature).toBeCloseTo(-p * Math.log2(p) - (1 - p) * Math.log2(1 - p), 12);
  });

  it('is on the scale of the loss: a weight of positives moves the logits by its logarithm', () => {
    const plain = taughtSignal(teach([Math.log(3), -Math.log(3), 0]), [], cohort, 0);
    const moved = taughtSignal(teach([0, -2 * Math.log(3), 0], 3), [], cohort, 0);
    expect(moved!.distanceToLabel).toBeCloseTo(plain!.distanceToLabel, 12);
    expect(moved).toMatchObject({ temperature: null, entropyAtTemperature: null });
  });

  it('repeats the label at far logits without a NaN, and is null where nothing was predicted', () => {
    const hard = taughtSignal(teach([800, -800, 0]), [], cohort, 0)!;
    expect(hard).toMatchObject({ distanceToLabel: 0, entropy: 0 });
    expect(entropyInBits(0)).toBeCloseTo(1, 12);
    expect(taughtSignal([], [], cohort, 0)).toBeNull();
    expect(taughtSignal(runs('teacher'), [], cohort, 0)).toBeNull();
  });
});

describe('diagnoses of a study', () => {
  const strengths = { imageOnly: 1, textOnly: 1.9, teacher: 2.2, student: 1.4, selfDistilled: 1 };
  const words = [
    { word: 'effusion', weight: 3, inPositives: 0.75, inNegatives: 0.25 },
    { word: 'clear', weight: -2, inPositives: 0.125, inNegatives: 0.5 },
  ];

  /** The simulated study with reports, words and training predictions. */
  function withReports(study: StudyResults): StudyResults {
    const rows = study.rows.map((one) => ({
      ...one,
      report: one.labels[0] === 1 ? 'Left effusion.' : 'No effusion.',
    }));
    const training = rows.filter(({ split }) => split === 'train');
    const results = (study.results as readonly RunResult[]).map((run) => ({
      ...run,
      training: {
        rows: training.map(({ index }) => index),
        logits: training.map(({ labels }) => (labels[0] === 1 ? 2 : -2)),
      },
      ...(run.job.method === 'textOnly' && { words }),
    }));
    return { ...study, rows, results };
  }

  const study = withReports(simulateStudy({ strengths, sizes: [50, 100] }));
  const findings = summarize(study);
  const [diagnosis] = findings.diagnoses;

  it('mean the largest size, and carry the numbers of its cells', () => {
    expect(findings.diagnoses).toHaveLength(1);
    const at = (arm: string) => findings.cells.find((one) => one.arm === arm && one.trainingSize === 100)!;
    expect(diagnosis!.condition).toEqual({
      ...{ label: 'effusion', tuning: 'linearProbe', pretraining: 'none' },
      ...{ imageEncoder: at('teacher').imageEncoder, trainingSize: 100 },
    });
    expect(diagnosis!.textOnly).toEqual(at('textOnly').metrics['auroc']);
    expect(diagnosis!.ceiling).toEqual(at('teacher').metrics['auroc']);
    const gap = at('teacher').metrics['auroc']!.value! - at('student').metrics['auroc']!.value!;
    expect(diagnosis!.gap!.value).toBeCloseTo(gap, 12);
    expect(diagnosis!.gap!.low).toBeGreaterThan(0);
    expect(diagnosis!.words).toEqual(words);
    expect(diagnosis!.stated!.positives).toMatchObject({ value: 1, films: 10 });
    expect(diagnosis!.stated!.negatives).toMatchObject({ value: 0, films: 10 });
    expect(diagnosis!.taught!.distanceToLabel).toBeCloseTo(1 / (1 + Math.exp(2)), 12);
  });

  it('say it in words that carry every number', () => {
    expect(diagnosis!.knowledge).toBe('knowsMore');
    expect(diagnosis!.sentence).toMatch(
      /^The report knows more than .*effusion, with 100 training patients.*text-only AUROC 0\.\d{3} \(95 % CI .*ceiling of the teacher 0\.\d{3} .*teacher less student \+0\.\d{3} /,
    );
    expect(diagnosis!.sentence).toMatch(/100 % of 10 positive films and 0 % of 10 negative films/);
    expect(diagnosis!.sentence).toMatch(/for it “effusion”; against it “clear”/);
  });

  it('agree with the answers on the same intervals', () => {
    for (const textOnly of [6, 1.9, 0]) {
      const of = summarize(simulateStudy({ strengths: { imageOnly: 1, textOnly } }));
      const answer = of.answers[0]!.sentences.find((one) => one.startsWith('From the report alone'))!;
      const words = { saysItOutright: /outright/, knowsMore: /knows more/, doesNotKnow: /not seem to know/ };
      const knowledge = of.diagnoses[0]!.knowledge;
      if (knowledge !== 'cannotTell') expect(answer).toMatch(words[knowledge as keyof typeof words]);
      else expect(answer).toMatch(/not shown/);
    }
  });

  it('say what was not run, read old results without words', () => {
    const [bare] = summarize(simulateStudy({ strengths: { imageOnly: 1 } })).diagnoses;
    expect(bare).toMatchObject({
      ...{
        knowledge: 'cannotTell',
        textOnly: null,
        ceiling: null,
        gap: null,
        taught: null,
        stated: null,
        words: [],
      },
    });
    expect(bare!.sentence).toContain('no text-only probe was run');
    expect(summarize(simulateStudy({ strengths })).diagnoses[0]!.words).toEqual([]);
    expect(summarize({ ...study, results: [] }).diagnoses).toEqual([]);
  });

  it('take the text-only probe of no pre-training where the teacher has one', () => {
    const pretrained = <T extends { readonly job: unknown }>(one: T): T =>
      (one.job as { method: string }).method === 'textOnly'
        ? one
        : { ...one, job: { ...(one.job as object), pretraining: 'clip' } };
    const moved = {
      ...study,
      plan: study.plan.map(pretrained),
      results: study.results.map(pretrained),
    };
    const [other] = summarize(moved).diagnoses;
    expect(other!.condition.pretraining).toBe('clip');
    expect(other!.textOnly).toEqual(diagnosis!.textOnly);
    expect(other!.words).toEqual(words);
  });
});
