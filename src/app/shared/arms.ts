/**
 * How the arms of a study look and are called: Okabe and Ito's colours (2008, "Color Universal Design"), a marker shape and a dash, so
 * that no arm is told by colour alone. On paper-white three of the hues are darkened until lines reach 3:1 on the ground.
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
import type { ArmName } from '../../study/config.ts';
import { arms } from '../../study/arms.ts';

/** The two grounds that charts are drawn on. */
export type Ground = 'light' | 'dark';

/** The colour of each ground, equal to --surface in theme.css. */
export const groundColours: Readonly<Record<Ground, string>> = { light: '#ffffff', dark: '#171c21' };

/** An arm's look and words. */
export interface ArmStyle {
  readonly label: string;
  /** What it is trained on and sees, in a line. */
  readonly meaning: string;
  readonly colour: Readonly<Record<Ground, string>>;
  readonly dash: string;
  readonly marker: SymbolType;
}

/** Styles by arm. */
export const armStyles: Readonly<Record<ArmName, ArmStyle>> = {
  imageOnly: {
    label: arms.imageOnly.label,
    meaning: arms.imageOnly.description,
    colour: { light: '#1b232b', dark: '#e6eaed' },
    dash: '',
    marker: symbolCircle,
  },
  textOnly: {
    label: arms.textOnly.label,
    meaning: arms.textOnly.description,
    colour: { light: '#a86f00', dark: '#e69f00' },
    dash: '2 3',
    marker: symbolTriangle,
  },
  teacher: {
    label: arms.teacher.label,
    meaning: arms.teacher.description,
    colour: { light: '#2b83b5', dark: '#56b4e9' },
    dash: '8 3',
    marker: symbolSquare,
  },
  student: {
    label: arms.student.label,
    meaning: arms.student.description,
    colour: { light: '#d55e00', dark: '#e8731a' },
    dash: '',
    marker: symbolDiamond,
  },
  studentOfReport: {
    label: arms.studentOfReport.label,
    meaning: arms.studentOfReport.description,
    colour: { light: '#b25c8d', dark: '#cc79a7' },
    dash: '6 2 2 2',
    marker: symbolStar,
  },
  selfDistilled: {
    label: arms.selfDistilled.label,
    meaning: arms.selfDistilled.description,
    colour: { light: '#00805e', dark: '#1db88d' },
    dash: '4 3',
    marker: symbolCross,
  },
  permutedReports: {
    label: arms.permutedReports.label,
    meaning: arms.permutedReports.description,
    colour: { light: '#0072b2', dark: '#4a9fd8' },
    dash: '1 3',
    marker: symbolWye,
  },
};

/** The SVG path of an arm's marker around (0, 0). @param area in px². */
export function markerPath(arm: ArmName, area = 44): string {
  return symbol(armStyles[arm].marker, area)() ?? '';
}
