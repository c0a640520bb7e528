/**
 * All arms. A new one is a file beside this one and a line here; plan, schema, comparisons, forms and figures follow.
 */
import { methodInputs } from '../../training/methods/inputs.ts';
import type { Arm } from './arm.ts';
import { imageOnly } from './image-only.ts';
import { permutedReports } from './permuted-reports.ts';
import { selfDistilled } from './self-distilled.ts';
import { student } from './student.ts';
import { studentOfReport } from './student-of-report.ts';
import { teacher } from './teacher.ts';
import { textOnly } from './text-only.ts';

/** Teachers stand before their students: plans are made in this order. */
const registry = {
  imageOnly,
  textOnly,
  teacher,
  student,
  studentOfReport,
  selfDistilled,
  permutedReports,
} as const;

/** One arm of a study; the names that results carry. */
export type ArmName = keyof typeof registry;

/** An arm whose teacher is an arm, the teacher of shuffled reports, or nobody. */
export interface KnownArm extends Arm {
  readonly teacher: ArmName | 'permutedTeacher' | null;
}

/** All arms by name. */
export const arms: Readonly<Record<ArmName, KnownArm>> = registry;

/** All names, in the order of the registry. */
export const armNames = Object.keys(registry) as readonly ArmName[];

/** The arms that use reports to train a model that sees images only; a control is no use of reports. */
export const judgedArms: readonly ArmName[] = armNames.filter((arm) => arms[arm].role === 'use');

/** True for arms whose student learns from a teacher. */
export function distils(arm: ArmName): boolean {
  return methodInputs[arms[arm].method].distils;
}

/**
 * The arms that a study runs when these are asked for: the baseline always, each distilling arm's teacher, and the self-distilled control
 * as soon as anything distils, since a gain is credited to the report only net of it. In registry order.
 */
export function completeArms(asked: readonly ArmName[]): ArmName[] {
  const wanted = new Set<ArmName>(['imageOnly', ...asked]);
  if (asked.some(distils)) wanted.add('selfDistilled');
  for (const arm of [...wanted]) {
    const { teacher } = arms[arm];
    if (teacher !== null && teacher !== 'permutedTeacher') wanted.add(teacher);
  }
  return armNames.filter((arm) => wanted.has(arm));
}
