/**
 * What a study found: the shape that the findings page, the terminal, the report and results.json all read.
 */
import type { Tuning } from '../../training/fine-tuning.ts';
import type { WordWeight } from '../../training/word-weights.ts';
import type { ArmName } from '../arms/registry.ts';
import type { PrimaryQuestion, StudyConfig } from '../config.ts';

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
  /** Precision-recall curve of the seeds' mean probability, recall ascending; empty where it is not defined. */
  readonly precisionRecall: readonly PrecisionRecall[];
  /** Calibration of the probabilities; null without test films of known label. */
  readonly calibration: Calibration | null;
  /** Net benefit over threshold probabilities, ascending, up to the highest probability of a film; empty where it is not defined. */
  readonly decisionCurve: readonly NetBenefit[];
  /** AUROC by group of test films, at the largest training size; empty at others, and when nothing is known of the films. */
  readonly subgroups: readonly Subgroup[];
}

/** A point of a precision-recall curve; both in [0, 1]. */
export interface PrecisionRecall {
  readonly recall: number;
  readonly precision: number;
}

/** Calibration of the seeds' mean probability on test patients, as it is and after temperature scaling. */
export interface Calibration {
  /** Bins of about equally many films, probabilities ascending. */
  readonly bins: readonly CalibrationPoint[];
  /** Expected calibration error of the mean probability, over the same bins. */
  readonly error: Estimate;
  /**
   * Temperature fitted on validation patients (1 = nothing to mend); null where validation has one class only or no temperature fits.
   */
  readonly temperature: number | null;
  /** The same after the logits are divided by that temperature; null without one. */
  readonly scaled: { readonly bins: readonly CalibrationPoint[]; readonly error: Estimate } | null;
}

/** One bin of a reliability curve. */
export interface CalibrationPoint {
  /** Mean probability of the bin's films, in [0, 1]. */
  readonly meanProbability: number;
  /** Share of positive films with its interval (Wilson), in [0, 1]. */
  readonly shareOfPositives: Estimate;
  readonly films: number;
}

/**
 * Net benefit at a threshold probability pₜ: true positives per film less false positives per film × pₜ / (1 − pₜ) (Vickers & Elkin 2006).
 */
export interface NetBenefit {
  /** In (0, 1). */
  readonly threshold: number;
  readonly netBenefit: Estimate;
  /** Of treating all; treating none has 0. */
  readonly treatAll: number;
}

