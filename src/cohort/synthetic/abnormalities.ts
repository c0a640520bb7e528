/**
 * Paints what is abnormal: pleural fluid, congestion, nodule, airspace opacity, and implanted devices.
 */
import type { Random } from '../../random/random.ts';
import { bell, disc, paintStroke, smoothStep, type Canvas } from './canvas.ts';
import type { ChestOnFilm } from './chest.ts';
import type { Pose } from './pose.ts';
import type { FilmSigns } from './signs.ts';

/** The part of the film where lungs can be. */
const lungs = { left: -0.9, right: 0.9, top: -0.78, bottom: 0.95 };

/** Fluid gathers in the costophrenic angle and climbs along the chest wall: a meniscus, higher at the side than in the middle. */
export function paintEffusions(canvas: Canvas, chest: ChestOnFilm, pose: Pose, signs: FilmSigns): void {
  const soft = Math.max(0.03, canvas.pixel);
  const base = 0.72 + pose.inspiration;
  canvas.paint({ ...lungs, top: -0.2 }, (u, v, before, i) => {
    const height = u < 0 ? signs.effusionRight : signs.effusionLeft;
    const air = chest.air[i]!;
    if (height <= 0 || air <= 0) return before;
    const s = Math.abs(u) / pose.chestHalfWidth;
    const level = base - 0.58 * height - 0.2 * Math.min(1, 2 * height) * square(Math.max(0, s - 0.45)) * 3;
    return before + 0.5 * air * smoothStep(-soft, 2 * soft, v - level) * Math.min(1, 5 * height);
  });
}

/** Haze around the hila, spreading like wings, with short level lines at the lateral bases (Kerley B). */
export function paintCongestion(canvas: Canvas, chest: ChestOnFilm, strength: number, random: Random): void {
  canvas.paint(lungs, (u, v, before, i) => {
    const air = chest.air[i]!;
    if (air === 0) return before;
    const wings = bell(Math.abs(u) - 0.27, 0.17) * bell(v - 0.02, 0.27);
    return before + strength * air * (0.24 * wings + 0.03);
  });
  for (const side of [-1, 1] as const)
    for (let k = 0; k < 7; k++) {
      const v = 0.12 + 0.05 * k + random.uniform(-0.01, 0.01);
      const outer = chest.cage(v) - 0.015;
      const inner = outer - random.uniform(0.07, 0.13);
      paintStroke(
        canvas,
        [
          [inner * side, v + 0.008],
          [outer * side, v],
        ],
        [0.006, 0.007],
        0.16 * strength,
      );
    }
}

function square(x: number): number {
  return x * x;
}

/** A round, fairly sharp opacity within one lung. */
export function paintNodule(canvas: Canvas, chest: ChestOnFilm, signs: FilmSigns): void {
  const { side, across, down } = signs.nodulePlace;
  const v0 = -0.5 + 0.85 * down;
  const inner = chest.mediastinum(v0);
  const u0 = (side === 'right' ? -1 : 1) * (inner + (chest.cage(v0) - inner) * across);
  const radius = signs.noduleRadius;
  const box = { left: u0 - radius, right: u0 + radius, top: v0 - radius, bottom: v0 + radius };
  canvas.paint(box, (u, v, before) => before + 0.45 * signs.nodule * disc(u - u0, v - v0, radius, 0.5));
}

/** Patchy opacities in the outer and lower lungs; with the extent more patches appear and grow dense. */
export function paintAirspaceOpacity(
  canvas: Canvas,
  chest: ChestOnFilm,
  extent: number,
  random: Random,
): void {
  const patches = Array.from({ length: 16 }, (_, k) => drawPatch(chest, k % 2 ? 1 : -1, random));
  patches.forEach(({ u0, v0, radius }, k) => {
    const density = 0.3 * smoothStep(0, 0.5, extent - (0.55 * k) / patches.length);
    const box = { left: u0 - radius, right: u0 + radius, top: v0 - radius, bottom: v0 + radius };
    if (density === 0) return;
    canvas.paint(box, (u, v, before, i) => {
      const uneven = 1 + 0.45 * Math.sin(31 * u + 17 * v + k) * Math.sin(23 * v - 29 * u + 2 * k);
      return before + density * uneven * chest.air[i]! * disc(u - u0, v - v0, radius, 1);
    });
  });
}

function drawPatch(
  chest: ChestOnFilm,
  side: number,
  random: Random,
): { u0: number; v0: number; radius: number } {
  const v0 = 0.35 - 0.7 * random.uniform() ** 1.5;
  return { v0, u0: side * chest.cage(v0) * random.uniform(0.5, 0.9), radius: random.uniform(0.13, 0.24) };
}

/** A pacemaker with its lead, or a port with its catheter; bright, sharp, and of no meaning for any label. */
export function paintDevice(canvas: Canvas, device: Pose['device']): void {
  if (device === 'none') return;
  if (device === 'pacemaker') {
    canvas.paint(
      { left: 0.42, right: 0.68, top: -0.56, bottom: -0.28 },
      (u, v, before) => before + 0.9 * disc(u - 0.55, (v + 0.42) * 1.15, 0.11, 0.15),
    );
    paintStroke(
      canvas,
      [
        [0.5, -0.5],
        [0.3, -0.62],
        [0.05, -0.45],
        [-0.08, -0.1],
        [0.02, 0.25],
        [0.2, 0.38],
      ],
      [0.01, 0.012],
      0.7,
    );
    return;
  }
  canvas.paint(
    { left: -0.64, right: -0.44, top: -0.46, bottom: -0.26 },
    (u, v, before) => before + 0.55 * disc(u + 0.54, v + 0.36, 0.07, 0.2),
  );
  paintStroke(
    canvas,
    [
      [-0.52, -0.4],
      [-0.38, -0.7],
      [-0.15, -0.6],
      [-0.08, -0.1],
    ],
    [0.009, 0.009],
    0.5,
  );
}
