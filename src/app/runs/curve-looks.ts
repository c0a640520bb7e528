/**
 * Colours and dashes of curves that belong to no arm: the inks of figures, each with a dash, so that no curve depends on colour alone.
 */
import { inks, type Ground } from '../../figures/inks.ts';

/** How a curve is drawn. */
export interface CurveLook {
  readonly colour: string;
  readonly dash: number[];
}

const order = ['black', 'skyBlue', 'vermilion', 'green', 'purple', 'orange', 'blue'] as const;
const dashes: readonly (readonly number[])[] = [[], [8, 4], [4, 2], [12, 3, 2, 3], [2, 2]];

/** The look of the nth curve of a plot; the first is drawn in the colour of ink. @param index from 0. */
export function curveLook(index: number, ground: Ground): CurveLook {
  const ink = order[index % order.length]!;
  return { colour: inks[ink][ground], dash: [...dashes[index % dashes.length]!] };
}
