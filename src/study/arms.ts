/**
 * The arms of fine-tuning: what each is trained on, what it sees, and its teacher.
 */
import { methodInputs, type MethodName } from '../training/methods/inputs.ts';
import type { ArmName } from './config.ts';

/** What an arm is. */
export interface Arm {
  /** As tables and figures call it. */
  readonly label: string;
  readonly description: string;
  readonly method: MethodName;
  /**
   * The arm whose best candidate teaches this one; null when nobody does. The permuted control's teacher is not an arm, because its numbers
   * answer no question.
   */
  readonly teacher: ArmName | 'permutedTeacher' | null;
  /** A control shows what would be gained without any report. */
  readonly control: boolean;
}

/** All arms by name. */
export const arms: Readonly<Record<ArmName, Arm>> = {
  imageOnly: {
    label: 'Image only',
    description: 'Trained on films and labels; the baseline.',
    method: 'imageOnly',
    teacher: null,
    control: false,
  },
  textOnly: {
    label: 'Report only',
    description: 'Trained on reports and labels: how well is the label represented in the report?',
    method: 'textOnly',
    teacher: null,
    control: false,
  },
  teacher: {
    label: 'Image + report',
    description: 'Sees film and report also at test time: the ceiling.',
    method: 'teacher',
    teacher: null,
    control: false,
  },
  student: {
    label: 'Student of image + report',
    description:
      'Sees the film only; learns from labels and the softened output of the image + report teacher.',
    method: 'distillation',
    teacher: 'teacher',
    control: false,
  },
  studentOfReport: {
    label: 'Student of report',
    description: 'Sees the film only; learns from labels and the softened output of the report-only teacher.',
    method: 'distillation',
    teacher: 'textOnly',
    control: false,
  },
  selfDistilled: {
    label: 'Self-distilled (control)',
    description:
      'Sees the film only; its teacher sees only the film too. What distillation gains without any report.',
    method: 'distillation',
    teacher: 'imageOnly',
    control: true,
  },
  permutedReports: {
    label: 'Student of permuted reports (control)',
    description: 'Sees the film only; its teacher was trained on reports shuffled among training patients.',
    method: 'distillation',
    teacher: 'permutedTeacher',
    control: true,
  },
};

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
  return (Object.keys(arms) as ArmName[]).filter((arm) => wanted.has(arm));
}
