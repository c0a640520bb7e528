/**
 * A canvas of attenuation on which structures are painted in body coordinates.
 *
 * Body coordinates: u runs from −1 (left edge of the film, the patient's right) to 1, v from −1 (top) to 1 (bottom), for a film
 * without shift, tilt and magnification. Structures do not depend on pixels, so a film looks the same at any side.
 */
import type { Pose } from './pose.ts';

/** A box in body coordinates. */
export interface BodyBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The whole film with room for tilt and shift. */
export const wholeBody: BodyBox = { left: -2, right: 2, top: -2, bottom: 2 };

/** Attenuation of side × side pixels: 0 is air, about 1 is soft tissue across the whole body. */
export class Canvas {
  readonly side: number;
  readonly attenuation: Float32Array;
  /** A pixel's width in body units: edges are softened by about this much. */
  readonly pixel: number;
  readonly #cosine: number;
  readonly #sine: number;
  readonly #pose: Pose;

  constructor(side: number, pose: Pose) {
    this.side = side;
    this.attenuation = new Float32Array(side * side);
    this.pixel = 2 / side / pose.scale;
    this.#cosine = Math.cos(pose.tilt) / pose.scale;
    this.#sine = Math.sin(pose.tilt) / pose.scale;
    this.#pose = pose;
  }

  /** Replaces the attenuation at each pixel of the box by what `shade` gives for its place, its present value and its index. */
  paint(box: BodyBox, shade: (u: number, v: number, before: number, i: number) => number): void {
    const { side, attenuation } = this;
    const rows = this.#range(
      box.top,
      box.bottom,
      Math.max(Math.abs(box.left), Math.abs(box.right)),
      'shiftY',
    );
    const columns = this.#range(
      box.left,
      box.right,
      Math.max(Math.abs(box.top), Math.abs(box.bottom)),
      'shiftX',
    );
    for (let row = rows.first; row < rows.end; row++) {
      const y = ((row + 0.5) * 2) / side - 1 - this.#pose.shiftY;
      for (let column = columns.first; column < columns.end; column++) {
        const x = ((column + 0.5) * 2) / side - 1 - this.#pose.shiftX;
        const u = x * this.#cosine + y * this.#sine;
        const v = y * this.#cosine - x * this.#sine;
        const i = row * side + column;
        attenuation[i] = shade(u, v, attenuation[i]!, i);
      }
    }
  }

  /** Pixels that a span of the box may touch, widened for the tilt at its far end. */
  #range(
    low: number,
    high: number,
    reach: number,
    shift: 'shiftX' | 'shiftY',
  ): { first: number; end: number } {
    const { scale, tilt } = this.#pose;
    const margin = Math.abs(Math.sin(tilt)) * Math.min(2, reach) + this.pixel + 0.005;
    const toPixel = (place: number): number => ((place * scale + this.#pose[shift] + 1) * this.side) / 2;
    return {
      first: Math.max(0, Math.floor(toPixel(low - margin))),
      end: Math.min(this.side, Math.ceil(toPixel(high + margin))),
    };
  }
}

/** 0 at `low`, 1 at `high`, smooth between and constant beyond; falls where `low` is above `high`. */
export function smoothStep(low: number, high: number, value: number): number {
  const t = (value - low) / (high - low);
  if (t <= 0) return 0;
  if (t >= 1) return 1;
  return t * t * (3 - 2 * t);
}

/** 1 in the middle of a disc, 0 outside; `softness` is the share of the radius over which it fades. */
export function disc(du: number, dv: number, radius: number, softness: number): number {
  const distance = Math.sqrt(du * du + dv * dv) / radius;
  return distance >= 1 ? 0 : 1 - smoothStep(1 - softness, 1, distance);
}

/** A bell of height 1 around 0. */
export function bell(value: number, width: number): number {
  const t = value / width;
  return Math.exp(-0.5 * t * t);
}

/**
 * Paints a tapering stroke along points: adds `strength` in its middle, fading to its edge.
 *
 * @param width half the stroke's width at its start and end, in body units.
 */
export function paintStroke(
  canvas: Canvas,
  points: readonly (readonly [u: number, v: number])[],
  width: readonly [start: number, end: number],
  strength: number,
): void {
  for (let k = 0; k + 1 < points.length; k++) {
    const along = (t: number): number => width[0] + (width[1] - width[0]) * ((k + t) / (points.length - 1));
    paintSegment(canvas, points[k]!, points[k + 1]!, [along(0), along(1)], strength);
  }
}

function paintSegment(
  canvas: Canvas,
  [u0, v0]: readonly [number, number],
  [u1, v1]: readonly [number, number],
  width: readonly [number, number],
  strength: number,
): void {
  const [du, dv] = [u1 - u0, v1 - v0];
  const lengthSquared = du * du + dv * dv;
  const reach = Math.max(...width) + canvas.pixel;
  const box = {
    left: Math.min(u0, u1) - reach,
    right: Math.max(u0, u1) + reach,
    top: Math.min(v0, v1) - reach,
    bottom: Math.max(v0, v1) + reach,
  };
  canvas.paint(box, (u, v, before) => {
    // Beyond its end a segment leaves the pixel to the next one, so that joints are not painted twice.
    const t = ((u - u0) * du + (v - v0) * dv) / lengthSquared;
    if (t < 0 || t >= 1) return before;
    const half = width[0] + (width[1] - width[0]) * t;
    const soft = Math.max(half, canvas.pixel * 0.75);
    const [ou, ov] = [u - u0 - t * du, v - v0 - t * dv];
    const distance = Math.sqrt(ou * ou + ov * ov);
    return before + (strength * half * (1 - smoothStep(0.35, 1, distance / soft))) / soft;
  });
}
