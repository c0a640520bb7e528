/**
 * Paints bones: spine, ribs, clavicles, scapulae.
 */
import { bell, paintStroke, smoothStep, type Canvas } from './canvas.ts';
import { apex, type ChestShape } from './chest.ts';
import type { Pose } from './pose.ts';

/** Distance between two ribs along the spine. */
const spacing = 0.145;

/** Paints all bones. @param wasting thins their shadows; about [-1, 1]. */
export function paintBones(canvas: Canvas, chest: ChestShape, pose: Pose, wasting: number): void {
  const density = Math.max(0.3, 1 - 0.55 * wasting);
  paintSpine(canvas, density);
  paintRibs(canvas, chest, density);
  for (const side of [-1, 1] as const) {
    paintClavicle(canvas, side, density);
    paintScapula(canvas, side, density, pose.view === 'AP' ? 0.09 : 0);
  }
}

function paintSpine(canvas: Canvas, density: number): void {
  canvas.paint({ left: -0.12, right: 0.12, top: -1.1, bottom: 1.1 }, (u, v, before) => {
    const phase = (v / 0.135) % 1;
    const endplate = bell(Math.abs(phase < 0 ? phase + 1 : phase) - 0.5, 0.16);
    return before + density * smoothStep(0.11, 0.085, Math.abs(u)) * (0.09 - 0.045 * endplate);
  });
}

/**
 * Ribs 1 to 10. Their posterior parts leave the spine nearly level and sweep down towards the side; the anterior parts come from
 * the side and run down towards the sternum, fainter, and end where the cartilage begins.
 */
function paintRibs(canvas: Canvas, chest: ChestShape, density: number): void {
  const box = { left: -0.88, right: 0.88, top: apex - 0.02, bottom: 0.95 };
  canvas.paint(box, (u, v, before) => {
    const cage = chest.cage(v) + 0.02;
    const s = Math.abs(u) / cage;
    if (cage < 0.05 || s > 1.02) return before;
    const posterior = ribShadow((v - apex - 0.02 - 0.09 * s - 0.17 * s * s * s) / spacing, 10);
    const anterior = ribShadow((v - apex - 0.1 - 0.3 * (1.15 - s) - 0.17) / (spacing * 1.05), 7);
    const fromSpine = smoothStep(0.08, 0.16, Math.abs(u));
    const edge = (1 + 0.4 * smoothStep(0.8, 1, s)) * (1 - 0.6 * smoothStep(0, 0.08, v - chest.diaphragm(u)));
    const cartilage = smoothStep(0.42, 0.58, s);
    return before + density * edge * (0.115 * posterior * fromSpine + 0.06 * anterior * cartilage);
  });
}

/** Shadow across one rib: brighter at its cortex than in its middle. @param phase rib number plus place within it. */
function ribShadow(phase: number, ribs: number): number {
  if (phase < 0 || phase >= ribs) return 0;
  const place = Math.abs((phase % 1) - 0.5) * 2;
  if (place > 0.55) return 0;
  return smoothStep(0.55, 0.42, place) * (0.75 + 0.25 * smoothStep(0.1, 0.4, place));
}

function paintClavicle(canvas: Canvas, side: -1 | 1, density: number): void {
  const bone = [
    [0.1, -0.58],
    [0.28, -0.64],
    [0.48, -0.7],
    [0.68, -0.72],
    [0.84, -0.76],
  ] as const;
  paintStroke(
    canvas,
    bone.map(([u, v]) => [u * side, v] as const),
    [0.045, 0.034],
    0.17 * density,
  );
}

function paintScapula(canvas: Canvas, side: -1 | 1, density: number, overlap: number): void {
  const place = (points: readonly (readonly [number, number])[]) =>
    points.map(([u, v]) => [(u - overlap) * side, v] as const);
  paintStroke(
    canvas,
    place([
      [0.72, -0.62],
      [0.76, -0.3],
      [0.8, 0.02],
    ]),
    [0.04, 0.02],
    0.08 * density,
  );
  paintStroke(
    canvas,
    place([
      [0.66, -0.62],
      [0.84, -0.62],
      [0.94, -0.6],
    ]),
    [0.03, 0.05],
    0.12 * density,
  );
  paintStroke(
    canvas,
    place([
      [0.93, -0.68],
      [0.97, -0.5],
    ]),
    [0.1, 0.09],
    0.2 * density,
  );
}
