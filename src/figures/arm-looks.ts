/**
 * How the arms of a study look and are called: an ink, a marker shape and a dash, so that no arm is told by colour alone.
 */
import {
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  symbolWye,
  type SymbolType,
} from 'd3-shape';
import { arms } from '../study/arms.ts';
import type { ArmName } from '../study/config.ts';
import { inks, type Ground, type InkName } from './inks.ts';
import type { LineLook } from './line-look.ts';

/** An arm's look and words. */
export interface ArmStyle {
  readonly label: string;
  /** What it is trained on and sees, in a line. */
  readonly meaning: string;
  readonly ink: InkName;
  readonly colour: Readonly<Record<Ground, string>>;
  readonly dash: string;
  readonly marker: SymbolType;
}

/** Styles by arm. */
export const armStyles: Readonly<Record<ArmName, ArmStyle>> = {
  imageOnly: styleOf('imageOnly', 'black', '', symbolCircle),
  textOnly: styleOf('textOnly', 'orange', '2 3', symbolTriangle),
  teacher: styleOf('teacher', 'skyBlue', '8 3', symbolSquare),
  student: styleOf('student', 'vermilion', '', symbolDiamond),
  studentOfReport: styleOf('studentOfReport', 'purple', '6 2 2 2', symbolStar),
  selfDistilled: styleOf('selfDistilled', 'green', '4 3', symbolCross),
  permutedReports: styleOf('permutedReports', 'blue', '1 3', symbolWye),
};

/** The SVG path of an arm's marker around (0, 0). @param area in px². */
export function markerPath(arm: ArmName, area = 44): string {
  return symbol(armStyles[arm].marker, area)() ?? '';
}

/** The look of an arm's line. @param area of its marker, px². */
export function armLook(arm: ArmName, area = 44): LineLook {
  const { label, ink, dash } = armStyles[arm];
  return { name: label, ink, dash, marker: markerPath(arm, area) };
}

function styleOf(arm: ArmName, ink: InkName, dash: string, marker: SymbolType): ArmStyle {
  const { label, description } = arms[arm];
  return { label, meaning: description, ink, colour: inks[ink], dash, marker };
}
