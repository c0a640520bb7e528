/**
 * How pre-trainings look: Okabe and Ito's colours in the order of the study's recipes, a marker shape and a dash each, so that none is told by
 * colour alone. A control has the colour of its recipe and a dotted line.
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
import type { PretrainingArm } from '../../study/config.ts';
import { isControlOf } from '../../study/recipes.ts';
import type { Ground } from '../shared/arms.ts';

/** A pre-training's look. */
export interface PretrainingStyle {
  readonly colour: Readonly<Record<Ground, string>>;
  readonly dash: string;
  /** SVG path around (0, 0). */
  readonly marker: string;
}

/** No pre-training is drawn as the baseline is elsewhere. */
const plain = { light: '#1b232b', dark: '#e6eaed' };

const colours: readonly Readonly<Record<Ground, string>>[] = [
  { light: '#0072b2', dark: '#4a9fd8' },
  { light: '#d55e00', dark: '#e8731a' },
  { light: '#00805e', dark: '#1db88d' },
  { light: '#b25c8d', dark: '#cc79a7' },
  { light: '#a86f00', dark: '#e69f00' },
  { light: '#2b83b5', dark: '#56b4e9' },
];

const markers: readonly SymbolType[] = [
  symbolDiamond,
  symbolSquare,
  symbolTriangle,
  symbolStar,
  symbolCross,
  symbolWye,
  symbolCircle,
];

const dashes = ['', '8 3', '6 2 2 2'] as const;
const controlDash = '1 3';
const markerArea = 44;

/** A style for each pre-training of a study, by name. */
export function pretrainingStyles(
  pretrainings: readonly PretrainingArm[],
): ReadonlyMap<string, PretrainingStyle> {
  const recipes = pretrainings.filter((arm) => arm !== 'none');
  const own = recipes.filter((recipe) => !recipes.some((other) => isControlOf(recipe, other)));
  const markerOf = (i: number): string => symbol(markers[i % markers.length], markerArea)() ?? '';
  const styles = new Map<string, PretrainingStyle>([
    ['none', { colour: plain, dash: '', marker: symbol(symbolCircle, markerArea)() ?? '' }],
  ]);
  own.forEach((recipe, i) => {
    const colour = colours[i % colours.length]!;
    const dash = dashes[Math.floor(i / colours.length) % dashes.length]!;
    styles.set(recipe.name, { colour, dash, marker: markerOf(i) });
    const control = recipes.find((other) => isControlOf(other, recipe));
    if (control) styles.set(control.name, { colour, dash: controlDash, marker: markerOf(i) });
  });
  return styles;
}
