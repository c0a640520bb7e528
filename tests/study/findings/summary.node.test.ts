/** From simulated runs with known truth to findings. */
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../../src/evaluation/distributions/normal.ts';
import { studentTwoSidedP } from '../../../src/evaluation/distributions/student-t.ts';
import { chooseThreshold } from '../../../src/evaluation/choose-threshold.ts';
import { auroc } from '../../../src/evaluation/metrics/auroc.ts';
import { sensitivity } from '../../../src/evaluation/metrics/sensitivity.ts';
import { holm } from '../../../src/evaluation/multiple-testing.ts';
import { answerLabel } from '../../../src/study/findings/answers.ts';
import type { Findings } from '../../../src/study/findings/findings.ts';
import type { Predictions, RunResult } from '../../../src/study/job.ts';
import { summarize, type StudyResults } from '../../../src/study/findings/summary.ts';
import { simulateStudy } from '../simulated-study.ts';

const allArms = {
  imageOnly: 1,
  textOnly: 3,
  teacher: 3.2,
  student: 1.9,
  studentOfReport: 1.5,
  selfDistilled: 1.3,
  permutedReports: 1.25,
} as const;

const study = simulateStudy({ strengths: allArms });
const findings = summarize(study);

const run = (id: string) => (study.results as readonly RunResult[]).find((result) => result.id === id)!;
const cell = (arm: string, of: Findings = findings) => of.cells.find((c) => c.arm === arm)!;
const comparison = (arm: string, comparedTo: string, of: Findings = findings) =>
  of.comparisons.find((c) => c.arm === arm && c.comparedTo === comparedTo)!;
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

function labelled({ rows, logits }: Predictions, from: StudyResults = study) {
  return { labels: rows.map((row) => from.rows[row]!.labels[0]!), probabilities: logits.map(sigmoid) };
}

