/** The word for each kind of evidence, and the sentence that goes with it. */
import { describe, expect, it } from 'vitest';
import type { ArmName } from '../../src/study/config.ts';
import type { Comparison, Verdict } from '../../src/study/findings.ts';
import { intervalPhrase, pPhrase, signed } from '../../src/study/phrases.ts';
import { summarize } from '../../src/study/summary.ts';
import { judge } from '../../src/study/verdict.ts';
import { simulateStudy } from './simulated-study.ts';

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
    difference: { value, low, high },
    p: adjustedP,
    adjustedP,
    delongP: null,
    acrossSeeds: null,
    equivalenceP: null,
    detectableDifference: null,
  };
}

describe('judge', () => {
  const clear = difference(0.01, 0.05);
  it.each([
    ['beats baseline and control', clear, difference(0.005, 0.03), 'helped'],
    ['beats the baseline only', clear, difference(-0.01, 0.03), 'cannotTell'],
    ['touches the control at 0', clear, difference(0, 0.03), 'cannotTell'],
    ['beats the baseline, has no control', clear, null, 'cannotTell'],
    ['does not stand after Holm', difference(0.01, 0.05, 0.06), difference(0.005, 0.03), 'cannotTell'],
    ['has no adjusted p', difference(0.01, 0.05, null), difference(0.005, 0.03), 'cannotTell'],
    ['is worse than the baseline', difference(-0.05, -0.01), difference(-0.05, -0.01), 'hurt'],
    ['is worse, control or not', difference(-0.05, -0.01), null, 'hurt'],
    ['holds 0 inside the margin', difference(-0.015, 0.02), difference(-0.01, 0.01), 'noClearDifference'],
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
    expect(sentence).toMatch(/95 % CI .* to .*; p = 0\.\d{3}, after Holm p = 0\.\d{3}/);
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

  it('a student as good: no clear difference on many patients; on few, most often cannot tell', () => {
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
  });
});

describe('phrases', () => {
  it('carry signs, and never a negative zero', () => {
    expect([0.0312, -0.0042, -0.0001, 0, null].map(signed)).toEqual([
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
