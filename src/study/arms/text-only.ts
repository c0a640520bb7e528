/**
 * The probe of reports: how well they represent the label.
 */
import type { Arm } from './arm.ts';

/** Reads the report at test time; it teaches `studentOfReport`. */
export const textOnly = {
  label: 'Report only',
  description: 'Trained on reports and labels: how well is the label represented in the report?',
  phrase: 'the text-only probe',
  method: 'textOnly',
  teacher: null,
  role: 'reader',
  netOfControl: false,
  look: { ink: 'orange', dash: '2 3', marker: 'triangle' },
} as const satisfies Arm;
