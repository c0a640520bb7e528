/**
 * What objectives that align films and reports have in common: T, and projections of both into one space.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { buildProjection } from '../models/projection.ts';
import type { Alignment, ObjectiveContext } from './objective.ts';

/** An alignment with all that its loss depends on. */
export interface BuiltAlignment extends Alignment {
  /** Those of V and T. */
  readonly variables: readonly tf.Variable[];
}

/** Builds "image" and "text". @param widths of the layers of each projection after its input. */
export function buildAlignment(
  { encoder, text, scope }: ObjectiveContext,
  widths: readonly number[],
): BuiltAlignment {
  const textEncoder = text.encoder();
  const project = (name: string, inputs: number) =>
    buildProjection(scope.within(name), { widths: [inputs, ...widths], batchNorm: false });
  return {
    image: project('image', encoder.dimensions),
    text: project('text', textEncoder.dimensions),
    variables: [...encoder.variables, ...textEncoder.variables].map(({ variable }) => variable),
  };
}
