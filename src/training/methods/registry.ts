/**
 * The fine-tuning methods by name.
 */
import type { MethodName } from './inputs.ts';
import { distillation } from './distillation.ts';
import { imageOnly } from './image-only.ts';
import type { Method } from './method.ts';
import { teacher } from './teacher.ts';
import { textOnly } from './text-only.ts';

/** All methods. */
export const methods: Readonly<Record<MethodName, Method>> = { imageOnly, textOnly, teacher, distillation };
