/**
 * Appearance and names of the dial's arms. Arms that a study has too look the same as there.
 */
import type { DialArm } from '../../study/dial/result.ts';
import { armLook, type armStyles } from '../../figures/arm-looks.ts';
import { inks, type Ground } from '../../figures/inks.ts';
import type { LineLook } from '../../figures/line-look.ts';

/** The look of an arm with its colour on a ground. @param area of its marker, px². */
export function dialLook(arm: DialArm, ground: Ground, area = 56): LineLook & { readonly colour: string } {
  const [twin, name] = looks[arm];
  const look = armLook(twin, area);
  return { ...look, name: name ?? look.name, colour: inks[look.ink][ground] };
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
