/**
 * What an import is asked beside its columns.
 */
import type { SplitFractions, SquareFit } from './cohort.ts';

/** Choices of an import that are not about columns. */
export interface ImportOptions {
  readonly name: string;
  /** Side in px of the stored square films. */
  readonly side: number;
  readonly fit: SquareFit;
  readonly seed: number;
  readonly fractions: SplitFractions;
}
