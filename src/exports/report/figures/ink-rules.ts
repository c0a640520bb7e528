/**
 * Inks as the report's style sheet has them: a class each, so that a figure names its class only and is read on either ground.
 */
import { inks, type Ground } from '../../../figures/inks.ts';
import type { InkName } from '../../../study/arms/arm.ts';

/** CSS rules that give each ink its colour, on light or on dark ground. */
export function inkRules(ground: Ground): string {
  return Object.entries(inks)
    .map(([ink, colour]) => `.${inkClass(ink as InkName)}{--ink:${colour[ground]}}`)
    .join('');
}

/** The class of an ink. */
export function inkClass(ink: InkName): string {
  return `ink-${ink}`;
}
