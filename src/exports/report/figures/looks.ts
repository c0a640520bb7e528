/**
 * How the lines of the report's figures look: Okabe and Ito's colours (2008, "Color Universal Design"), a dash and a marker shape each, so
 * that none is told by colour alone. The colours stand in the page's style sheet, one for each ground; a figure names their class only.
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
import { arms } from '../../../study/arms.ts';
import { armNames, type ArmName } from '../../../study/config.ts';

/** A line's look and name. */
export interface Look {
  readonly words: string;
  /** Class that carries the colour. */
  readonly className: string;
  /** As `stroke-dasharray`; empty = drawn through. */
  readonly dash: string;
  /** SVG path around (0, 0). */
  readonly marker: string;
}

interface Ink {
  readonly light: string;
  readonly dark: string;
  readonly dash: string;
  readonly marker: SymbolType;
}

/** Inks of arms as the page's charts have them; on paper some hues are darkened until lines reach 3:1. */
export const armInks: Readonly<Record<ArmName, Ink>> = {
  imageOnly: { light: '#1b232b', dark: '#e6eaed', dash: '', marker: symbolCircle },
  textOnly: { light: '#a86f00', dark: '#e69f00', dash: '2 3', marker: symbolTriangle },
  teacher: { light: '#2b83b5', dark: '#56b4e9', dash: '8 3', marker: symbolSquare },
  student: { light: '#d55e00', dark: '#e8731a', dash: '', marker: symbolDiamond },
  studentOfReport: { light: '#b25c8d', dark: '#cc79a7', dash: '6 2 2 2', marker: symbolStar },
  selfDistilled: { light: '#00805e', dark: '#1db88d', dash: '4 3', marker: symbolCross },
  permutedReports: { light: '#0072b2', dark: '#4a9fd8', dash: '1 3', marker: symbolWye },
};

/** The look of an arm. */
export function armLook(arm: ArmName): Look {
  return lookOf(arms[arm].label, armNames.indexOf(arm));
}

/** The look of the line at a position, for lines that are no arms (pre-trainings); looks come again after seven. */
export function seriesLook(words: string, position: number): Look {
  return lookOf(words, position % armNames.length);
}

/** CSS rules that give each look its colour, on light or on dark ground. */
export function inkRules(ground: 'light' | 'dark'): string {
  return armNames.map((arm, i) => `.ink-${i}{--ink:${armInks[arm][ground]}}`).join('');
}

function lookOf(words: string, position: number): Look {
  const { dash, marker } = armInks[armNames[position]!];
  return { words, className: `ink-${position}`, dash, marker: symbol(marker, 44)() ?? '' };
}
