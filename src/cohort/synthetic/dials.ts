/**
 * The dials of the synthetic cohort. Because the truth is known, turning a dial must turn the verdict.
 */

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
  /** How finely the report grades severity beyond what the film shows: 0 no grading words, 1 a faithful grade. */
  readonly gradedSeverity: number;
  /** How often the report states the label outright, which makes the text overly predictive. */
  readonly statesOutcome: number;
  /** Share of patients with each diagnostic finding. */
  readonly prevalence: number;
  /** Share of labels that are flipped. */
  readonly labelNoise: number;
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
};
