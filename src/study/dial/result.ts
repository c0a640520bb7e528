/**
 * What the tiny study finds at one position of the dial.
 */
import type { Estimate } from '../findings/findings.ts';
import type { DialSettings } from './settings.ts';

/**
 * The arms of the dial: film only (the baseline), report only (which is the teacher), student of the report, the control that is taught by a
 * teacher without reports, alignment, and its control on shuffled pairs.
 */
export const dialArms = [
  'imageOnly',
  'textOnly',
  'studentOfReport',
  'selfDistilled',
  'aligned',
  'alignedShuffled',
] as const;

/** One arm of the dial. */
export type DialArm = (typeof dialArms)[number];

/** The two uses of reports that the dial is about. */
export const dialUses = ['studentOfReport', 'aligned'] as const;

/** A use of reports. */
export type DialUse = (typeof dialUses)[number];

/** The control of each use: the same with nothing to be learned from the report. */
export const controlOf: Readonly<Record<DialUse, DialArm>> = {
  studentOfReport: 'selfDistilled',
  aligned: 'alignedShuffled',
};

/** AUROC of an arm on test patients: the mean over draws, with the interval over test patients and draws. */
export interface DialArmResult {
  readonly arm: DialArm;
  readonly auroc: Estimate;
  /** AUROC of each draw of training patients. */
  readonly draws: readonly number[];
}

/** A paired difference in AUROC: the mean over draws, with the interval over test patients and draws, and each draw. */
export interface DialDifference {
  readonly difference: Estimate;
  readonly draws: readonly number[];
}

/** What a use of reports gained. */
export interface DialGain {
  readonly use: DialUse;
  readonly overBaseline: DialDifference;
  readonly overControl: DialDifference;
  /** Which of the two is the smaller one: a gain counts only over both. */
  readonly counts: 'overBaseline' | 'overControl';
  readonly verdict: DialVerdict;
}

/** Helped: above both references. Hurt: below the baseline. Else these data cannot tell. All by 95 % intervals. */
export type DialVerdict = 'helped' | 'hurt' | 'cannotTell';

/** One position, computed. */
export interface DialResult {
  readonly settings: DialSettings;
  readonly arms: readonly DialArmResult[];
  readonly gains: readonly DialGain[];
  readonly trainingPairs: number;
  readonly validationPatients: number;
  readonly testPatients: number;
  readonly testPositives: number;
  /** A report in words, of the first patient. */
  readonly exampleReport: string;
}

/** The verdict of two intervals. */
export function dialVerdict(overBaseline: Estimate, overControl: Estimate): DialVerdict {
  const above = ({ low }: Estimate): boolean => low !== null && low > 0;
  if (above(overBaseline) && above(overControl)) return 'helped';
  return overBaseline.high !== null && overBaseline.high < 0 ? 'hurt' : 'cannotTell';
}

/** The difference that counts for a gain: the smaller one. */
export function countedDifference(gain: DialGain): DialDifference {
  return gain[gain.counts];
}
