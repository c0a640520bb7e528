/**
 * The dials of the synthetic cohort. Its truth is known, so changing a dial should change the verdict in a known way.
 */
import { InputError } from '../../errors.ts';

/** Settings of the generator; all shares are in [0, 1]. */
export interface SyntheticDials {
  readonly seed: number;
  readonly patients: number;
  /** Films for each patient: 1 to this many. */
  readonly maxFilmsPerPatient: number;
  /** How clearly findings show on the film: 0 not at all, 1 plainly. */
  readonly visibility: number;
  /** How often the report states a finding that is there (and denies one that is not). */
  readonly statedEvidence: number;
  /** How often the report grades severity more finely than the film shows it: 0 no grading words, 1 always a faithful grade. */
  readonly gradedSeverity: number;
  /** How often the report states the label `icu_admission_7d` outright, which makes the text overly predictive. */
  readonly statesOutcome: number;
  /** Share of patients with each diagnostic finding. */
  readonly prevalence: number;
  /** Share of labels that are flipped. */
  readonly labelNoise: number;
  /** Share of labels that are not known; 0 when left out. */
  readonly missingLabels?: number;
}

/** The generator's defaults: reports grade what the film shows only noisily. */
export const defaultDials: SyntheticDials = {
  seed: 1,
  patients: 600,
  maxFilmsPerPatient: 2,
  visibility: 0.5,
  statedEvidence: 0.9,
  gradedSeverity: 0.9,
  statesOutcome: 0,
  prevalence: 0.3,
  labelNoise: 0,
  missingLabels: 0,
};

/** A dial as a form shows it; `high` is what a form offers, `value` the default. */
export interface DialField {
  readonly name: keyof SyntheticDials;
  readonly label: string;
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  readonly value: number;
  /** Why this default. */
  readonly why: string;
  /** What should change in a study's answer when the dial is turned up. */
  readonly note: string;
}

const share = { unit: 'share', low: 0, high: 1, step: 0.05 } as const;

/** All dials, in the order in which a form shows them. */
export const dialFields: readonly DialField[] = [
  {
    name: 'patients',
    label: 'Patients',
    unit: 'patients',
    low: 20,
    high: 20_000,
    step: 10,
    value: 600,
    why: 'Enough for nested training sizes and a test set that can tell a difference of some hundredths in AUROC.',
    note: 'More patients narrow every interval; reports help most when training patients are few.',
  },
  {
    name: 'maxFilmsPerPatient',
    label: 'Films per patient, at most',
    unit: 'films',
    low: 1,
    high: 8,
    step: 1,
    value: 2,
    why: 'Some patients return, so that splits and intervals must go by patient.',
    note: 'More films of the same patients add less than new patients do.',
  },
  {
    name: 'visibility',
    label: 'Visibility on the film',
    ...share,
    value: 0.5,
    why: 'Image-only models do well above chance and leave room for a teacher.',
    note: 'Raises the AUROC of image-only arms, from 0.5 at 0; with plain films reports have little to add.',
  },
  {
    name: 'statedEvidence',
    label: 'Findings stated in the report',
    ...share,
    value: 0.9,
    why: 'Radiologists leave some findings unsaid.',
    note: 'Raises the text-only AUROC of the diagnostic labels, from 0.5 at 0 (when severity is not graded either).',
  },
  {
    name: 'gradedSeverity',
    label: 'Severity graded in the report',
    ...share,
    value: 0.9,
    why: 'The radiologist grades severity with less noise than the film shows it: knowledge worth distilling.',
    note: 'Raises the text-only AUROC of icu_admission_7d towards its ceiling; with it a teacher has more to teach than the label.',
  },
  {
    name: 'statesOutcome',
    label: 'Outcome stated in the report',
    ...share,
    value: 0,
    why: 'A report is written before the outcome is known.',
    note: 'Raises the text-only AUROC of icu_admission_7d to 1: a teacher that repeats the label has nothing left to teach.',
  },
  {
    name: 'prevalence',
    label: 'Prevalence of each finding',
    unit: 'share',
    low: 0.02,
    high: 0.98,
    step: 0.02,
    value: 0.3,
    why: 'Frequent enough for both classes on each side of a split.',
    note: 'Turned towards 0 or 1, one class grows rare and intervals of the diagnostic labels widen.',
  },
  {
    name: 'labelNoise',
    label: 'Labels flipped',
    unit: 'share',
    low: 0,
    high: 0.5,
    step: 0.01,
    value: 0,
    why: 'Known truth first; noise is a question of its own.',
    note: 'Lowers the AUROC of every arm, to 0.5 at 0.5; reports follow the truth, not the flipped label.',
  },
  {
    name: 'missingLabels',
    label: 'Labels not known',
    unit: 'share',
    low: 0,
    high: 0.9,
    step: 0.05,
    value: 0,
    why: 'Complete labels unless the masking of missing ones is to be seen.',
    note: 'Leaves fewer labelled films to train on and to test with.',
  },
  {
    name: 'seed',
    label: 'Seed',
    unit: '',
    low: 0,
    high: 4_294_967_295,
    step: 1,
    value: 1,
    why: 'Equal seeds and dials draw the same cohort, byte for byte.',
    note: 'Another seed draws other patients; answers should agree within their intervals.',
  },
];

/** Dials with a name and an expected answer. */
export interface DialPreset {
  readonly name: string;
  readonly label: string;
  /** What a study of such a cohort is expected to find for `icu_admission_7d`. */
  readonly expected: string;
  readonly dials: SyntheticDials;
}

/** The three kinds of report: one that grades the hidden severity, one that states the outcome, one that knows nothing. */
export const dialPresets: readonly DialPreset[] = [
  {
    name: 'graded',
    label: 'Reports grade the severity',
    expected:
      'The text knows more of the severity than the film shows. Distilling it can help, most with few training patients.',
    dials: defaultDials,
  },
  {
    name: 'outcome',
    label: 'Reports state the outcome',
    expected:
      'The text repeats the label. A teacher has nothing left to teach: no gain over self-distillation.',
    dials: { ...defaultDials, gradedSeverity: 0, statesOutcome: 1 },
  },
  {
    name: 'silent',
    label: 'Reports know nothing',
    expected: 'The text is unrelated to every label. Any gain of a student is the gain of soft targets.',
    dials: { ...defaultDials, statedEvidence: 0, gradedSeverity: 0, statesOutcome: 0 },
  },
];

/** Returns the dials unchanged. @throws InputError naming the first dial that is out of range or not a whole number where it must be. */
export function checkDials(dials: SyntheticDials): SyntheticDials {
  for (const { name, label, low, high } of dialFields) {
    const value = dials[name] ?? 0;
    const whole = name === 'patients' || name === 'maxFilmsPerPatient';
    const lowest = whole ? 1 : name === 'prevalence' ? 0.001 : low;
    const highest = whole ? 1_000_000 : name === 'seed' ? Infinity : name === 'prevalence' ? 0.999 : 1;
    if (name === 'seed' ? !Number.isFinite(value) : !(value >= lowest && value <= Math.max(highest, high)))
      throw new InputError(
        `Synthetic cohort: "${label}" must be between ${lowest} and ${highest}, got ${value}; choose a value in that range.`,
      );
    if (whole && !Number.isInteger(value))
      throw new InputError(`Synthetic cohort: "${label}" must be a whole number, got ${value}; round it.`);
  }
  return dials;
}
