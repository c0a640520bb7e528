/**
 * Student's t distribution.
 */
import { incompleteBeta } from './special-functions.ts';

/** P(T > t) with the given degrees of freedom (> 0). */
export function studentUpperTail(t: number, degreesOfFreedom: number): number {
  const tail = incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5) / 2;
  return t >= 0 ? tail : 1 - tail;
}
