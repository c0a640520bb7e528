/**
 * What the radiologist decides to say, before any words are chosen: findings affirmed, denied, hedged or left unsaid, grades, and
 * sometimes the outcome.
 */
import type { Random } from '../../random/random.ts';
import type { SyntheticDials } from './dials.ts';
import type { Outcomes } from './labels.ts';
import { findingNames, type BodySide, type FindingName, type HiddenTruth } from './patient.ts';

/** One thing said about one finding. */
export interface FindingStatement {
  readonly finding: FindingName;
  readonly kind: 'present' | 'absent' | 'hedged';
  /** Grade from 0 (trace) to 3 (large, severe), for a finding that is present; null when the report does not grade. */
  readonly grade: 0 | 1 | 2 | 3 | null;
  readonly side: BodySide;
}

/** All that one report says about the truth. */
export interface Statements {
  /** In the order of `findingNames`; findings left unsaid are not listed. */
  readonly findings: readonly FindingStatement[];
  /** Grade of the airspace opacity from 0 (clear) to 5 (severe), which follows the acute severity; null when the report does not grade. */
  readonly airspaceGrade: number | null;
  /** Whether the patient was admitted to intensive care, where the report says so; null where it does not. */
  readonly icuAdmission: 0 | 1 | null;
}

/** Noise of the radiologist's reading of the acute severity z ~ N(0, 1): far less than that of the film. */
const readingNoise = 0.3;

/** Bounds between the six airspace grades, in units of the acute severity. */
const airspaceBounds = [-1, -0.35, 0.25, 0.85, 1.5];

/** Share of hedged statements on findings that are there; on findings that are not it is a fifth of this. */
const hedgedShare = 0.15;

/** Decides what a report says. Every decision draws the same amount of randomness, whatever the truth is. */
export function drawStatements(
  truth: HiddenTruth,
  outcomes: Outcomes,
  dials: SyntheticDials,
  random: Random,
): Statements {
  const findings: FindingStatement[] = [];
  for (const finding of findingNames) {
    const statement = drawFindingStatement(finding, truth, dials, random.fork(finding));
    if (statement) findings.push(statement);
  }
  const grading = random.fork('airspace');
  const reading = truth.acuteSeverity + grading.normal(0, readingNoise);
  const graded = grading.chance(dials.gradedSeverity);
  const airspaceGrade = airspaceBounds.filter((bound) => reading > bound).length;
  return {
    findings,
    airspaceGrade: graded ? airspaceGrade : null,
    icuAdmission: random.fork('outcome').chance(dials.statesOutcome) ? outcomes.icuAdmission : null,
  };
}

function drawFindingStatement(
  finding: FindingName,
  truth: HiddenTruth,
  dials: SyntheticDials,
  random: Random,
): FindingStatement | null {
  const { present, severity } = truth.findings[finding];
  const stated = random.chance(dials.statedEvidence);
  const hedged = random.chance(present ? hedgedShare : hedgedShare / 5);
  const graded = random.chance(dials.gradedSeverity);
  const grade = gradeOf(severity + random.normal(0, 0.06));
  if (!stated) return null;
  return {
    finding,
    kind: hedged ? 'hedged' : present ? 'present' : 'absent',
    grade: graded && present && !hedged ? grade : null,
    side: finding === 'nodule' ? truth.nodulePlace.side : truth.effusionSide,
  };
}

function gradeOf(severity: number): 0 | 1 | 2 | 3 {
  if (severity < 0.15) return 0;
  if (severity < 0.45) return 1;
  return severity < 0.78 ? 2 : 3;
}
