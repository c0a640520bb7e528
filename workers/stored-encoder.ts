/**
 * What the database keeps of a person's own model beside its files.
 */
import type { EncoderInput, IntensityScaling } from '../src/transforms/prepare.ts';

/** An imported model as it is kept. */
export interface StoredEncoder {
  readonly id: string;
  /** As the person called it. */
  readonly name: string;
  readonly scaling: IntensityScaling;
  /** As measured at import; where the model takes any size, at 224 px. */
  readonly input: EncoderInput;
  readonly dimensions: number;
  /** ISO 8601. */
  readonly addedAt: string;
}
