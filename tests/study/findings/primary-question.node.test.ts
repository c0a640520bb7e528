/** The question that a study is run for: what can be asked, what is said of it, and that nothing asked is lost on the way. */
import { describe, expect, it } from 'vitest';
import type { StudyConfig } from '../../../src/study/config.ts';
import { presets } from '../../../src/study/presets/registry.ts';
import {
  primaryProblems,
  primarySentence,
  questionsOf,
  questionWords,
  verdictOn,
} from '../../../src/study/findings/primary-question.ts';
import { offeredRecipes, permutedControl } from '../../../src/study/recipes.ts';
import { parseStudyConfig, writeStudyFile } from '../../../src/study/schema.ts';
import { shrinkStudy } from '../../../src/study/cost/shrink.ts';
import { summarize } from '../../../src/study/findings/summary.ts';
import { simulateStudy } from '../simulated-study.ts';

const clip = offeredRecipes.find(({ recipe }) => recipe.name === 'clip')!.recipe;
const simclr = offeredRecipes.find(({ recipe }) => recipe.name === 'simclr')!.recipe;
const config: StudyConfig = {
  ...presets['demo']!,
  labels: ['effusion', 'nodule'],
  arms: ['imageOnly', 'teacher', 'student', 'selfDistilled', 'permutedReports'],
  pretrainings: ['none', clip, permutedControl(clip), simclr],
};
const student = { label: 'effusion', arm: 'student', pretraining: 'none' } as const;

describe('what can be asked', () => {
  it('is what a verdict is given on: students and recipes, no baseline and no control', () => {
    expect(questionsOf({ ...config, labels: ['effusion'] })).toEqual([
      student,
      { ...student, pretraining: 'clip' },
      { ...student, pretraining: 'simclr' },
      { label: 'effusion', arm: 'imageOnly', pretraining: 'clip' },
      { label: 'effusion', arm: 'imageOnly', pretraining: 'simclr' },
    ]);
  });

  it('is nothing about a pre-training where none stands beside it', () => {
    expect(questionsOf({ ...config, labels: ['effusion'], pretrainings: [clip] })).toEqual([
      { ...student, pretraining: 'clip' },
    ]);
  });

  it('is said to be missing where the study cannot answer it', () => {
    expect(primaryProblems(config)).toEqual([]);
    expect(primaryProblems({ ...config, primary: student })).toEqual([]);
    for (const change of [
      { labels: ['nodule'] },
      { arms: ['imageOnly'] as const },
      { pretrainings: [clip] },
    ]) {
      const [problem, ...others] = primaryProblems({ ...config, primary: student, ...change });
      expect(problem).toMatch(/primary question.*effusion.*choose another question/);
      expect(others).toEqual([]);
    }
  });

  it('is asked in words that tell reports from films', () => {
    const ask = (pretraining: string) =>
      questionWords({ label: 'effusion', arm: 'imageOnly', pretraining }, config);
    expect(ask('clip')).toBe(
      'Is effusion told better from the film alone after pre-training clip on reports?',
    );
    expect(ask('simclr')).toMatch(/on films\?$/);
    expect(questionWords(student, config)).toMatch(
      /distillation \(the student of the image-and-report teacher\)/,
    );
  });
});

describe('a question that was asked', () => {
  it('goes through the file and back; a misspelt arm is refused', () => {
    const asked = { ...config, primary: student };
    expect(parseStudyConfig(JSON.parse(writeStudyFile(asked)))).toEqual(asked);
    expect(() => parseStudyConfig({ ...asked, primary: { ...student, arm: 'teacher' } })).toThrow(/primary/);
  });

  it('keeps its label when a study is shrunk', async () => {
    const asked = { ...config, primary: { ...student, label: 'nodule' } };
    const { config: kept } = await shrinkStudy(asked, 1, ({ labels }) => Promise.resolve(labels.length));
    expect(kept.labels).toEqual(['nodule']);
    expect(kept.primary).toEqual(asked.primary);
  });
});

describe('the answer', () => {
  const simulated = simulateStudy({
    strengths: { imageOnly: 1, teacher: 2, student: 1.6, selfDistilled: 1 },
    sizes: [50, 100],
    patients: 200,
  });
  const tunings = config.tunings.filter(({ tuning }) => tuning === 'linearProbe');
  const study = { ...simulated, config: { ...simulated.config, tunings, primary: student } };
  const findings = summarize(study);

  it('is the verdict at the largest size', () => {
    expect(verdictOn(student, findings)).toMatchObject({ word: 'helped', arm: 'student', trainingSize: 100 });
    expect(verdictOn({ ...student, arm: 'studentOfReport' }, findings)).toBeNull();
    expect(verdictOn({ ...student, label: 'nodule' }, findings)).toBeNull();
  });

  it('is not given at a smaller size while the largest is unfinished', () => {
    const missing = study.plan.find(({ job }) => job.kind === 'run' && job.trainingSize === 100)!;
    const unfinished = summarize({ ...study, results: study.results.filter(({ id }) => id !== missing.id) });
    expect(unfinished.verdicts.some(({ trainingSize }) => trainingSize === 50)).toBe(true);
    expect(verdictOn(student, unfinished)).toBeNull();
  });

  it('says when it was asked, and whether runs for its label were there by then', () => {
    const { results } = study;
    const at = (finishedAt: string, count: number) =>
      results.map((result, i) =>
        i < count ? { ...result, finishedAt } : { ...result, finishedAt: '2026-06-01' },
      );
    const named = (count: number) =>
      summarize({
        ...study,
        createdAt: '2026-03-04T10:00:00.000Z',
        results: at('2026-03-03T00:00:00.000Z', count),
      });
    expect(named(0).primary).toEqual({
      question: student,
      namedAt: '2026-03-04T10:00:00.000Z',
      runsBefore: 0,
    });
    expect(primarySentence(named(0))).toMatch(
      /: Is effusion .* named on 2026-03-04, before any of this study’s runs for that label/,
    );
    expect(named(3).primary!.runsBefore).toBe(3);
    expect(primarySentence(named(3))).toMatch(
      /when 3 runs of this study for that label had been finished already/,
    );
  });

  it('is none where none was asked, and that is said', () => {
    const none = summarize(simulated);
    expect(none.primary).toBeNull();
    expect(primarySentence(none)).toMatch(/No primary question.*exploratory/);
  });
});
