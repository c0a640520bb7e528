/**
 * Appearance and names of the dial's arms. Arms that a study has too look the same as there.
 */
import type { DialArm } from '../../study/dial/result.ts';
import { armStyles, markerPath, type Ground } from '../shared/arms.ts';
import type { CurveStyle } from '../shared/curve-style.ts';

/** The look of an arm on a ground. @param area of its marker, px². */
export function dialLook(arm: DialArm, ground: Ground, area = 56): CurveStyle {
  const [twin, name] = looks[arm];
  const { label, colour, dash } = armStyles[twin];
  return { name: name ?? label, colour: colour[ground], dash, marker: markerPath(twin, area) };
}

/** The study's arm whose colour and marker are taken, and a name where the arm is not the same. */
const looks = {
  imageOnly: ['imageOnly', null],
  textOnly: ['textOnly', 'Report only (the teacher)'],
  studentOfReport: ['studentOfReport', null],
  selfDistilled: ['selfDistilled', null],
  aligned: ['permutedReports', 'Aligned with reports'],
  alignedShuffled: ['teacher', 'Aligned with shuffled reports (control)'],
} as const satisfies Record<DialArm, readonly [keyof typeof armStyles, string | null]>;
