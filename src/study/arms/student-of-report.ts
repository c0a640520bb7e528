/**
 * The student of the probe of reports.
 */
import type { Arm } from './arm.ts';

/** Judged: its gain over the baseline, net of the control. */
export const studentOfReport = {
  label: 'Student of report',
  description: 'Sees the film only; learns from labels and the softened output of the report-only teacher.',
  phrase: 'the student of the report-only teacher',
  method: 'distillation',
  teacher: 'textOnly',
  role: 'use',
  netOfControl: true,
  look: { ink: 'purple', dash: '6 2 2 2', marker: 'star' },
} as const satisfies Arm;