describe('cells', () => {
  it('hold the mean over seeds of the chosen runs, inside its interval', () => {
    const areas = [1, 2, 3].map((seed) => {
      const { labels, probabilities } = labelled(run(`student-100-${seed}-0`).test);
      return auroc.compute(labels, probabilities)!;
    });
    const { value, low, high } = cell('student').metrics['auroc']!;
    expect(value).toBeCloseTo((areas[0]! + areas[1]! + areas[2]!) / 3, 12);
    expect(low).toBeLessThan(value!);
    expect(high).toBeGreaterThan(value!);
    expect(cell('student').seeds.map((seed) => seed.auroc)).toEqual(areas);
    const mean = value!;
    const variance = areas.reduce((sum, area) => sum + (area - mean) ** 2, 0) / 2;
    expect(cell('student').seedStandardDeviation).toBeCloseTo(Math.sqrt(variance), 12);
  });

  it('draw no conclusion from a handful of test patients', () => {
    const few = summarize(simulateStudy({ strengths: allArms, patients: 8 }));
    expect(new Set(few.verdicts.map(({ word }) => word))).toEqual(new Set(['cannotTell']));
    expect(few.comparisons.every(({ equivalenceP }) => equivalenceP === null)).toBe(true);
    expect(few.diagnoses.map(({ knowledge }) => knowledge)).toEqual(['cannotTell']);
    const told = few.answers[0]!.sentences.join(' ');
    // The ceiling, the gap and the shuffled control.
    expect(told.match(/with so few test patients nothing can be concluded/g)).toHaveLength(3);
    expect(told).not.toContain('there is something to teach');
  });

  it('count patients, films and positives of the test', () => {
    expect(cell('student')).toMatchObject({
      testPatients: 100,
      testFilms: 200,
      testPositives: 100,
      trainingPatients: 100,
      candidates: 2,
    });
    // Each has a film of either class.
    expect(comparison('student', 'baseline').rarerClassPatients).toBe(100);
  });

  it('take the threshold of each seed from its own validation patients', () => {
    const values = [1, 2, 3].map((seed) => {
      const chosen = run(`imageOnly-100-${seed}-0`);
      const validation = labelled(chosen.validation);
      const test = labelled(chosen.test);
      const threshold = chooseThreshold(validation.labels, validation.probabilities);
      return sensitivity.compute(test.labels, test.probabilities, undefined, threshold)!;
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / 3;
    expect(cell('imageOnly').metrics['sensitivity']!.value).toBeCloseTo(mean, 12);
  });

  it('draw a ROC curve whose operating point lies on it', () => {
    const { roc, operatingPoint } = cell('teacher');
    expect(roc[0]).toEqual({ falsePositiveRate: 0, sensitivity: 0 });
    expect(roc.at(-1)).toEqual({ falsePositiveRate: 1, sensitivity: 1 });
    const above = roc.filter((p) => p.falsePositiveRate <= operatingPoint!.falsePositiveRate + 1e-12);
    expect(Math.max(...above.map((p) => p.sensitivity))).toBeGreaterThanOrEqual(
      operatingPoint!.sensitivity - 1e-12,
    );
  });

  it('leave films without a known label out, and patients who have no other', () => {
    const masked = simulateStudy({
      strengths: { imageOnly: 1 },
      labelOf: (row) => (row < 10 ? null : row % 2 ? 1 : 0),
    });
    expect(cell('imageOnly', summarize(masked))).toMatchObject({ testFilms: 190, testPatients: 95 });
  });

  it('say null where a metric is not defined, and go on', () => {
    const one = summarize(
      simulateStudy({ strengths: { imageOnly: 1, student: 2, selfDistilled: 1 }, labelOf: () => 0 }),
    );
    const { metrics, roc, operatingPoint, seedStandardDeviation } = cell('imageOnly', one);
    expect(metrics['auroc']).toEqual({ value: null, low: null, high: null });
    expect(metrics['sensitivity']!.value).toBeNull();
    expect(metrics['brierScore']!.value).toBeGreaterThan(0);
    expect([roc, operatingPoint, seedStandardDeviation]).toEqual([[], null, null]);
    expect(comparison('student', 'baseline', one)).toMatchObject({
      p: null,
      adjustedP: null,
      delongP: null,
      rarerClassPatients: 0,
      equivalenceP: null,
    });
    expect(one.verdicts.map(({ word }) => word)).toEqual(['cannotTell']);
    expect(JSON.stringify(one)).not.toMatch(/NaN|undefined"/);
  });
});

describe('comparisons', () => {
  it('pair every arm with the baseline, and the distilling arms with the control', () => {
    const pairs = findings.comparisons.map((c) => `${c.arm} ${c.comparedTo}`).sort();
    expect(pairs).toEqual(
      [
        ...['textOnly', 'teacher', 'student', 'studentOfReport', 'selfDistilled', 'permutedReports'].map(
          (arm) => `${arm} baseline`,
        ),
        ...['student', 'studentOfReport', 'permutedReports'].map((arm) => `${arm} selfDistilled`),
      ].sort(),
    );
  });

  it('are differences of the cells, with p from the bootstrap and Holm over the arms', () => {
    for (const c of findings.comparisons) {
      const reference = cell(c.comparedTo === 'baseline' ? 'imageOnly' : 'selfDistilled');
      const expected = cell(c.arm).metrics['auroc']!.value! - reference.metrics['auroc']!.value!;
      expect(c.difference.value).toBeCloseTo(expected, 12);
    }
    const family = findings.comparisons.filter((c) => c.comparedTo === 'selfDistilled');
    expect(family.map((c) => c.adjustedP)).toEqual(holm(family.map((c) => c.p!)));
    const large = comparison('teacher', 'baseline');
    expect(large.difference.low).toBeGreaterThan(0);
    // 500 resamples, none at or below 0: 2 / 501, whose z is a t of 99 degrees of freedom, 100 patients being of the rarer class.
    expect(large.p).toBeCloseTo(studentTwoSidedP(normalQuantile(1 / 501) * Math.sqrt(99 / 100), 99), 12);
    expect(large.delongP).toBeLessThan(1e-4);
  });

  it('are narrower than the cells, because films are paired', () => {
    const width = ({ low, high }: { low: number | null; high: number | null }) => high! - low!;
    expect(width(comparison('selfDistilled', 'baseline').difference)).toBeLessThan(
      width(cell('imageOnly').metrics['auroc']!),
    );
  });

  it('find nothing between equal predictions: 0, no width, p = 1', () => {
    const twins = simulateStudy({ strengths: { imageOnly: 1, student: 1, selfDistilled: 1 } });
    const results = (twins.results as readonly RunResult[]).map((result) => {
      const twin = result.id.replace(/^(student|selfDistilled)/, 'imageOnly');
      const { test } = (twins.results as readonly RunResult[]).find(({ id }) => id === twin)!;
      return { ...result, test };
    });
    const equal = summarize({ ...twins, results });
    for (const c of equal.comparisons)
      expect(c).toMatchObject({ difference: { value: 0, low: 0, high: 0 }, p: 1, adjustedP: 1, delongP: 1 });
    expect(equal.verdicts.map(({ word }) => word)).toEqual(['noClearDifference']);
  });

  it('use only the seeds that both sides have', () => {
    const uneven = simulateStudy({ strengths: { imageOnly: 1, student: 2 } });
    const plan = uneven.plan.filter(({ id }) => !id.startsWith('student-100-3'));
    const results = uneven.results.filter(({ id }) => !id.startsWith('student-100-3'));
    const got = summarize({ ...uneven, plan, results });
    const seeds = cell('imageOnly', got).seeds.filter(({ seed }) => seed !== 3);
    const baseline = seeds.reduce((sum, { auroc }) => sum + auroc!, 0) / 2;
    const student = cell('student', got).metrics['auroc']!.value!;
    expect(comparison('student', 'baseline', got).difference.value).toBeCloseTo(student - baseline, 12);
  });
});

describe('findings', () => {
  it('are the same for the same results in any order, and other for another bootstrap seed only in intervals', () => {
    expect(summarize({ ...study, results: [...study.results].reverse() })).toEqual(findings);
    const statistics = { ...study.config.statistics, seed: 8 };
    const other = summarize({ ...study, config: { ...study.config, statistics } });
    expect(cell('student', other).metrics['auroc']!.value).toBe(cell('student').metrics['auroc']!.value);
    expect(cell('student', other).metrics['auroc']!.low).not.toBe(cell('student').metrics['auroc']!.low);
  });

  it('choose the same runs when test predictions are scrambled', () => {
    const results = (study.results as readonly RunResult[]).map((result) => ({
      ...result,
      test: { rows: result.test.rows, logits: [...result.test.logits].reverse() },
    }));
    const ids = (of: Findings) => of.cells.map(({ seeds }) => seeds.map(({ runId }) => runId));
    expect(ids(summarize({ ...study, results }))).toEqual(ids(findings));
  });

  it('show no condition that is not finished, and nothing that would need it', () => {
    const results = study.results.filter(({ id }) => id !== 'selfDistilled-100-2-1');
    const partial = summarize({ ...study, results });
    expect(partial.cells.map(({ arm }) => arm)).not.toContain('selfDistilled');
    expect(partial.comparisons.map(({ comparedTo }) => comparedTo)).not.toContain('selfDistilled');
    expect(partial.verdicts).toEqual([]);
    expect([partial.runsDone, partial.runsPlanned]).toEqual([41, 42]);
    const none = summarize({ ...study, results: [] });
    expect(none).toMatchObject({ cells: [], comparisons: [], verdicts: [], runsDone: 0 });
    expect(none.answers[0]!.sentences).toEqual(['No condition of effusion is finished yet.']);
  });

  it('refuse a run that was tested on films of another side', () => {
    const results = (study.results as readonly RunResult[]).map((result, i) =>
      i === 0 ? { ...result, test: { rows: [0], logits: [0.3] } } : result,
    );
    expect(() => summarize({ ...study, results })).toThrow(
      /row 0 was predicted as test but is on the train side/,
    );
    expect(() => summarize({ ...study, labelNames: ['other'] })).toThrow(/label effusion/);
  });

  it('report progress to the end', () => {
    const seen: [number, number][] = [];
    summarize(study, (done, total) => seen.push([done, total]));
    expect(seen).toEqual(Array.from({ length: 16 }, (_, i) => [i + 1, 16]));
  });

  it('give verdicts for the students and none for teacher, text or controls', () => {
    expect(findings.verdicts.map(({ arm }) => arm)).toEqual(['student', 'studentOfReport']);
    expect(findings.verdicts[0]!.word).toBe('helped');
  });

  it('answer in words with numbers: verdicts, text, ceiling, gap, shuffled control', () => {
    const { label, sentences } = findings.answers[0]!;
    expect(label).toBe('effusion');
    expect(sentences).toHaveLength(5);
    expect(sentences[0]).toMatch(
      /^effusion, with 100 training patients — .*reports helped, \+0\.\d{3} over the baseline, 95 % CI/,
    );
    expect(sentences[1]).toMatch(
      /From the report alone.*knows more than the image-only model|nearly outright/,
    );
    expect(sentences[2]).toMatch(/ceiling.*there is something to teach/);
    expect(sentences[3]).toMatch(/does not reach a model that sees the film only/);
    expect(sentences[4]).toMatch(/shuffled/);
    for (const sentence of sentences) expect(sentence).toMatch(/95 % CI/);
  });

  it('of many uses of reports, name those that found something and count the others', () => {
    const verdict = findings.verdicts[0]!;
    const words = ['helped', 'hurt', 'cannotTell', 'cannotTell', 'noClearDifference', 'cannotTell'] as const;
    const verdicts = words.map((word, i) => ({ ...verdict, word, pretraining: `recipe ${i}` }));
    const { cells, comparisons } = findings;
    const difference = () => ({ value: null, low: null, high: null });
    const sources = {
      cells,
      comparisons,
      verdicts,
      pretrainingVerdicts: [],
      statistics: study.config.statistics,
      difference,
    };
    const [overview] = answerLabel('effusion', sources);
    expect(overview!.split(' — ')[1]!.split('; ')).toEqual([
      expect.stringMatching(/pre-training recipe 0\): reports helped, \+0\.\d{3} over the baseline/),
      expect.stringMatching(/pre-training recipe 1\): reports hurt/),
      '1 use of reports: no difference that matters',
      '3 uses of reports: cannot tell.',
    ]);
    const four = answerLabel('effusion', { ...sources, verdicts: verdicts.slice(0, 4) })[0]!;
    expect(four.match(/recipe \d/g)).toHaveLength(4);
  });

  it('read the text-only probe by its interval', () => {
    const textSentence = (textOnly: number) =>
      summarize(simulateStudy({ strengths: { imageOnly: 1, textOnly } })).answers[0]!.sentences.find((s) =>
        s.startsWith('From the report alone'),
      );
    expect(textSentence(6)).toMatch(/says it nearly outright/);
    expect(textSentence(1.9)).toMatch(/knows more than the image-only model/);
    expect(textSentence(0)).toMatch(/does not seem to know it|not shown that the report knows/);
  });
});
