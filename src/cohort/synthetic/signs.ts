/**
 * What a film shows of the truth: each sign = visibility × truth + what varies anyway.
 *
 * The film depends on the truth through these signs only. At visibility 0 films of ill and healthy patients have the same distribution.
 */
import type { Random } from '../../random/random.ts';
import type { Finding, HiddenTruth } from './patient.ts';

/** The strength of each sign on one film. */
export interface FilmSigns {
  /** Height of pleural fluid in [0, 1]: 0 a sharp costophrenic angle, 1 fluid up to mid-lung. */
  readonly effusionRight: number;
  readonly effusionLeft: number;
  /** Greatest heart width over inner chest width. */
  readonly cardiothoracicRatio: number;
  /** Perihilar haze, vessel distension and septal lines, in [0, 1]. */
  readonly congestion: number;
  /** Contrast of the nodule in [0, 1], and its place. */
  readonly nodule: number;
  readonly noduleRadius: number;
  readonly nodulePlace: HiddenTruth['nodulePlace'];
  /** Extent of patchy airspace opacity in [0, 1]. */
  readonly airspaceOpacity: number;
  /** Loss of bone and soft tissue, about [-1, 1]. */
  readonly wasting: number;
}

/** Draws the signs of one film. @param apView an AP film, taken lying or sitting, shows every heart larger. */
export function drawSigns(
  truth: HiddenTruth,
  visibility: number,
  apView: boolean,
  random: Random,
): FilmSigns {
  const { pleuralEffusion, cardiomegaly, congestion, nodule } = truth.findings;
  const shown = (finding: Finding): number =>
    finding.present ? visibility * (0.3 + 0.7 * finding.severity) : 0;
  const fluid = shown(pleuralEffusion);
  const onSide = (side: 'right' | 'left'): number =>
    truth.effusionSide === side || truth.effusionSide === 'both' ? fluid : 0;
  const heart = random.normal(0.45 + (apView ? 0.025 : 0), 0.038);
  return {
    effusionRight: unit(0.95 * onSide('right') + random.normal(0.12, 0.14)),
    effusionLeft: unit(0.95 * onSide('left') + random.normal(0.12, 0.14)),
    cardiothoracicRatio: Math.min(0.75, Math.max(0.36, heart + 0.18 * shown(cardiomegaly))),
    congestion: unit(1.1 * shown(congestion) + random.normal(0.25, 0.22)),
    nodule: unit(1.5 * shown(nodule)),
    noduleRadius: 0.07 + 0.1 * nodule.severity * random.uniform(0.9, 1.1),
    nodulePlace: truth.nodulePlace,
    airspaceOpacity: unit(0.3 + 0.3 * visibility * truth.acuteSeverity + random.normal(0, 0.15)),
    wasting: visibility * 0.7 * truth.frailty + random.normal(0, 0.35),
  };
}

function unit(value: number): number {
  return Math.min(1, Math.max(0, value));
}
