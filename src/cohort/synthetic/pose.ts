/**
 * Position of the patient and exposure of the film: differences between films that carry no information about labels.
 */
import type { Random } from '../../random/random.ts';
import type { SyntheticPatient } from './patient.ts';

/** Build, positioning and exposure of one film; lengths in units of half the film's side. */
export interface Pose {
  /** PA = standing, from behind; AP = in bed, from the front: larger heart, shallower breath, scapulae over the lungs. */
  readonly view: 'PA' | 'AP';
  readonly sex: SyntheticPatient['sex'];
  readonly device: SyntheticPatient['device'];
  /** Half the inner chest width at the level of the diaphragm. */
  readonly chestHalfWidth: number;
  /** Thickness of the chest wall at the side. */
  readonly wallThickness: number;
  /** How far the domes stand above (−) or below (+) their usual level. */
  readonly inspiration: number;
  /** Size of the gastric bubble; 0 for none. */
  readonly gastricBubble: number;
  readonly shiftX: number;
  readonly shiftY: number;
  /** Rotation of the whole film in radians. */
  readonly tilt: number;
  readonly scale: number;
  /** Factor on the attenuation: below 1 a dark film, above 1 a bright one. */
  readonly exposure: number;
  readonly gamma: number;
  /** Standard deviation of the grain in grey levels. */
  readonly grain: number;
}

/** Draws a pose. @param build the patient's stream for what stays the same. @param film the stream of this film. */
export function drawPose(patient: SyntheticPatient, build: Random, film: Random): Pose {
  const chestHalfWidth = clamp(build.normal(patient.sex === 'male' ? 0.76 : 0.73, 0.02), 0.66, 0.82);
  const wallThickness = clamp(build.normal(0.13, 0.03), 0.07, 0.22);
  const view = film.chance(0.35) ? 'AP' : 'PA';
  return {
    view,
    sex: patient.sex,
    device: patient.device,
    chestHalfWidth,
    wallThickness,
    inspiration: film.normal(view === 'AP' ? -0.07 : 0, 0.025),
    gastricBubble: film.chance(0.6) ? film.uniform(0.05, 0.12) : 0,
    shiftX: film.normal(0, 0.02),
    shiftY: film.normal(0, 0.02),
    tilt: film.normal(0, 0.02),
    scale: film.normal(1, 0.025),
    exposure: Math.exp(film.normal(0, 0.06)),
    gamma: Math.exp(film.normal(0, 0.06)),
    grain: film.uniform(2, 6),
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
