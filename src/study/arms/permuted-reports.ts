/**
 * The control of what reports say: a student whose teacher read shuffled ones.
 */
import type { Arm } from './arm.ts';

/** Its gain should vanish net of the control. */
export const permutedReports = {
  label: 'Student of permuted reports (control)',
  description: 'Sees the film only; its teacher was trained on reports shuffled among training patients.',
  phrase: 'the control with shuffled reports',
  method: 'distillation',
  teacher: 'permutedTeacher',
  role: 'control',
  netOfControl: true,
  look: { ink: 'blue', dash: '1 3', marker: 'wye' },
} as const satisfies Arm;
