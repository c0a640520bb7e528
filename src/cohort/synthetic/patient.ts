/**
 * The hidden truth about a patient. Films, reports and labels are drawn from it and from nothing else.
 *
 * Findings, acute severity, frailty, age, sex and projection are independent of one another. Real findings are correlated; these are not,
 * on purpose: a report about one finding then gives no information about another.
 */
import type { Random } from '../../random/random.ts';
import type { SyntheticDials } from './dials.ts';

/** The findings that have a diagnostic label. */
export const findingNames = ['pleuralEffusion', 'cardiomegaly', 'congestion', 'nodule'] as const;

/** One finding. */
export type FindingName = (typeof findingNames)[number];

/** The side of the body on which a finding lies; patient's left is on the right of the film. */
export type BodySide = 'right' | 'left' | 'both';

/** A finding of one patient: absent, or present with a severity in (0, 1]. */
export interface Finding {
  readonly present: boolean;
  readonly severity: number;
}

/** All that is true of one patient on one occasion. */
export interface HiddenTruth {
  readonly findings: Readonly<Record<FindingName, Finding>>;
  /** Acute severity z ~ N(0, 1); drives `icu_admission_7d`. Shows as patchy airspace opacity. */
  readonly acuteSeverity: number;
  /** Frailty ~ N(0, 1); drives `readmission_12m`. Shows as thin bones and thin soft tissue; no report knows of it. */
  readonly frailty: number;
  readonly effusionSide: BodySide;
  /** Where a nodule lies, if there is one: lung, and place within it in [0, 1] across and down; most lie in the upper half. */
  readonly nodulePlace: { readonly side: 'right' | 'left'; readonly across: number; readonly down: number };
}

/** A patient: the truth that all films share, and what else is written down. */
export interface SyntheticPatient {
  readonly patientId: string;
  readonly sex: 'female' | 'male';
  /** Age in years, 18 to 95. */
  readonly age: number;
  readonly filmCount: number;
  readonly truth: HiddenTruth;
  /** Implanted device that films show and reports mention; unrelated to any label. */
  readonly device: 'none' | 'pacemaker' | 'port';
}

/** The stream of one patient; its forks are the patient's truth, films, reports and labels. */
export function patientRandom(seed: Random, index: number): Random {
  return seed.fork(`patient ${index}`);
}

/** How many films patient `index` has: 1 to maxFilmsPerPatient, each as likely. */
export function drawFilmCount(random: Random, dials: SyntheticDials): number {
  return 1 + random.fork('film count').integer(dials.maxFilmsPerPatient);
}

/** Draws a patient. @param random the patient's stream. */
export function drawPatient(random: Random, index: number, dials: SyntheticDials): SyntheticPatient {
  const person = random.fork('person');
  return {
    patientId: `patient-${String(index + 1).padStart(5, '0')}`,
    sex: person.chance(0.5) ? 'female' : 'male',
    age: Math.round(Math.min(95, Math.max(18, person.normal(62, 15)))),
    device: person.chance(0.1) ? person.pick(['pacemaker', 'port'] as const) : 'none',
    filmCount: drawFilmCount(random, dials),
    truth: drawTruth(random.fork('truth'), dials.prevalence),
  };
}

/** The patient's truth on the day of one film: what is present stays, severities drift a little. */
export function driftTruth(truth: HiddenTruth, random: Random): HiddenTruth {
  const drifted = findingNames.map((name) => {
    const { present, severity } = truth.findings[name];
    return [name, { present, severity: clamp(severity + random.normal(0, 0.06), 0.02, 1) }] as const;
  });
  return {
    ...truth,
    findings: Object.fromEntries(drifted) as Record<FindingName, Finding>,
    acuteSeverity: truth.acuteSeverity + random.normal(0, 0.1),
    frailty: truth.frailty + random.normal(0, 0.05),
  };
}

function drawTruth(random: Random, prevalence: number): HiddenTruth {
  const findings = findingNames.map(
    (name) => [name, { present: random.chance(prevalence), severity: random.uniform(0.02, 1) }] as const,
  );
  return {
    findings: Object.fromEntries(findings) as Record<FindingName, Finding>,
    acuteSeverity: random.normal(),
    frailty: random.normal(),
    effusionSide: random.pick(['right', 'left', 'both'] as const),
    nodulePlace: {
      side: random.pick(['right', 'left'] as const),
      across: random.uniform(0.3, 0.6),
      down: random.uniform(0.1, 0.5),
    },
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
