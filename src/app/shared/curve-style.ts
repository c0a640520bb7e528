/**
 * How one line of learning curves looks, on the ground at hand.
 */

/** A line's look and its name. */
export interface CurveStyle {
  readonly name: string;
  readonly colour: string;
  readonly dash: string;
  /** SVG path of the marker around (0, 0). */
  readonly marker: string;
}
