/**
 * Draws one frontal chest film: structures are painted as attenuation, then exposed, and grain is added.
 */
import type { Random } from '../../random/random.ts';
import {
  paintAirspaceOpacity,
  paintCongestion,
  paintDevice,
  paintEffusions,
  paintNodule,
} from './abnormalities.ts';
import { paintBody, paintLungs, paintMediastinum, paintVessels } from './anatomy.ts';
import { paintBones } from './bones.ts';
import { Canvas } from './canvas.ts';
import { projectChest, shapeChest } from './chest.ts';
import type { Pose } from './pose.ts';
import type { FilmSigns } from './signs.ts';

/**
 * Draws a film as side × side grey bytes; bone and soft tissue bright, air dark.
 *
 * @param random the film's own stream; how much is drawn from it does not depend on the signs.
 */
export function drawFilm(pose: Pose, signs: FilmSigns, side: number, random: Random): Uint8Array {
  const canvas = new Canvas(side, pose);
  const softness = Math.max(0.018, canvas.pixel * 0.8);
  const chest = projectChest(canvas, shapeChest(pose, signs.cardiothoracicRatio, softness));
  paintBody(canvas, pose, signs.wasting);
  paintLungs(canvas, chest);
  paintMediastinum(canvas, chest, pose);
  paintVessels(canvas, chest, signs.congestion, random.fork('vessels'));
  paintCongestion(canvas, chest, signs.congestion, random.fork('congestion'));
  paintAirspaceOpacity(canvas, chest, signs.airspaceOpacity, random.fork('airspace'));
  paintNodule(canvas, chest, signs);
  paintEffusions(canvas, chest, pose, signs);
  paintBones(canvas, chest, pose, signs.wasting);
  paintDevice(canvas, pose.device);
  return expose(canvas, pose, random.fork('grain'));
}

/** Grey follows ((1 − exp(−1.9 · exposure · attenuation)) / white)^(1.5 · gamma), plus grain. */
function expose(canvas: Canvas, pose: Pose, random: Random): Uint8Array {
  const pixels = new Uint8Array(canvas.side * canvas.side);
  const white = 1 - Math.exp(-1.9 * 1.45);
  for (let i = 0; i < pixels.length; i++) {
    const absorbed = 1 - Math.exp(-1.9 * pose.exposure * Math.max(0, canvas.attenuation[i]!));
    const grey = 250 * Math.min(1, absorbed / white) ** (1.5 * pose.gamma);
    pixels[i] = Math.min(255, Math.max(0, Math.round(4 + grey + pose.grain * nearNormal(random))));
  }
  return pixels;
}

/** The sum of four random bytes, centred and scaled to unit variance: close enough to a normal draw for grain, and four times faster. */
function nearNormal(random: Random): number {
  const bits = random.bits();
  const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24);
  return (sum - 510) / 147.8;
}
