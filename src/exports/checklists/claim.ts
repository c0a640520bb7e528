/**
 * CLAIM, the checklist for artificial intelligence in medical imaging, in its version of 2024: 44 items. Subjects are in our own words.
 */
import { primarySentence } from '../../study/findings/primary-question.ts';
import { limitSentences } from '../study-limits.ts';
import * as say from '../study-sentences.ts';
import * as answers from './answers.ts';
import { counted } from '../../figures/number-words.ts';
import {
  onlyAuthors,
  part,
  whole,
  type Answer,
  type Checklist,
  type ChecklistItem,
  type StudyFacts,
} from './checklist.ts';

/** Tejani et al. 2024. */
export const claim: Checklist = {
  name: 'CLAIM 2024',
  source:
    'Tejani AS, Klontzas ME, Gatti AA, et al. Checklist for Artificial Intelligence in Medical Imaging (CLAIM): 2024 update. Radiology: Artificial Intelligence 2024;6(4):e240300.',
  items: [
    item(1, 'Title and abstract', 'Study of AI, with the kind of technology', 'title', answers.titleAnswer),
    item(
      2,
      'Title and abstract',
      'Summary of design, methods, results, conclusions',
      'abstract',
      onlyAuthors,
    ),
    item(
      3,
      'Introduction',
      'Background, intended use and role',
      'background, intended use and role',
      onlyAuthors,
    ),
    item(4, 'Introduction', 'Aims and hypotheses', 'aims', answers.objectivesAnswer),
    item(
      5,
      'Study design',
      'Prospective or retrospective',
      'whether data were collected for this study or before it',
      onlyAuthors,
    ),
    item(6, 'Study design', 'Goal of the study', 'goal', answers.objectivesAnswer),
    item(7, 'Data', 'Sources', 'sources', answers.sourceAnswer),
    item(8, 'Data', 'Inclusion and exclusion', 'criteria of inclusion and exclusion', ({ study }) =>
      part('criteria of inclusion and exclusion before the import', say.excludedSentence(study)),
    ),
    item(9, 'Data', 'Preprocessing', 'preprocessing', answers.preparationAnswer),
    item(10, 'Data', 'Selection of subsets', 'selection of subsets', ({ study: { findings } }) =>
      whole(
        say.designSentence(findings.config),
        'Films without a value of a label were left out for that label.',
      ),
    ),
    item(11, 'Data', 'De-identification', 'how films and reports were de-identified', deidentificationAnswer),
    item(12, 'Data', 'Missing data', 'missing data', answers.missingAnswer),
    item(13, 'Data', 'How images were acquired', 'scanners, views and protocol of acquisition', onlyAuthors),
    item(
      14,
      'Reference standard',
      'How the reference standard was obtained',
      'how labels were obtained',
      ({ study }) =>
        study.cohort.source.kind === 'synthetic'
          ? whole(
              say.outcomeSentence(study),
              'The generator that drew the films knows the truth; its dials add noise where they say so.',
            )
          : part('how labels were obtained: readers, reports, follow-up, codes', say.outcomeSentence(study)),
    ),
    item(15, 'Reference standard', 'Why this reference standard', 'why these labels', onlyAuthors),
    item(16, 'Reference standard', 'Who annotated', 'who annotated, with what qualification', onlyAuthors),
    item(
      17,
      'Reference standard',
      'Annotation of the test set',
      'how the test set was annotated',
      onlyAuthors,
    ),
    item(
      18,
      'Reference standard',
      'Variability between and within annotators',
      'agreement of annotators',
      onlyAuthors,
    ),
    item(19, 'Data partitions', 'Assignment to partitions', 'partition', answers.splitAnswer),
    item(20, 'Data partitions', 'Level at which partitions are apart', 'level', () =>
      whole(
        'The patient: no patient stands on two sides of the split, nor do pre-trainings see validation or test patients.',
      ),
    ),
    item(
      21,
      'Testing data',
      'Intended sample size',
      'intended sample size and how it was determined',
      answers.sampleSizeAnswer,
    ),
    item(22, 'Model', 'Description of the model', 'model', answers.modelAnswer),
    item(23, 'Model', 'Software', 'software', ({ study }) => whole(say.softwareSentence(study))),
    item(24, 'Model', 'Initial weights', 'initial weights', ({ study: { findings } }) =>
      whole(say.initialSentence(findings.config)),
    ),
    item(25, 'Training', 'Training', 'training', answers.trainingAnswer),
    item(26, 'Training', 'Selection of the final model', 'selection', ({ study: { findings } }) =>
      whole(
        say.budgetSentence(findings.config),
        'The best by AUROC on validation patients, or by loss where AUROC is not defined.',
      ),
    ),
    item(27, 'Training', 'Ensembles', 'ensembles', () =>
      whole(
        'None: metrics are means over the seeds’ single models. Curves, calibration and DeLong’s test are of the seeds’ mean probability.',
      ),
    ),
    item(28, 'Evaluation', 'Metrics', 'metrics', ({ study: { findings } }) =>
      whole(say.metricsSentence(findings)),
    ),
    item(29, 'Evaluation', 'Significance and uncertainty', 'statistics', ({ study: { findings } }) =>
      whole(say.intervalsSentence(findings.config)),
    ),
    item(30, 'Evaluation', 'Robustness or sensitivity', 'analyses of robustness', robustnessAnswer),
    item(31, 'Evaluation', 'Explainability', 'whether and how predictions were explained', explanationAnswer),
    item(32, 'Evaluation', 'Evaluation on internal data', 'internal evaluation', ({ counts }) =>
      whole(
        `Test patients of the same cohort: ${counted(counts.splits.test.patients, 'patient')}, ${counted(counts.splits.test.images, 'film')}.`,
      ),
    ),
    item(33, 'Evaluation', 'Testing on external data', 'testing on external data', () =>
      part('testing elsewhere, if it was done', 'Not part of this study: all patients are of one cohort.'),
    ),
    item(
      34,
      'Evaluation',
      'Registration of a clinical trial',
      'registration, if the study is a trial',
      onlyAuthors,
    ),
    item(35, 'Results: data', 'Patients or examinations included and excluded', 'numbers', (facts) =>
      part(
        'exclusions before the import; a diagram',
        answers.countsAnswer(facts).text,
        say.excludedSentence(facts.study),
      ),
    ),
    item(36, 'Results: data', 'Characteristics in each partition', 'characteristics', () =>
      part(
        'characteristics that the cohort does not bring',
        'See Cohort: labels and groups of films by side of the split.',
      ),
    ),
    item(37, 'Results: performance', 'Performance and uncertainty', 'performance', answers.performanceAnswer),
    item(
      38,
      'Results: performance',
      'Diagnostic performance and precision',
      'sensitivity, specificity and their intervals',
      (facts) => (hasMetric(facts, 'sensitivity') ? answers.performanceAnswer(facts) : null),
    ),
    item(
      39,
      'Results: performance',
      'Failure analysis',
      'which films were classified wrongly, and why',
      (facts) => {
        const groups = answers.subgroupAnswer(facts);
        return groups === null ? null : part('a look at the films that were classified wrongly', groups);
      },
    ),
    item(40, 'Discussion', 'Limitations', 'limitations', ({ study }) =>
      part('limits of the cohort and of the labels that the lab cannot know', ...limitSentences(study)),
    ),
    item(
      41,
      'Discussion',
      'Meaning for practice',
      'meaning for practice, intended use and role',
      onlyAuthors,
    ),
    item(
      42,
      'Other information',
      'Protocol or further details',
      'where a protocol can be read',
      ({ study }) =>
        part(
          'where a protocol can be read, or that there is none',
          `The whole configuration stands at the end of the report. ${primarySentence(study.findings)}`,
        ),
    ),
    item(43, 'Other information', 'Availability of software, model, data', 'availability', ({ study }) =>
      part('where this version of the lab, the weights and the data can be had', say.softwareSentence(study)),
    ),
    item(44, 'Other information', 'Funding', 'sources of funding and the funders’ role', onlyAuthors),
  ],
};

