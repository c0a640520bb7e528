/**
 * Answers that both checklists ask for.
 */
import { splitNames } from '../../cohort/cohort.ts';
import { verdictWords, pretrainingWords } from '../../study/findings/words.ts';
import { listWords } from '../../study/phrases.ts';
import * as say from '../study-sentences.ts';
import { part, whole, type Answer, type StudyFacts } from './checklist.ts';

/** Title with subject: which labels, predicted from what. */
export function titleAnswer({ study: { findings } }: StudyFacts): Answer {
  return part(
    'the target population, and the title itself',
    `Development and internal evaluation of deep learning classifiers that predict ${listWords(say.labelsOf(findings))} from films, trained with and without radiology reports ("${findings.config.name}").`,
  );
}

/** What the study was for. */
export function objectivesAnswer({ study: { findings } }: StudyFacts): Answer {
  return whole(
    `Question: are radiology reports worth having for training classifiers that see only the film? Development and internal evaluation. Purpose, as given: ${findings.config.purpose}`,
  );
}

/** Where data come from. */
export function sourceAnswer({ study, counts }: StudyFacts): Answer {
  return study.cohort.source.kind === 'synthetic'
    ? whole(say.dataSentence(study, counts))
    : part(
        'kind of source (routine care, registry, trial), why it was chosen, whom it represents',
        say.dataSentence(study, counts),
      );
}

/** Preparation of films. */
export function preparationAnswer({ study }: StudyFacts): Answer {
  return part(
    'processing before the import',
    say.preparationSentence(study),
    say.excludedSentence(study),
    'The same for all films, whatever the group.',
  );
}

/** Missing values. */
export function missingAnswer({ study, counts }: StudyFacts): Answer {
  return whole(say.missingSentence(study, counts), say.excludedSentence(study));
}

/** The split. */
export function splitAnswer({ counts }: StudyFacts): Answer {
  return whole(
    say.splitSentence(counts),
    'Training patients train, validation patients choose, test patients are only tested on.',
  );
}

/** Training. */
export function trainingAnswer({ study: { findings } }: StudyFacts): Answer {
  const { config } = findings;
  const pretraining = say.pretrainingSentence(config);
  return whole(
    ...say.trainingSentences(config),
    say.imbalanceSentence,
    say.budgetSentence(config),
    ...(pretraining === null ? [] : [pretraining]),
  );
}

/** Model. */
export function modelAnswer({ study: { findings } }: StudyFacts): Answer {
  return whole(
    say.modelSentence(findings.config),
    say.armsSentence(findings.config),
    'The whole configuration stands at the end of the report.',
  );
}

/** Numbers of test films, and what they could show; null before anything is compared. */
export function sampleSizeAnswer({ study: { findings } }: StudyFacts): Answer | null {
  const detectable = findings.comparisons.flatMap((one) =>
    one.detectableDifference === null ? [] : [one.detectableDifference],
  );
  if (detectable.length === 0) return null;
  const [low, high] = [Math.min(...detectable), Math.max(...detectable)];
  return part(
    'how the number of patients came about; no calculation before the study is known to the lab',
    `The comparisons would have found differences in AUROC of ${low.toFixed(3)} to ${high.toFixed(3)} with 80 % power.`,
    say.designSentence(findings.config),
  );
}

/** Performance with intervals; null while nothing is measured. */
export function performanceAnswer({ study: { findings } }: StudyFacts): Answer | null {
  if (findings.cells.length === 0) return null;
  return whole(
    'See the tables and figures of each label: metrics, paired differences, calibration and decision curves, with intervals.',
  );
}

/** Groups; null where none is known. */
export function subgroupAnswer({ study: { findings } }: StudyFacts): string | null {
  const names = [...new Set(findings.cells.flatMap(({ subgroups }) => subgroups.map(({ by }) => by)))];
  return names.length === 0
    ? null
    : `AUROC by ${listWords(names)} stands with each label; groups with few films carry a warning.`;
}

/** Films, patients and outcomes on each side. */
export function countsAnswer({ study: { findings }, counts }: StudyFacts): Answer {
  const sides = say.labelsOf(findings).flatMap((label) => {
    const one = counts.labels[label];
    return one
      ? [
          `${label}: ${splitNames.map((name) => `${one[name].positives} of ${one[name].positives + one[name].negatives} ${name}`).join(', ')}`,
        ]
      : [];
  });
  return whole(
    say.splitSentence(counts),
    `Positive of known films – ${sides.join('; ')}. Smaller training sizes are nested sets of the training patients.`,
  );
}

/** Verdicts in a sentence; null while there is none. */
export function interpretationText({ study: { findings } }: StudyFacts): string | null {
  const { verdicts, pretrainingVerdicts } = findings;
  const words = [
    ...verdicts.map(({ label, word }) => `${label}: ${verdictWords[word]}`),
    ...pretrainingVerdicts.map(
      ({ label, word, usesReports, pretraining }) =>
        `${label}, ${pretraining}: ${pretrainingWords(word, usesReports)}`,
    ),
  ];
  return words.length === 0 ? null : `${[...new Set(words)].join('; ')}. See Findings and Why.`;
}
