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
import type { InkName, MarkerName } from '../study/arms/arm.ts';
import { armNames, arms, type ArmName } from '../study/arms/registry.ts';
import { inks, type Ground } from './inks.ts';
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

const markers: Readonly<Record<MarkerName, SymbolType>> = {
  circle: symbolCircle,
  triangle: symbolTriangle,
  square: symbolSquare,
  diamond: symbolDiamond,
  star: symbolStar,
  cross: symbolCross,
  wye: symbolWye,
};

/** Styles by arm. */
export const armStyles = Object.fromEntries(armNames.map((arm) => [arm, styleOf(arm)])) as Readonly<
  Record<ArmName, ArmStyle>
>;

/** The SVG path of an arm's marker around (0, 0). @param area in px². */
export function markerPath(arm: ArmName, area = 44): string {
  return symbol(armStyles[arm].marker, area)() ?? '';
}

/** The look of an arm's line. @param area of its marker, px². */
export function armLook(arm: ArmName, area = 44): LineLook {
  const { label, ink, dash } = armStyles[arm];
  return { name: label, ink, dash, marker: markerPath(arm, area) };
}

function styleOf(arm: ArmName): ArmStyle {
  const { label, description, look } = arms[arm];
  const { ink, dash, marker } = look;
  return { label, meaning: description, ink, colour: inks[ink], dash, marker: markers[marker] };
}
