/**
 * TRIPOD+AI, the checklist for studies of prediction models: 27 items, 52 with their parts. Subjects are in our own words.
 */
import { primarySentence } from '../../study/findings/primary-question.ts';
import { limitSentences } from '../study-limits.ts';
import * as say from '../study-sentences.ts';
import * as answers from './answers.ts';
import {
  onlyAuthors,
  part,
  whole,
  type Answer,
  type Checklist,
  type ChecklistItem,
  type StudyFacts,
} from './checklist.ts';

type Answering = (facts: StudyFacts) => Answer | null;

/** Collins et al. 2024. */
export const tripodAi: Checklist = {
  name: 'TRIPOD+AI',
  source:
    'Collins GS, Moons KGM, Dhiman P, et al. TRIPOD+AI statement: updated guidance for reporting clinical prediction models that use regression or machine learning methods. BMJ 2024;385:e078378.',
  items: [
    item('1', 'Title', 'Kind of study, target population, outcome', 'title', answers.titleAnswer),
    item('2', 'Abstract', 'Summary by the list for abstracts', 'a structured abstract', onlyAuthors),
    item(
      '3a',
      'Background',
      'Clinical context, reasons, earlier models',
      'context, whether diagnostic or prognostic, earlier models',
      onlyAuthors,
    ),
    item(
      '3b',
      'Background',
      'For whom and by whom the model is meant to be used',
      'target population, place in care, intended users',
      onlyAuthors,
    ),
    item(
      '3c',
      'Background',
      'Known inequalities in health',
      'what is known of inequalities between groups of people',
      onlyAuthors,
    ),
    item(
      '4',
      'Objectives',
      'Objectives; development, evaluation or both',
      'objectives',
      answers.objectivesAnswer,
    ),
    item('5a', 'Data', 'Sources of data, and whom they represent', 'sources', answers.sourceAnswer),
    item(
      '5b',
      'Data',
      'Dates of the data',
      'first and last date of patients’ entry, end of follow-up',
      onlyAuthors,
    ),
    item('6a', 'Participants', 'Setting and centres', 'setting, number and place of centres', onlyAuthors),
    item('6b', 'Participants', 'Who was eligible', 'criteria of inclusion and exclusion', onlyAuthors),
    item('6c', 'Participants', 'Treatments', 'treatments received and how they were handled', onlyAuthors),
    item('7', 'Data preparation', 'Preparation and checks of data', 'preparation', answers.preparationAnswer),
    item('8a', 'Outcome', 'What is predicted, when and how it was assessed', 'outcome', ({ study }) =>
      part(
        'how and when labels were assessed, time horizon, whether in the same way for all groups',
        say.outcomeSentence(study),
      ),
    ),
    item(
      '8b',
      'Outcome',
      'Who assessed the outcome',
      'assessors’ qualifications and characteristics',
      onlyAuthors,
    ),
    item(
      '8c',
      'Outcome',
      'Blinding of the outcome’s assessment',
      'whether assessors knew film and report',
      onlyAuthors,
    ),
    item('9a', 'Predictors', 'Choice of predictors', 'choice of predictors', () =>
      whole(
        'The film alone at test time; the report only in training, and in the probes and teachers that are no classifiers for use. No predictor was selected beforehand.',
      ),
    ),
    item(
      '9b',
      'Predictors',
      'Definition and measurement of predictors',
      'how films were taken',
      ({ study }) =>
        part(
          'how and when films were taken and reports written',
          say.preparationSentence(study),
          `Reports were read by ${study.findings.config.textEncoder.name}.`,
        ),
    ),
    item('9c', 'Predictors', 'Who assessed predictors', 'who wrote the reports', () =>
      part(
        'who wrote the reports, with what qualification',
        'Films are read by the classifier without a person’s judgement.',
      ),
    ),
    item(
      '10',
      'Sample size',
      'How the sample size came about',
      'how the number of patients came about',
      answers.sampleSizeAnswer,
    ),
    item('11', 'Missing data', 'Missing data', 'missing data', answers.missingAnswer),
    item('12a', 'Analytical methods', 'Use and partition of data', 'partition', answers.splitAnswer),
    item('12b', 'Analytical methods', 'Handling of predictors', 'handling of predictors', ({ study }) =>
      whole(say.preparationSentence(study)),
    ),
    item('12c', 'Analytical methods', 'Model, building, tuning, internal validation', 'model', (facts) =>
      whole(
        answers.modelAnswer(facts).text,
        answers.trainingAnswer(facts).text,
        'Internal validation: one split by patient, tested once.',
      ),
    ),
    item(
      '12d',
      'Analytical methods',
      'Differences between clusters',
      'differences between clusters, e.g. sites',
      siteAnswer,
    ),
    item(
      '12e',
      'Analytical methods',
      'Measures and plots of performance; comparison of models',
      'measures',
      ({ study: { findings } }) =>
        whole(say.metricsSentence(findings), say.intervalsSentence(findings.config)),
    ),
    item('12f', 'Analytical methods', 'Updating of the model', 'whether the model was updated', () =>
      whole(
        'No model was updated. Temperature scaling, fitted on validation patients, is shown beside the calibration as it is, and changes no other number.',
      ),
    ),
    item(
      '12g',
      'Analytical methods',
      'How predictions were computed',
      'how predictions were computed',
      ({ study }) =>
        whole(
          'The sigmoid of the classifier’s logit, in this lab; results.json holds the prediction of each run for each film.',
          say.softwareSentence(study),
        ),
    ),
    item('13', 'Class imbalance', 'Class imbalance', 'handling of imbalance', () =>
      whole(say.imbalanceSentence),
    ),
    item('14', 'Fairness', 'Approaches to fairness', 'approaches to fairness and reasons', fairnessAnswer),
    item('15', 'Model output', 'Output, and thresholds of classes', 'output', () =>
      whole(
        'A probability of the label. For sensitivity and specificity, the threshold with the largest sensitivity + specificity − 1 on validation patients (Youden); it is no advice for use.',
      ),
    ),
    item(
      '16',
      'Training versus evaluation',
      'Differences between training and evaluation data',
      'differences',
      ({ counts }) => whole('None by design: one cohort, split by patient.', say.splitSentence(counts)),
    ),
    item(
      '17',
      'Ethical approval',
      'Approval and consent',
      'ethics committee, number of the approval, consent or its waiver',
      onlyAuthors,
    ),
    item('18a', 'Open science', 'Funding', 'sources of funding and the funders’ role', onlyAuthors),
    item('18b', 'Open science', 'Conflicts of interest', 'conflicts of interest of all authors', onlyAuthors),
    item(
      '18c',
      'Open science',
      'Protocol',
      'where a protocol can be read, or that there is none',
      ({ study }) =>
        part(
          'where a protocol can be read, or that there is none',
          `The configuration that was run stands at the end of the report. ${primarySentence(study.findings)}`,
        ),
    ),
    item(
      '18d',
      'Open science',
      'Registration',
      'register and number, or that the study was not registered',
      onlyAuthors,
    ),
    item('18e', 'Open science', 'Availability of data', 'whether and where data can be had', ({ counts }) =>
      part(
        'whether and where films and reports can be had',
        `Predictions and labels of test and validation films stand in results.json; the cohort’s fingerprint is ${counts.fingerprint}.`,
      ),
    ),
    item('18f', 'Open science', 'Availability of code', 'where the code can be had', ({ study }) =>
      part('where this version of the lab can be had', say.softwareSentence(study)),
    ),
    item(
      '19',
      'Patient and public involvement',
      'Involvement of patients and the public',
      'involvement, or that there was none',
      onlyAuthors,
    ),
    item('20a', 'Participants', 'Flow of participants', 'flow before the import', (facts) =>
      part(
        'flow of patients before the import, follow-up',
        answers.countsAnswer(facts).text,
        say.excludedSentence(facts.study),
      ),
    ),
    item('20b', 'Participants', 'Characteristics of participants', 'characteristics, dates, treatments', () =>
      part(
        'characteristics that the cohort does not bring, key dates, treatments',
        'See Cohort: films, patients, prevalence and missing values by side of the split, and groups of films.',
      ),
    ),
    item('20c', 'Participants', 'Evaluation data beside development data', 'comparison', () =>
      whole('See Cohort: labels and groups stand side by side for train, validation and test.'),
    ),
    item(
      '21',
      'Model development',
      'Participants and events in each analysis',
      'numbers',
      answers.countsAnswer,
    ),
    item(
      '22',
      'Model specification',
      'The full model, for others to use',
      'where the model can be had',
      ({ study: { findings } }) =>
        part(
          'whether and where the weights can be had, and under which terms',
          say.modelSentence(findings.config),
          'The whole configuration stands at the end of the report.',
        ),
    ),
    item('23a', 'Model performance', 'Performance with intervals, also in groups', 'performance', (facts) => {
      const performance = answers.performanceAnswer(facts);
      const groups = answers.subgroupAnswer(facts);
      if (!performance) return null;
      return groups
        ? whole(performance.text, groups)
        : part('performance in groups of people: the cohort brings none', performance.text);
    }),
    item(
      '23b',
      'Model performance',
      'Performance by cluster',
      'performance by cluster, e.g. by site',
      siteAnswer,
    ),
    item('24', 'Model updating', 'Results of updating', 'results of updating', () =>
      whole('No model was updated.'),
    ),
    item(
      '25',
      'Interpretation',
      'Interpretation of results',
      'interpretation beside earlier studies',
      (facts) => {
        const text = answers.interpretationText(facts);
        return text === null ? null : part('what it means beside earlier studies, and for fairness', text);
      },
    ),
    item('26', 'Limitations', 'Limitations', 'limitations', ({ study }) =>
      part('limits of the cohort and of the labels that the lab cannot know', ...limitSentences(study)),
    ),
    item(
      '27a',
      'Usability',
      'Poor or missing input in use',
      'how films of poor quality would be handled in use',
      onlyAuthors,
    ),
    item(
      '27b',
      'Usability',
      'What users do, with what expertise',
      'what users would have to do and know',
      onlyAuthors,
    ),
    item('27c', 'Usability', 'Next steps', 'next steps, with a view to other settings', onlyAuthors),
  ],
};

function item(
  number: string,
  section: string,
  subject: string,
  asks: string,
  answer: Answering,
): ChecklistItem {
  return { number, section, subject, asks, answer };
}

/** A cohort may have sites, which are clusters. */
function siteAnswer({ study: { findings } }: StudyFacts): Answer | null {
  const has = findings.cells.some(({ subgroups }) =>
    subgroups.some(({ by }) => /site|hospital|cent(re|er)|institution/i.test(by)),
  );
  return has
    ? whole(
        'AUROC by site stands with each label; heterogeneity between sites was not modelled. Films of a patient are resampled together.',
      )
    : null;
}

function fairnessAnswer(facts: StudyFacts): Answer | null {
  const groups = answers.subgroupAnswer(facts);
  return groups === null
    ? null
    : part('which groups matter, and why', groups, 'Nothing was done in training to make groups alike.');
}
