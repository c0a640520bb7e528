/**
 * The shape of a chest in body coordinates: where the lungs end, how the domes run, how far the heart reaches.
 */
import type { Pose } from './pose.ts';
import { smoothStep, wholeBody, type Canvas } from './canvas.ts';

/** The outlines of one chest. Distances across are from the midline, positive on both sides. */
export interface ChestShape {
  /** Half the inner width of the rib cage at height v; 0 above the apices. */
  cage(v: number): number;
  /** Height of the diaphragm at signed u; the right dome (u < 0) stands higher. */
  diaphragm(u: number): number;
  /** Distance of the mediastinum's edge from the midline on one side, heart not counted. */
  mediastinum(v: number): number;
  /** 1 in aerated lung, 0 outside, before heart and findings. */
  lung(u: number, v: number): number;
  /** 1 within the heart's shadow, 0 outside. */
  heart(u: number, v: number): number;
}

/** Top of the lungs. */
export const apex = -0.76;

/** Builds the outlines of a chest. @param cardiothoracicRatio greatest heart width over inner chest width. */
export function shapeChest(pose: Pose, cardiothoracicRatio: number, softness: number): ChestShape {
  const width = pose.chestHalfWidth;
  const cage = (v: number): number => {
    const t = Math.abs((v - 0.5) / (apex - 0.5));
    return t >= 1 ? 0 : width * Math.sqrt(1 - t * t * Math.sqrt(t));
  };
  const diaphragm = (u: number): number => {
    const level = (u < 0 ? 0.4 : 0.46) + pose.inspiration;
    const offset = Math.abs(u) / width - 0.48;
    return level + (offset > 0 ? 0.9 * offset * offset : 0.35 * offset * offset);
  };
  const mediastinum = (v: number): number => 0.12 + 0.05 * smoothStep(-0.3, 0, v);
  const lung = (u: number, v: number): number => {
    const across = Math.abs(u);
    const inside = cage(v) - across;
    if (inside <= -softness) return 0;
    return (
      smoothStep(-softness, softness, inside) *
      smoothStep(-softness, softness, across - mediastinum(v)) *
      smoothStep(-softness, softness, diaphragm(u) - v)
    );
  };
  return { cage, diaphragm, mediastinum, lung, heart: shapeHeart(pose, cardiothoracicRatio, softness) };
}

/** About two thirds of the heart lie left of the midline (right on the film); its apex points down and out. */
function shapeHeart(pose: Pose, ratio: number, softness: number): (u: number, v: number) => number {
  const total = 2 * pose.chestHalfWidth * ratio;
  const reachLeft = 0.69 * total;
  const reachRight = 0.31 * total;
  const floor = 0.44 + pose.inspiration;
  const height = 0.24 + 0.3 * ratio;
  return (u, v) => {
    const rise = (floor - 0.1 - v) / height;
    const ventricle = ellipse(
      u,
      v - (floor - 0.1) - 0.14 * Math.max(0, u),
      reachLeft,
      rise > 0 ? height : 0.24,
    );
    const atrium = ellipse(u, v - (floor - 0.2), reachRight, 0.3);
    const outline = u > 0 ? ventricle : atrium;
    return 1 - smoothStep(1 - 2.5 * softness, 1 + 2.5 * softness, outline);
  };
}

function ellipse(du: number, dv: number, a: number, b: number): number {
  const [x, y] = [du / a, dv / b];
  return Math.sqrt(x * x + y * y);
}

/** The chest on the pixels of one canvas, computed once and read by all that is painted into it. */
export interface ChestOnFilm extends ChestShape {
  /** 1 in aerated lung outside the heart's shadow, 0 elsewhere; one value per pixel. */
  readonly air: Float32Array;
  /** 1 within the heart's shadow; one value per pixel. */
  readonly heartShadow: Float32Array;
}

/** Computes air and heart shadow at each pixel. */
export function projectChest(canvas: Canvas, chest: ChestShape): ChestOnFilm {
  const air = new Float32Array(canvas.attenuation.length);
  const heartShadow = new Float32Array(canvas.attenuation.length);
  canvas.paint(wholeBody, (u, v, before, i) => {
    const heart = chest.heart(u, v);
    heartShadow[i] = heart;
    air[i] = chest.lung(u, v) * (1 - heart);
    return before;
  });
  return { ...chest, air, heartShadow };
}
