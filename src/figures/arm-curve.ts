/**
 * One curve per arm, as ROC, precision-recall and reliability charts draw it.
 */
import type { ArmName } from '../study/arms/registry.ts';

/** A marked place of a curve, px, and what it says. */
export interface CurveMark {
  readonly x: number;
  readonly y: number;
  readonly words: string;
}

/** An arm's curve with its marks; its name stands right of the box. */
export interface ArmCurve {
  readonly arm: ArmName;
  readonly path: string;
  readonly marks: readonly CurveMark[];
  readonly label: { readonly x: number; readonly y: number };
}
