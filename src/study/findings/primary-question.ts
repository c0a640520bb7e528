/**
 * The primary question: the one use of reports, for one label, that a study is run for, named in its file before it starts. One question
 * asked beforehand gives evidence; the best of many afterwards does not, so everything else that a study finds is exploratory (ICH E9,
 * 1998, section 2.2.2).
 */
import type { PrimaryQuestion, StudyConfig } from '../config.ts';
import type { Condition, Findings, NamedQuestion, PretrainingVerdict, Verdict } from './findings.ts';
import { countPhrase } from '../../count-words.ts';
import { armPhrase } from '../phrases.ts';
import { usesReports } from '../recipes.ts';
import { judgedArms } from '../arms/registry.ts';

/**
 * All questions that a study gives a verdict on: for each label, its students from each starting point, and recipes against none. Runs that
 * start from shuffled pairs are controls and no question.
 */
export function questionsOf({
  labels,
  arms,
  pretrainings,
}: Pick<StudyConfig, 'labels' | 'arms' | 'pretrainings'>): PrimaryQuestion[] {
  const starts = pretrainings.flatMap((arm) =>
    arm === 'none' ? ['none'] : arm.permutedReports ? [] : [arm.name],
  );
  const students = judgedArms.filter((arm) => arms.includes(arm));
  const judged = starts.includes('none') ? starts.filter((name) => name !== 'none') : [];
  return labels.flatMap((label) => [
    ...starts.flatMap((pretraining) => students.map((arm) => ({ label, arm, pretraining }))),
    ...judged.map((pretraining) => ({ label, arm: 'imageOnly' as const, pretraining })),
  ]);
}

/** The same text for the same question. */
export function questionKey({ label, arm, pretraining }: PrimaryQuestion): string {
  return JSON.stringify([label, arm, pretraining]);
}

/** Why a study cannot answer its primary question, as a list of sentences; empty when it can, or has none. */
export function primaryProblems(config: StudyConfig): string[] {
  const { primary } = config;
  if (!primary || isAnswered(primary, config)) return [];
  return [
    `The primary question, ${useWords(primary, config)} for ${primary.label}, is not among those that this study gives a verdict on. Add its label, arm or pre-training (and “none” beside a pre-training), or choose another question.`,
  ];
}

/** The study, without its primary question where it was cut down so far that it cannot answer it. */
export function withoutUnanswered(config: StudyConfig): StudyConfig {
  const { primary, ...rest } = config;
  return primary && !isAnswered(primary, config) ? rest : config;
}

function isAnswered(primary: PrimaryQuestion, config: StudyConfig): boolean {
  return questionsOf(config).some((question) => questionKey(question) === questionKey(primary));
}

/** The question as a person asks it. */
export function questionWords(question: PrimaryQuestion, config: Pick<StudyConfig, 'pretrainings'>): string {
  return `Is ${question.label} told better from the film alone after ${useWords(question, config)}?`;
}

function useWords(
  { arm, pretraining }: PrimaryQuestion,
  { pretrainings }: Pick<StudyConfig, 'pretrainings'>,
): string {
  if (arm !== 'imageOnly') {
    const from = pretraining === 'none' ? '' : `, from pre-training ${pretraining}`;
    return `distillation (${armPhrase(arm)}${from})`;
  }
  const recipe = pretrainings.find((one) => one !== 'none' && one.name === pretraining);
  const source = recipe && recipe !== 'none' && usesReports(recipe) ? 'reports' : 'films';
  return `pre-training ${pretraining} on ${source}`;
}

/** What the study was run for and when that was said, and that all else is exploratory. */
export function primarySentence({ primary, config }: Pick<Findings, 'primary' | 'config'>): string {
  if (!primary) return 'No primary question was named before the study: all of its findings are exploratory.';
  return `Primary question: ${questionWords(primary.question, config)} ${namingSentence(primary)}`;
}

/** When the question was named, and that all else is exploratory. */
export function namingSentence({ namedAt, runsBefore }: NamedQuestion): string {
  const seen =
    runsBefore === 0
      ? 'before any of this study’s runs for that label'
      : `when ${countPhrase(runsBefore, 'run')} of this study for that label had been finished already, by other studies of the cohort`;
  return `It was named on ${namedAt.slice(0, 10)}, ${seen}; all other findings are exploratory.`;
}

/**
 * The verdict that answers the question: at the largest training size, with the first way of tuning and the first encoder of the study;
 * null while runs are missing: the largest finished size may not be the one that was asked about.
 */
export function verdictOn(
  question: PrimaryQuestion,
  {
    verdicts,
    pretrainingVerdicts,
    config,
    runsDone,
    runsPlanned,
  }: Pick<Findings, 'verdicts' | 'pretrainingVerdicts' | 'config' | 'runsDone' | 'runsPlanned'>,
): Verdict | PretrainingVerdict | null {
  if (runsDone < runsPlanned) return null;
  const given: readonly (Verdict | PretrainingVerdict)[] =
    question.arm === 'imageOnly' ? pretrainingVerdicts : verdicts;
  return given
    .filter(
      (verdict) =>
        questionKey(verdict) === questionKey(question) && verdict.tuning === config.tunings[0]!.tuning,
    )
    .reduce<Verdict | PretrainingVerdict | null>(
      (best, verdict) => (best && sizeOf(best) >= sizeOf(verdict) ? best : verdict),
      null,
    );
}

function sizeOf({ trainingSize }: Condition): number {
  return trainingSize === 'all' ? Infinity : trainingSize;
}
