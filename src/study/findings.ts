/**
 * What a study found: the shape that the findings page, the terminal, the report and results.json all read.
 */
import type { Tuning } from '../training/fine-tuning.ts';
import type { ArmName, StudyConfig } from './config.ts';

/** A number with its interval; a value that is not defined on these patients is null and shown as "undefined". */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Metrics by registry name: auroc, auprc, brierScore, expectedCalibrationError, logLoss, sensitivity, specificity. */
export type Metrics = Readonly<Record<string, Estimate>>;

/** One condition of the study. */
export interface Condition {
  readonly label: string;
  readonly arm: ArmName;
  readonly tuning: Tuning;
  readonly pretraining: string;
  readonly imageEncoder: string;
  readonly trainingSize: number | 'all';
}

/** A condition with its results: mean over seeds, interval over patients, spread over seeds kept apart. */
export interface Cell extends Condition {
  /** Training patients really used (a size beyond the cohort is cut). */
  readonly trainingPatients: number;
  readonly testPatients: number;
  readonly testFilms: number;
  readonly testPositives: number;
  /** Candidates tried on validation patients, for each seed. */
  readonly candidates: number;
  readonly metrics: Metrics;
  /** The chosen run of each seed. */
  readonly seeds: readonly SeedResult[];
  /** Standard deviation of AUROC over seeds; null with fewer than two. */
  readonly seedStandardDeviation: number | null;
  /** ROC curve of the seeds' mean probability, with the operating point chosen on validation patients. */
  readonly roc: readonly RocPoint[];
  readonly operatingPoint: RocPoint | null;
}

/** A point of a ROC curve; both in [0, 1]. */
export interface RocPoint {
  readonly falsePositiveRate: number;
  readonly sensitivity: number;
}

/** The run that validation chose for one seed. */
export interface SeedResult {
  readonly seed: number;
  readonly runId: string;
  readonly weightDecay: number;
  readonly lambda: number | null;
  readonly temperature: number | null;
  readonly auroc: number | null;
}

/**
 * Which reference a condition is compared to: an arm to the image-only baseline or to the self-distilled control; a pre-training to none, or to
 * its control on shuffled pairs.
 */
export type ComparedTo = 'baseline' | 'selfDistilled' | 'noPretraining' | 'permutedPairs';

/** A paired difference in AUROC between two conditions on the same test patients. */
export interface Comparison extends Condition {
  readonly comparedTo: ComparedTo;
  readonly difference: Estimate;
  /** Two-sided p from the patient-clustered bootstrap. */
  readonly p: number | null;
  /** p after Holm over the arms, or over the pre-trainings, of the label (same size, tuning, encoder and reference). */
  readonly adjustedP: number | null;
  /** DeLong's p on the seeds' mean probabilities; ignores clustering of films in patients. */
  readonly delongP: number | null;
}

/** What can be said of one use of reports for one label at one training size. */
export type VerdictWord = 'helped' | 'hurt' | 'noClearDifference' | 'cannotTell';

/** A verdict with the numbers it stands on. */
export interface Verdict extends Condition {
  readonly word: VerdictWord;
  /** One or two sentences a clinician can read, numbers included. */
  readonly sentence: string;
  readonly overBaseline: Comparison;
  /** Null for arms that do not distil. */
  readonly overControl: Comparison | null;
}

/** A verdict on a pre-training, for the image-only classifier that was fine-tuned from it. */
export interface PretrainingVerdict extends Condition {
  readonly word: VerdictWord;
  /** True for recipes that learn from reports: then "helped" is net of the control on shuffled pairs. */
  readonly usesReports: boolean;
  readonly sentence: string;
  readonly overNone: Comparison;
  /** Null for recipes that see films only, and where the control was not run. */
  readonly overControl: Comparison | null;
}

/** Everything that was found. */
export interface Findings {
  readonly config: StudyConfig;
  readonly cells: readonly Cell[];
  readonly comparisons: readonly Comparison[];
  readonly verdicts: readonly Verdict[];
  readonly pretrainingVerdicts: readonly PretrainingVerdict[];
  /** One paragraph a label: the answer, and what was learned about why (text-only AUROC, teacher's ceiling, gap). */
  readonly answers: readonly { readonly label: string; readonly sentences: readonly string[] }[];
  readonly runsDone: number;
  readonly runsPlanned: number;
}
