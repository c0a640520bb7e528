/** What is said of pre-trainings, on simulated studies whose truth is known; and what recipes and registry must agree on. */
import { describe, expect, it } from 'vitest';
import type { Comparison, PretrainingVerdict } from '../../../src/study/findings/findings.ts';
import { judgePretraining } from '../../../src/study/findings/pretraining-verdict.ts';
import { isControlOf, offeredRecipes, permutedControl, usesReports } from '../../../src/study/recipes.ts';
import { summarize } from '../../../src/study/findings/summary.ts';
import type { PretrainingRecipe } from '../../../src/training/pre-training.ts';
import { simulateStudy } from '../simulated-study.ts';

const recipe = (name: string, objective: string): PretrainingRecipe => ({
  name,
  objectives: [{ name: objective, weight: 1, settings: {} }],
  permutedReports: false,
});
const clip = recipe('aligned', 'clip');
const simclr = recipe('views', 'simclr');
const control = permutedControl(clip);

const simulated = (strengths: readonly (readonly [PretrainingRecipe, number])[], patients = 200) =>
  summarize(
    simulateStudy({
      strengths: { imageOnly: 1 },
      patients,
      pretrained: strengths.map(([one, strength]) => ({ recipe: one, strength })),
    }),
  );
const verdictOf = (name: string, given: readonly PretrainingVerdict[]): PretrainingVerdict =>
  given.find(({ pretraining }) => pretraining === name)!;

describe('a difference', () => {
  const difference = (low: number, high: number, adjustedP = 0.01): Comparison => ({
    label: 'effusion',
    arm: 'imageOnly',
    tuning: 'full',
    pretraining: 'aligned',
    imageEncoder: 'resnet',
    trainingSize: 100,
    comparedTo: 'noPretraining',
    rarerClassPatients: 50,
    difference: { value: (low + high) / 2, low, high },
    p: adjustedP,
    adjustedP,
    delongP: null,
    acrossSeeds: null,
    equivalenceP: null,
    detectableDifference: null,
  });
  const rules = { confidence: 0.95, margin: 0.02 };
  const clear = difference(0.01, 0.05);
  const oneRun: Comparison = { ...clear, acrossSeeds: { low: -0.01, high: 0.07, p: 0.1 } };
  it.each([
    ['films alone, above none', clear, null, false, 'helped'],
    ['films alone, not after Holm', difference(0.01, 0.05, 0.2), null, false, 'cannotTell'],
    ['reports, above none and control', clear, difference(0.005, 0.03), true, 'helped'],
    ['reports, above none only', clear, difference(-0.01, 0.03), true, 'cannotTell'],
    ['reports, control not run', clear, null, true, 'cannotTell'],
    ['below none', difference(-0.05, -0.01), null, false, 'hurt'],
    [
      'within the margin',
      { ...difference(-0.01, 0.01), equivalenceP: 0.01 },
      null,
      false,
      'noClearDifference',
    ],
    ['around 0, equivalence not shown', difference(-0.01, 0.01), null, false, 'cannotTell'],
    ['films alone, not across seeds', oneRun, null, false, 'cannotTell'],
  ] as const)('%s', (_what, overNone, overControl, withReports, word) => {
    expect(judgePretraining(overNone, overControl, withReports, rules)).toBe(word);
  });
});

describe('simulated studies', () => {
  it('reports that help beyond shuffled pairs: helped, with all numbers; the control itself gets no verdict', () => {
    const findings = simulated([
      [clip, 2.4],
      [control, 1.5],
      [simclr, 1.9],
    ]);
    expect(findings.pretrainingVerdicts.map(({ pretraining }) => pretraining)).toEqual(['aligned', 'views']);
    const { word, sentence, overNone, overControl } = verdictOf('aligned', findings.pretrainingVerdicts);
    expect(word).toBe('helped');
    expect(overNone.difference.value).toBeGreaterThan(overControl!.difference.value!);
    expect(overControl!.difference.low).toBeGreaterThan(0);
    expect(sentence).toContain('beyond what shuffled pairs do');
    expect(sentence).toContain('200 test patients');
    expect(sentence).toContain('3 seeds');
    expect(verdictOf('views', findings.pretrainingVerdicts)).toMatchObject({
      word: 'helped',
      overControl: null,
      usesReports: false,
    });
    const compared = findings.comparisons.map((c) => `${c.pretraining} ${c.comparedTo}`).sort();
    expect(compared).toEqual([
      'aligned (permuted) noPretraining',
      'aligned noPretraining',
      'aligned permutedPairs',
      'views noPretraining',
    ]);
  });

  it('a gain that shuffled pairs give too is not credited to the reports', () => {
    const { pretrainingVerdicts } = simulated([
      [clip, 2.2],
      [control, 2.2],
    ]);
    const { word, sentence } = verdictOf('aligned', pretrainingVerdicts);
    expect(word).toBe('cannotTell');
    expect(sentence).toContain('not clearly more than the same on shuffled pairs');
  });

  it('a loss is a loss', () => {
    expect(verdictOf('aligned', simulated([[clip, 0.2]]).pretrainingVerdicts).word).toBe('hurt');
  });

  it('p values are adjusted over the pre-trainings of a label', () => {
    const { comparisons } = simulated(
      [
        [simclr, 1.1],
        [clip, 1.15],
      ],
      60,
    );
    const over = comparisons.filter(({ comparedTo }) => comparedTo === 'noPretraining');
    const smallest = Math.min(...over.map(({ p }) => p!));
    expect(over.find(({ p }) => p === smallest)!.adjustedP).toBeCloseTo(Math.min(1, 2 * smallest), 12);
  });

  it('is answered in words for its label', () => {
    const findings = simulated([[simclr, 2]]);
    expect(
      findings.answers[0]!.sentences.some((sentence) => sentence.startsWith('Pre-training for effusion')),
    ).toBe(true);
  });
});

describe('recipes on offer', () => {
  it('have names of their own, and a control where they use reports', () => {
    const names = offeredRecipes.map(({ recipe: { name } }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { recipe: offered } of offeredRecipes) {
      expect(isControlOf(permutedControl(offered), offered)).toBe(true);
      expect(isControlOf(offered, offered)).toBe(false);
    }
    expect(offeredRecipes.filter(({ recipe: offered }) => usesReports(offered)).length).toBeGreaterThan(4);
  });
});
