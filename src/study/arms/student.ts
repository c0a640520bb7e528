/**
 * The student of the teacher that sees film and report.
 */
import type { Arm } from './arm.ts';

/** Judged: its gain over the baseline, net of the control. */
export const student = {
  label: 'Student of image + report',
  description:
    'Sees the film only; learns from labels and the softened output of the image + report teacher.',
  phrase: 'the student of the image-and-report teacher',
  method: 'distillation',
  teacher: 'teacher',
  role: 'use',
  netOfControl: true,
  look: { ink: 'vermilion', dash: '', marker: 'diamond' },
} as const satisfies Arm;
