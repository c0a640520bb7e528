/**
 * The ceiling: film and report, also at test time.
 */
import type { Arm } from './arm.ts';

/** Reads film and report at test time; it teaches `student`. */
export const teacher = {
  label: 'Image + report',
  description: 'Sees film and report also at test time: the ceiling.',
  phrase: 'the teacher that sees image and report',
  method: 'teacher',
  teacher: null,
  role: 'reader',
  netOfControl: false,
  look: { ink: 'skyBlue', dash: '8 3', marker: 'square' },
} as const satisfies Arm;
