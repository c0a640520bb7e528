/**
 * The baseline: what films and labels alone give.
 */
import type { Arm } from './arm.ts';

/** The arm that every other is compared with. */
export const imageOnly = {
  label: 'Image only',
  description: 'Trained on films and labels; the baseline.',
  phrase: 'the image-only baseline',
  method: 'imageOnly',
  teacher: null,
  role: 'baseline',
  netOfControl: false,
  look: { ink: 'black', dash: '', marker: 'circle' },
} as const satisfies Arm;
