/**
 * The synthetic cohort's dials as a form shows them.
 */
import type { SyntheticDials } from '../cohort/synthetic/dials.ts';

/** One dial. */
export interface DialField {
  readonly name: keyof SyntheticDials;
  readonly label: string;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  /** What turning it does. */
  readonly effect: string;
}

/** All dials, the ones that decide the verdict first. */
export const dialFields: readonly DialField[] = [
  {
    name: 'gradedSeverity',
    label: 'Report grades the severity',
    low: 0,
    high: 1,
    step: 0.05,
    effect:
      'How finely the report grades what the film shows only noisily. This is what a teacher can pass on.',
  },
  {
    name: 'statesOutcome',
    label: 'Report states the label',
    low: 0,
    high: 1,
    step: 0.05,
    effect: 'At 1 the text gives the label away: the teacher has nothing left to teach.',
  },
  {
    name: 'statedEvidence',
    label: 'Findings stated',
    low: 0,
    high: 1,
    step: 0.05,
    effect: 'How often a finding that is there is stated, and one that is not is denied.',
  },
  {
    name: 'visibility',
    label: 'Visibility on the film',
    low: 0,
    high: 1,
    step: 0.05,
    effect: 'How clearly findings show: 0 not at all, 1 plainly.',
  },
  {
    name: 'prevalence',
    label: 'Prevalence',
    low: 0.02,
    high: 0.6,
    step: 0.02,
    effect: 'Share of patients with each diagnostic finding.',
  },
  {
    name: 'labelNoise',
    label: 'Label noise',
    low: 0,
    high: 0.4,
    step: 0.01,
    effect: 'Share of labels that are flipped.',
  },
  {
    name: 'patients',
    label: 'Patients',
    low: 60,
    high: 5000,
    step: 20,
    effect: 'How many patients are drawn.',
  },
  {
    name: 'maxFilmsPerPatient',
    label: 'Films per patient, at most',
    low: 1,
    high: 5,
    step: 1,
    effect: 'Each patient has 1 to this many films.',
  },
  { name: 'seed', label: 'Seed', low: 1, high: 999, step: 1, effect: 'Equal seeds draw equal cohorts.' },
];
