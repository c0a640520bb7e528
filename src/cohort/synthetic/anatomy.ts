/**
 * Paints the soft parts of a chest: body, lungs with their vessels, mediastinum, heart, aortic knob, airways, stomach.
 */
import type { Random } from '../../random/random.ts';
import { bell, disc, paintStroke, smoothStep, wholeBody, type Canvas } from './canvas.ts';
import { apex, type ChestOnFilm } from './chest.ts';
import type { Pose } from './pose.ts';

/** Paints the outline of neck, shoulders and trunk, filled with soft tissue. @param wasting thins it; about [-1, 1]. */
export function paintBody(canvas: Canvas, pose: Pose, wasting: number): void {
  const trunk = pose.chestHalfWidth + Math.max(0.04, pose.wallThickness * (1 - 0.25 * wasting));
  const tissue = 0.66 - 0.06 * wasting;
  const soft = Math.max(0.02, canvas.pixel);
  canvas.paint(wholeBody, (u, v) => {
    const across = Math.abs(u);
    const torso = trunk + 0.05 * smoothStep(0.4, 1.1, v);
    const half = v < -0.3 ? shoulder(v, torso) : torso;
    const inside = smoothStep(-soft, soft, half - across);
    const thickness = Math.sqrt(Math.max(0.12, 1 - square(square(across / half))));
    return inside * tissue * (0.7 + 0.3 * thickness);
  });
}

/** Half width of neck and shoulders at height v ≤ −0.3. */
function shoulder(v: number, torso: number): number {
  const rise = smoothStep(-1.04, -0.6, v);
  const slope = 0.24 + 0.95 * rise * Math.sqrt(rise);
  return slope + (torso - slope) * smoothStep(-0.55, -0.3, v);
}

/** Paints air into the lungs; what remains is chest wall and blood. */
export function paintLungs(canvas: Canvas, chest: ChestOnFilm): void {
  const box = { left: -0.9, right: 0.9, top: apex - 0.05, bottom: 0.95 };
  canvas.paint(box, (u, v, before, i) => {
    const air = chest.air[i]!;
    return before * (1 - 0.7 * air) + 0.06 * air * bell(Math.abs(u) - 0.2, 0.16) * bell(v, 0.3);
  });
}

/** Paints spine, mediastinum, heart, aortic knob and liver on top of the soft tissue. */
export function paintMediastinum(canvas: Canvas, chest: ChestOnFilm, pose: Pose): void {
  const soft = Math.max(0.025, canvas.pixel);
  canvas.paint({ left: -0.9, right: 0.9, top: -1.1, bottom: 1.2 }, (u, v, before, i) => {
    const across = Math.abs(u);
    const middle = smoothStep(-soft, soft, chest.mediastinum(v) - across) * smoothStep(-0.95, -0.5, v);
    const heart = chest.heartShadow[i]!;
    const knob = disc(u - 0.11, (v + 0.27) * 0.9, 0.12, 0.4);
    const below = smoothStep(-soft, soft, v - chest.diaphragm(u)) * smoothStep(0.9, 0.7, across);
    const liver = below * (u < 0 ? 0.3 : 0.25);
    return before + Math.max(0.2 * middle, 0.19 * knob) + Math.max(0.26 * heart, liver);
  });
  paintAirways(canvas);
  if (pose.gastricBubble > 0) paintGastricBubble(canvas, pose);
}

function paintAirways(canvas: Canvas): void {
  paintStroke(
    canvas,
    [
      [0, -1.1],
      [0, -0.6],
      [-0.01, -0.2],
    ],
    [0.06, 0.055],
    -0.24,
  );
  paintStroke(
    canvas,
    [
      [-0.01, -0.2],
      [-0.14, -0.07],
    ],
    [0.045, 0.035],
    -0.15,
  );
  paintStroke(
    canvas,
    [
      [-0.01, -0.2],
      [0.17, -0.08],
    ],
    [0.04, 0.03],
    -0.15,
  );
}

function paintGastricBubble(canvas: Canvas, pose: Pose): void {
  const size = pose.gastricBubble;
  const [u0, v0] = [0.4, 0.56 + pose.inspiration + size];
  const box = { left: 0.1, right: 0.7, top: v0 - 0.25, bottom: v0 + 0.25 };
  canvas.paint(box, (u, v, before) => before * (1 - 0.42 * disc((u - u0) / 1.6, v - v0, size, 0.4)));
}

function square(x: number): number {
  return x * x;
}

/**
 * Paints the hila and the vessels that branch from them, thick and many below, thin above.
 *
 * @param distension 0 usual; 1 distended, upper vessels as thick as lower ones.
 */
export function paintVessels(canvas: Canvas, chest: ChestOnFilm, distension: number, random: Random): void {
  for (const side of [-1, 1] as const) {
    const [hilumU, hilumV] = [0.2 * side, side < 0 ? -0.03 : -0.07];
    const box = { left: hilumU - 0.15, right: hilumU + 0.15, top: hilumV - 0.2, bottom: hilumV + 0.2 };
    canvas.paint(box, (u, v, before) => before + 0.16 * disc(u - hilumU, (v - hilumV) * 0.65, 0.11, 0.9));
    for (let k = 0; k < 11; k++) {
      const angle = -1.25 + (2.45 * (k + random.uniform(0, 0.8))) / 11;
      const upper = angle < 0 ? 0.55 + 0.45 * distension : 1;
      const length = random.uniform(0.3, 0.52);
      const bend = random.normal(0.15 * Math.sign(angle), 0.35);
      const place = (t: number): [number, number] => [
        hilumU + side * length * t * Math.cos(angle + bend * t),
        hilumV + length * 1.15 * t * Math.sin(angle + bend * t),
      ];
      const points = [0.14, 0.3, 0.5, 0.7, 0.85, 1].map(place).filter(([u, v]) => chest.lung(u, v) > 0.5);
      paintStroke(canvas, points, [0.026 * upper * (1 + 0.4 * distension), 0.006], 0.07 * upper);
    }
  }
}