/** AUROC in one group of the test films. */
export interface Subgroup {
  /** What the group is by: "sex", "age", "view", "site" … */
  readonly by: string;
  /** "F", "40–64", "PA" … */
  readonly group: string;
  readonly films: number;
  readonly patients: number;
  readonly positives: number;
  readonly auroc: Estimate;
  /** Fewer than ten positive or ten negative films: the number is shown with a warning. */
  readonly small: boolean;
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
 * its control on shuffled pairs, and, where it also learns from films alone, to its objectives on reports by themselves.
 */
export type ComparedTo =
  'baseline' | 'selfDistilled' | 'noPretraining' | 'permutedPairs' | 'withoutSelfSupervision';

/** A paired difference in AUROC between two conditions on the same test patients. */
export interface Comparison extends Condition {
  readonly comparedTo: ComparedTo;
  /** Test patients with a film of the rarer class; on fewer than `fewestPatients` of them no verdict stands. */
  readonly rarerClassPatients: number;
  readonly difference: Estimate;
  /** Two-sided p from the patient-clustered bootstrap, below 1 − confidence where the interval leaves 0 out, but for a resample or two at the border. */
  readonly p: number | null;
  /** p after Holm over the arms, or over the pre-trainings, of the label (same size, tuning, encoder and reference). */
  readonly adjustedP: number | null;
  /** DeLong's p on the seeds' mean probabilities; ignores clustering of films in patients. */
  readonly delongP: number | null;
  /**
   * The interval and two-sided p when seeds, too, are a sample: patients and seeds crossed, as readers and cases are in reader studies. Null
   * with fewer than two seeds.
   */
  readonly acrossSeeds: { readonly low: number; readonly high: number; readonly p: number } | null;
  /**
   * p of two one-sided tests that the difference lies outside ± margin; below 1 − confidence, the two are equivalent. Stands on `acrossSeeds`'
   * standard error where there is one, else on that over patients. Null on fewer than `fewestPatients`.
   */
  readonly equivalenceP: number | null;
  /** The smallest true difference that this comparison would have found with 80 % power, two-sided at 1 − confidence. */
  readonly detectableDifference: number | null;
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

/** Validation AUROC of each candidate of a distilling condition; test patients are not looked at. */
export interface CandidateGrid extends Condition {
  readonly candidates: readonly GridCandidate[];
}

/** One (λ, τ) of a grid; of several weight decays the best on validation patients, for each seed. */
export interface GridCandidate {
  readonly lambda: number;
  readonly temperature: number;
  /** Mean over seeds of the validation AUROC; null where it is not defined. */
  readonly validationAuroc: number | null;
  /** Standard deviation over seeds; null with fewer than two. */
  readonly standardDeviation: number | null;
  /** Seeds whose chosen run has this λ and τ. */
  readonly chosenBy: number;
  readonly seeds: number;
}

/** How much the report knows of a label, in a word. */
export type ReportKnowledge =
  'saysItOutright' | 'knowsMore' | 'knowsSomething' | 'doesNotKnow' | 'cannotTell';

/** Why reports helped or did not, for one label: the numbers behind the verdict's explanation. */
export interface Diagnosis {
  readonly label: string;
  readonly knowledge: ReportKnowledge;
  /** One or two sentences a clinician can read. */
  readonly sentence: string;
  /** The condition whose teacher, student and text-only probe are meant: the largest training size, the first of the other axes. */
  readonly condition: Omit<Condition, 'arm'>;
  /** AUROC of the text-only probe; null where it was not run. */
  readonly textOnly: Estimate | null;
  /** AUROC of the teacher that sees film and report; null where it was not run. */
  readonly ceiling: Estimate | null;
  /** Teacher less student in AUROC; null where either was not run. */
  readonly gap: Estimate | null;
  /** What is taught, on training films. Null where no teacher was run. */
  readonly taught: TaughtSignal | null;
  /**
   * Words that are among the heaviest of the TF-IDF probe at every seed, mean over seeds, most positive first; empty for other text encoders
   * and in results from before words were kept.
   */
  readonly words: readonly WordWeight[];
  /** Whether positives' reports state the label in words; null when its name yields no terms, or no training film has a report. */
  readonly stated: StatedShare | null;
}

/**
 * How soft the teacher's probabilities are on training films, mean over seeds. Probabilities are those that students are shown: on the scale
 * of the loss, with its weight of positives.
 */
export interface TaughtSignal {
  /** Mean |label − probability| at τ = 1: 0 repeats the label. */
  readonly distanceToLabel: number;
  /** AUROC of the teacher on its own training films. */
  readonly trainingAuroc: number | null;
  /** Mean entropy in bits at τ = 1 and at the chosen τ: 0 is a hard label, 1 says nothing. */
  readonly entropy: number;
  readonly entropyAtTemperature: number | null;
  /** Mean chosen τ over seeds; null where no student was run. */
  readonly temperature: number | null;
}

/** How often reports of training films state a label in words, not denied in the same clause; English only. */
export interface StatedShare {
  /** The words that count as stating it. */
  readonly terms: readonly string[];
  readonly positives: Estimate & { readonly films: number };
  readonly negatives: Estimate & { readonly films: number };
}

/** The primary question of a study whose findings are there. */
export interface NamedQuestion {
  readonly question: PrimaryQuestion;
  /** When the study was written, ISO 8601. */
  readonly namedAt: string;
  /** Of this study's runs for its label, those that other studies had finished by then. Whoever named the question may have seen them. */
  readonly runsBefore: number;
}

/** Everything that was found. */
export interface Findings {
  readonly config: StudyConfig;
  /** Null where the study names none. */
  readonly primary: NamedQuestion | null;
  readonly cells: readonly Cell[];
  readonly comparisons: readonly Comparison[];
  readonly verdicts: readonly Verdict[];
  readonly pretrainingVerdicts: readonly PretrainingVerdict[];
  /** One per distilling condition. */
  readonly grids: readonly CandidateGrid[];
  /** One per label. */
  readonly diagnoses: readonly Diagnosis[];
  /** One paragraph per label: the answer, and what was learned about why (text-only AUROC, teacher's ceiling, gap). */
  readonly answers: readonly { readonly label: string; readonly sentences: readonly string[] }[];
  readonly runsDone: number;
  readonly runsPlanned: number;
}
