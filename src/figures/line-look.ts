/**
 * How one line of a figure looks. None is told by colour alone: each has a dash and the shape of a marker, too.
 */
import type { InkName } from '../study/arms/arm.ts';

/** A line's look and its name. */
export interface LineLook {
  readonly name: string;
  readonly ink: InkName;
  /** As `stroke-dasharray`; empty = drawn through. */
  readonly dash: string;
  /** SVG path of the marker around (0, 0). */
  readonly marker: string;
}
