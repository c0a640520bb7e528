/**
 * Which arms a study cannot do without, given others: a gain is credited to reports only net of the self-distilled control.
 */
import { armNames, type ArmName } from '../study/config.ts';

/** Arms whose student learns from a teacher. */
export const distillingArms: readonly ArmName[] = [
  'student',
  'studentOfReport',
  'selfDistilled',
  'permutedReports',
];

/** The arms with what they cannot do without, in the order of the arms' list. */
export function withCompanions(arms: readonly ArmName[]): readonly ArmName[] {
  const needed = new Set<ArmName>(['imageOnly', ...arms]);
  if (arms.some((arm) => distillingArms.includes(arm))) needed.add('selfDistilled');
  if (needed.has('student')) needed.add('teacher');
  if (needed.has('studentOfReport')) needed.add('textOnly');
  return armNames.filter((arm) => needed.has(arm));
}
