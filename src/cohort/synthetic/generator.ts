/** Placeholder for type checking on this branch only. */
import type { LabelValue } from '../cohort.ts';
import type { SyntheticDials } from './dials.ts';

/** One drawn film. */
export interface SyntheticFilm {
  readonly imageId: string;
  readonly patientId: string;
  readonly report: string;
  readonly labels: readonly LabelValue[];
  readonly groups: Record<string, string>;
  readonly pixels: Uint8Array;
}

/** Label names. */
export const syntheticLabelNames: readonly string[] = ['a'];

/** Number of films. */
export function syntheticFilmCount(dials: SyntheticDials): number {
  return dials.patients;
}

/** Films. */
export function* drawSyntheticCohort(dials: SyntheticDials, side: number): Generator<SyntheticFilm> {
  for (let i = 0; i < dials.patients; i++) {
    const pixels = new Uint8Array(side * side).fill(i % 256);
    yield { imageId: `s${i}`, patientId: `s${i}`, report: '', labels: [i % 2 ? 1 : 0], groups: {}, pixels };
  }
}
