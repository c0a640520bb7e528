/** The word for each kind of evidence, and the sentence that goes with it. */
import { describe, expect, it } from 'vitest';
import type { ArmName } from '../../../src/study/arms/registry.ts';
import type { Comparison, Verdict } from '../../../src/study/findings/findings.ts';
import { intervalPhrase, pPhrase, signed } from '../../../src/study/phrases.ts';
import { summarize } from '../../../src/study/findings/summary.ts';
import { reasonForNoVerdict, isWithinMargin, judge } from '../../../src/study/findings/verdict.ts';
import { simulateStudy } from '../simulated-study.ts';

const rules = { confidence: 0.95, margin: 0.02 };

function difference(low: number | null, high: number | null, adjustedP: number | null = 0.01): Comparison {
  const value = low === null || high === null ? null : (low + high) / 2;
  return {
    label: 'effusion',
    arm: 'student',
    tuning: 'full',
    pretraining: 'none',
    imageEncoder: 'resnet',
    trainingSize: 100,
    comparedTo: 'baseline',
    rarerClassPatients: 50,
    difference: { value, low, high },
    p: adjustedP,
    adjustedP,
    delongP: null,
    acrossSeeds: null,
    equivalenceP: null,
    detectableDifference: null,
  };
}

const worse = difference(-0.05, -0.01);

function across(comparison: Comparison, low: number, high = 0.06): Comparison {
  return { ...comparison, acrossSeeds: { low, high, p: 0.05 } };
}

function equivalent(equivalenceP: number): Comparison {
  return { ...difference(-0.015, 0.015), equivalenceP };
}

describe('judge', () => {
  const clear = difference(0.01, 0.05);
  it.each([
    ['helped', clear, difference(0.005, 0.03)],
    ['hurt', difference(-0.05, -0.01), null],
    ['noClearDifference', { ...difference(0, 0), equivalenceP: 0 }, difference(0, 0)],
  ])('%s needs ten test patients of the rarer class', (word, overBaseline, overControl) => {
    const of = (rarerClassPatients: number): string =>
      judge({ ...overBaseline, rarerClassPatients }, overControl, rules);
    expect([of(9), of(10)]).toEqual(['cannotTell', word]);
  });

  it.each([
    ['beats baseline and control', clear, difference(0.005, 0.03), 'helped'],
    ['beats the baseline only', clear, difference(-0.01, 0.03), 'cannotTell'],
    ['touches the control at 0', clear, difference(0, 0.03), 'cannotTell'],
    ['beats the baseline, has no control', clear, null, 'cannotTell'],
    ['does not stand after Holm', difference(0.01, 0.05, 0.06), difference(0.005, 0.03), 'cannotTell'],
    ['has no adjusted p', difference(0.01, 0.05, null), difference(0.005, 0.03), 'cannotTell'],
    ['is worse than the baseline', difference(-0.05, -0.01), difference(-0.05, -0.01), 'hurt'],
    ['is worse, control or not', difference(-0.05, -0.01), null, 'hurt'],
    ['is shown to be within the margin', equivalent(0.04), difference(-0.01, 0.01), 'noClearDifference'],
    ['is not quite shown to be', equivalent(0.051), difference(-0.01, 0.01), 'cannotTell'],
    ['holds 0, equivalence unknown', difference(-0.015, 0.02), difference(-0.01, 0.01), 'cannotTell'],
    ['beats both across seeds', across(clear, 0.001), across(clear, 0.002), 'helped'],
    ['beats the baseline, not across seeds', across(clear, -0.001), across(clear, 0.002), 'cannotTell'],
    ['beats the control, not across seeds', across(clear, 0.001), across(clear, -0.001), 'cannotTell'],
    ['is worse across seeds', across(worse, -0.06, -0.001), worse, 'hurt'],
    ['is worse, not across seeds', across(worse, -0.06, 0.001), worse, 'cannotTell'],
    ['is small, but helps', { ...clear, equivalenceP: 0.001 }, clear, 'helped'],
    ['holds 0, reaches beyond above', difference(-0.01, 0.03), difference(0.01, 0.03), 'cannotTell'],
    ['holds 0, reaches beyond below', difference(-0.03, 0.01), difference(-0.01, 0.01), 'cannotTell'],
    ['has no interval', difference(null, null), clear, 'cannotTell'],
  ] as const)('%s', (_what, overBaseline, overControl, word) => {
    expect(judge(overBaseline, overControl, rules)).toBe(word);
  });
});

