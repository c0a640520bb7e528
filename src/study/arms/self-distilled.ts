/**
 * The control of distillation: a student whose teacher saw no report.
 */
import type { Arm } from './arm.ts';

/** Its gain is subtracted from that of the students. */
export const selfDistilled = {
  label: 'Self-distilled (control)',
  description:
    'Sees the film only; its teacher sees only the film too. What distillation gains without any report.',
  phrase: 'the self-distilled control',
  method: 'distillation',
  teacher: 'imageOnly',
  role: 'control',
  netOfControl: false,
  look: { ink: 'green', dash: '4 3', marker: 'cross' },
} as const satisfies Arm;