function item(
  number: number,
  section: string,
  subject: string,
  asks: string,
  answer: (facts: StudyFacts) => Answer | null,
): ChecklistItem {
  return { number: String(number), section, subject, asks, answer };
}

function deidentificationAnswer({ study: { cohort } }: StudyFacts): Answer | null {
  return cohort.source.kind === 'synthetic'
    ? whole('Films and reports are synthetic; no person is in them.')
    : null;
}

function robustnessAnswer({ study: { findings } }: StudyFacts): Answer {
  const { seeds, trainingSizes, imageEncoders } = findings.config;
  return whole(
    `Repeated over ${counted(seeds.length, 'seed')}, ${counted(trainingSizes.length, 'training size')} and ${counted(imageEncoders.length, 'image encoder')}; controls: self-distillation${findings.config.arms.includes('permutedReports') ? ' and shuffled reports' : ''}.`,
  );
}

function explanationAnswer({ study: { findings } }: StudyFacts): Answer | null {
  const words = findings.diagnoses.some((one) => one.words.length > 0);
  return words
    ? part(
        'whether the film’s classifier was explained',
        'The words with the largest weights of the report-only probe stand under Why; predictions from films were not explained.',
      )
    : null;
}

function hasMetric({ study: { findings } }: StudyFacts, name: string): boolean {
  return findings.cells.some(({ metrics }) => metrics[name] !== undefined);
}
