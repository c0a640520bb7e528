/**
 * The words for each finding: affirmed, graded, denied, hedged. `{grade}`, `{side}` stand for words that the report fills in.
 */
import type { FindingName } from './patient.ts';

/** Ways to say one thing about one finding in the findings section and in the impression. */
export interface FindingPhrases {
  /** Affirmed without a grade. */
  readonly present: readonly string[];
  /** Affirmed with `{grade}`. */
  readonly graded: readonly string[];
  readonly absent: readonly string[];
  readonly hedged: readonly string[];
  /** Nouns for the impression; `{grade}` is left out when there is none. */
  readonly impression: readonly string[];
  /** Words for the grades 0 to 3, several for each. */
  readonly grades: readonly (readonly string[])[];
}

/** Phrases for the four findings with a diagnostic label. */
export const findingPhrases: Readonly<Record<FindingName, FindingPhrases>> = {
  pleuralEffusion: {
    present: [
      'There is a {side} pleural effusion.',
      'Blunting of the {side} costophrenic angle, in keeping with pleural effusion.',
      '{Side} pleural fluid is present.',
    ],
    graded: [
      'There is a {grade} {side} pleural effusion.',
      '{Grade} {side} pleural effusion.',
      '{Grade} amount of {side} pleural fluid with blunting of the costophrenic angle.',
    ],
    absent: [
      'No pleural effusion.',
      'The costophrenic angles are sharp, without effusion.',
      'No pleural effusion is seen.',
      'There is no evidence of pleural fluid.',
    ],
    hedged: [
      'Blunting of the {side} costophrenic angle may represent pleural effusion or pleural thickening.',
      'A {side} pleural effusion cannot be excluded.',
    ],
    impression: ['{grade} {side} pleural effusion', '{grade} {side} effusion'],
    grades: [['trace', 'tiny'], ['small'], ['moderate'], ['large', 'sizeable']],
  },
  cardiomegaly: {
    present: [
      'The heart is enlarged.',
      'Cardiomegaly is present.',
      'The cardiac silhouette is enlarged.',
      'The cardiothoracic ratio is increased.',
    ],
    graded: [
      'The heart is {adverb} enlarged.',
      '{Grade} cardiomegaly.',
      'There is {grade} enlargement of the cardiac silhouette.',
    ],
    absent: [
      'The heart size is normal.',
      'No cardiomegaly.',
      'The heart is not enlarged.',
      'The cardiac silhouette is within normal limits.',
    ],
    hedged: [
      'The heart size is at the upper limit of normal and may be enlarged.',
      'Possible cardiomegaly, although the projection limits assessment.',
    ],
    impression: ['{grade} cardiomegaly', '{grade} cardiac enlargement'],
    grades: [['borderline'], ['mild'], ['moderate'], ['marked', 'severe']],
  },
  congestion: {
    present: [
      'Pulmonary vascular congestion is present.',
      'Perihilar haze and septal lines, in keeping with pulmonary oedema.',
      'The pulmonary vessels are distended, with congestion.',
      'There is interstitial pulmonary edema.',
    ],
    graded: [
      '{Grade} pulmonary vascular congestion.',
      'There is {grade} interstitial oedema with Kerley B lines.',
      '{Grade} pulmonary edema with perihilar haze.',
    ],
    absent: [
      'No pulmonary vascular congestion.',
      'The pulmonary vasculature is normal, without congestion.',
      'No pulmonary oedema.',
      'No evidence of pulmonary edema or congestion.',
    ],
    hedged: [
      'Prominent perihilar markings may reflect early congestion.',
      'Incipient pulmonary oedema is possible.',
    ],
    impression: ['{grade} pulmonary congestion', '{grade} pulmonary oedema'],
    grades: [['minimal'], ['mild', 'slight'], ['moderate'], ['severe', 'pronounced']],
  },
  nodule: {
    present: [
      'There is a nodule in the {side} lung.',
      'A rounded opacity projects over the {side} lung, in keeping with a nodule.',
      'Pulmonary nodule on the {side}.',
    ],
    graded: [
      'There is a {grade} nodule in the {side} lung.',
      'A {grade} rounded nodule projects over the {side} lung.',
    ],
    absent: [
      'No pulmonary nodule.',
      'No focal nodule or mass is identified.',
      'No suspicious nodule.',
      'There is no pulmonary mass or nodule.',
    ],
    hedged: [
      'A faint opacity over the {side} lung may represent a nodule or a vessel seen end-on.',
      'Questionable nodule in the {side} lung; superimposition is possible.',
    ],
    impression: ['{grade} {side} pulmonary nodule', '{grade} nodule in the {side} lung'],
    grades: [
      ['tiny', '5 mm'],
      ['small', '10 mm'],
      ['medium-sized', '18 mm'],
      ['large', 'mass-like'],
    ],
  },
};

/** Sentences for the six grades of airspace opacity, from clear to severe. */
export const airspacePhrases: readonly (readonly string[])[] = [
  ['The lungs are well aerated and clear.', 'Clear lungs on both sides.', 'The lungs are clear throughout.'],
  ['Faint, barely visible basal opacities.', 'Subtle basal opacities, barely above what is usual.'],
  ['Limited patchy airspace opacities at the bases.', 'Scattered limited opacities in the lower zones.'],
  ['Multifocal airspace opacities in both lungs.', 'Bilateral multifocal patchy opacities.'],
  ['Extensive bilateral airspace opacities.', 'Widespread, extensive opacities in both lungs.'],
  [
    'Dense, confluent airspace opacities throughout both lungs.',
    'Diffuse confluent opacification of both lungs.',
  ],
];

/** The same six grades as an impression sums them up. */
export const airspaceImpressions: readonly (readonly string[])[] = [
  ['Clear lungs', 'Clear lungs on both sides'],
  ['Barely visible basal opacities', 'Basal opacities, barely visible'],
  ['Limited airspace opacities', 'Limited patchy opacities'],
  ['Multifocal airspace opacities', 'Multifocal patchy opacities'],
  ['Extensive airspace opacities', 'Extensive opacities in both lungs'],
  ['Confluent airspace opacities', 'Confluent opacities in both lungs'],
];

/** Definite statements of the outcome `icu_admission_7d`: did not happen, happened. */
export const outcomePhrases: Readonly<Record<0 | 1, readonly string[]>> = {
  0: [
    'Patient remained on the general ward.',
    'No admission to intensive care was required.',
    'Patient managed on the ward without intensive care.',
  ],
  1: [
    'Patient admitted to intensive care.',
    'Patient has been transferred to the intensive care unit.',
    'Admission to the ICU followed.',
  ],
};

/** Sentences that say nothing about any label. */
export const distractorPhrases: readonly string[] = [
  'Degenerative changes of the thoracic spine.',
  'Mild scoliosis of the thoracic spine.',
  'Old healed rib fractures on the left.',
  'The trachea is midline.',
  'No pneumothorax.',
  'The aorta is tortuous and calcified.',
  'Calcified granuloma in the right upper lobe, unchanged.',
  'Mild elevation of the right hemidiaphragm.',
  'Surgical clips project over the upper abdomen.',
  'No acute osseous abnormality.',
  'ECG leads overlie the chest.',
  'The mediastinal contours are unremarkable.',
];

/** Reasons for the examination; unrelated to the truth. */
export const indicationPhrases: readonly string[] = [
  'Shortness of breath.',
  'Cough and fever.',
  'Chest pain.',
  'Preoperative assessment.',
  'Dyspnoea on exertion.',
  'Follow-up.',
  'Weakness. Please assess.',
  'Rule out infiltrate.',
];
