/**
 * How pre-trainings look: inks in the order of the study's recipes, a marker shape and a dash each, so that none is told by colour alone. A
 * control has the ink of its recipe and a dotted line.
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
import type { PretrainingArm } from '../study/config.ts';
import { isControlOf } from '../study/recipes.ts';
import type { InkName } from '../study/arms/arm.ts';
import type { LineLook } from './line-look.ts';

/** No pre-training is drawn as the baseline is elsewhere. */
const none: LineLook = { name: 'no pre-training', ink: 'black', dash: '', marker: markerOf(symbolCircle) };

const inksInOrder: readonly InkName[] = ['blue', 'vermilion', 'green', 'purple', 'orange', 'skyBlue'];

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

/** The look of a pre-training, by its name; one that the study does not know is drawn as none is. */
export function pretrainingLooks(pretrainings: readonly PretrainingArm[]): (pretraining: string) => LineLook {
  const recipes = pretrainings.filter((arm) => arm !== 'none');
  const own = recipes.filter((recipe) => !recipes.some((other) => isControlOf(recipe, other)));
  const looks = new Map<string, LineLook>();
  own.forEach((recipe, i) => {
    const ink = inksInOrder[i % inksInOrder.length]!;
    const dash = dashes[Math.floor(i / inksInOrder.length) % dashes.length]!;
    const marker = markerOf(markers[i % markers.length]!);
    looks.set(recipe.name, { name: recipe.name, ink, dash, marker });
    const control = recipes.find((other) => isControlOf(other, recipe));
    if (control) looks.set(control.name, { name: control.name, ink, dash: controlDash, marker });
  });
  return (pretraining) =>
    looks.get(pretraining) ?? (pretraining === 'none' ? none : { ...none, name: pretraining });
}

function markerOf(shape: SymbolType): string {
  return symbol(shape, 44)() ?? '';
}