describe('verdicts of simulated studies turn with the truth', () => {
  const verdict = (strengths: Partial<Record<ArmName, number>>, patients = 150): Verdict =>
    summarize(simulateStudy({ strengths, patients })).verdicts[0]!;

  it('a student that beats both: helped, with its numbers', () => {
    const { word, sentence, overBaseline, overControl } = verdict({
      imageOnly: 1,
      selfDistilled: 1.2,
      student: 2,
    });
    expect(word).toBe('helped');
    expect(overControl!.comparedTo).toBe('selfDistilled');
    expect(sentence).toContain(signed(overBaseline.difference.value));
    expect(sentence).toMatch(
      /150 test patients, 150 of 300 films positive, higher than the baseline in 3 of 3 seeds/,
    );
    expect(sentence).toMatch(
      /95 % CI .* to .*; across seeds .* to .*; p = 0\.\d{3}, after Holm p = 0\.\d{3}/,
    );
    expect(overBaseline.acrossSeeds!.low).toBeGreaterThan(0);
  });

  it('a student no better than its control is not credited to the report', () => {
    const { word, sentence } = verdict({ imageOnly: 1, selfDistilled: 2, student: 2 });
    expect(word).toBe('cannotTell');
    expect(sentence).toMatch(
      /beats the baseline, but .*control, so that the gain is not credited to the report/,
    );
  });

  it('a worse student: hurt', () => {
    const { word, sentence } = verdict({ imageOnly: 2, selfDistilled: 2, student: 1 });
    expect(word).toBe('hurt');
    expect(sentence).toMatch(/^This use of reports hurt\./);
  });

  it('a student as good: no difference that matters on many patients; on few, most often cannot tell', () => {
    const words = (patients: number) =>
      Array.from({ length: 12 }, (_, draw) => {
        const strengths = { imageOnly: 2, selfDistilled: 2, student: 2 };
        const study = simulateStudy({ strengths, patients, draw, candidates: 1, bootstrapSamples: 200 });
        return summarize(study).verdicts[0]!;
      });
    const count = (verdicts: readonly Verdict[], word: string) =>
      verdicts.filter((v) => v.word === word).length;
    const [many, few] = [words(400), words(12)];
    // Each verdict errs in 1 of 20 studies by design: 3 of 12 or more would happen in 2 of 100 runs of this test.
    expect(count(many, 'noClearDifference')).toBeGreaterThanOrEqual(10);
    expect(count(few, 'cannotTell')).toBeGreaterThanOrEqual(10);
    const unsure = few.find(({ word }) => word === 'cannotTell')!;
    expect(unsure.sentence).toMatch(/reaches beyond the margin of 0.02 AUROC/);
    const found = unsure.overBaseline.detectableDifference!;
    expect(unsure.sentence).toContain(`could have found a difference of ${found.toFixed(3)} or more`);
    const same = many.find(({ word }) => word === 'noClearDifference')!;
    expect(same.sentence).toMatch(
      /^No difference from the baseline that matters \(within ±0.02 AUROC, p [<=]/,
    );
  });
});

describe('why there is no verdict', () => {
  const doubt = (comparison: Comparison) => reasonForNoVerdict(comparison, 'the baseline', 'arms', rules);
  it.each([
    ['no interval', difference(null, null), /no interval/],
    ['nothing shown', difference(-0.01, 0.04), /agree with no difference .* beyond the margin of 0.02/],
    ['a loss of these runs', across(worse, -0.06, 0.01), /loss .* not across seeds/],
    ['a gain of these runs', across(difference(0.01, 0.05), -0.01), /gain .* not across seeds/],
    ['a gain that Holm takes', difference(0.01, 0.05, 0.2), /correction for the number of arms/],
  ])('%s', (_what, comparison, words) => expect(doubt(comparison)).toMatch(words));

  it('is null for a gain that stands', () => expect(doubt(difference(0.01, 0.05))).toBeNull());

  it('a gain within the margin is said to be small', () => {
    expect(isWithinMargin(across(difference(0.004, 0.015), 0.001, 0.018), 0.02)).toBe(true);
    expect(isWithinMargin(across(difference(0.004, 0.015), 0.001, 0.021), 0.02)).toBe(false);
    expect(isWithinMargin(difference(0.004, 0.03), 0.02)).toBe(false);
    const margin = 0.5;
    const study = simulateStudy({
      strengths: { imageOnly: 1, selfDistilled: 1.2, student: 2 },
      patients: 150,
    });
    const { statistics } = study.config;
    const { word, sentence } = summarize({
      ...study,
      config: { ...study.config, statistics: { ...statistics, margin } },
    }).verdicts[0]!;
    expect(word).toBe('helped');
    expect(sentence).toMatch(/^Reports helped, .*, but by less than the margin of 0.5 AUROC\./);
  });
});

describe('phrases', () => {
  it('carry signs, and never a negative zero', () => {
    expect([0.0312, -0.0042, -0.0001, 0, null].map((value) => signed(value))).toEqual([
      '+0.031',
      '−0.004',
      '0.000',
      '0.000',
      'undefined',
    ]);
    expect(intervalPhrase({ value: 0, low: -0.01, high: 0.2 }, 0.9, true)).toBe('90 % CI −0.010 to +0.200');
    expect(intervalPhrase({ value: 0, low: null, high: null }, 0.9, true)).toMatch(/no interval/);
    expect([0.0004, 0.012, null].map(pPhrase)).toEqual(['p < 0.001', 'p = 0.012', 'p undefined']);
  });
});
