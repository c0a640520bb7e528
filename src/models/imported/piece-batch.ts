/**
 * Reports as the one list of pieces that a text graph takes, filled up so that lists have few shapes: each shape compiles the graph's
 * shaders anew, which takes seconds where WebGPU runs in software, and they are kept.
 */
import { unknownPiece } from '../text/sentencepiece-unigram.ts';
import type { HostTensors } from '../../tensors/host-tensor.ts';

/** The longest report is taken as this many pieces, or a multiple of it. */
const widthStep = 8;

/**
 * The pieces of reports one after the other, with the report and the place of each. Reports of unknown pieces follow, which nobody asked
 * for: one as wide as the batch, and for each report one that is as long as the report is short of it. So a batch has 2 · reports + 1
 * reports and width + reports · (width + 1) pieces, whatever stands in it.
 * @param reports pieces of each, at least one.
 */
export function listPieces(reports: readonly (readonly number[])[]): HostTensors {
  const longest = Math.max(...reports.map(({ length }) => length));
  const width = Math.ceil(longest / widthStep) * widthStep;
  const fillers = [...reports.map(({ length }) => width + 1 - length), width].map((length) =>
    new Array<number>(length).fill(unknownPiece),
  );
  const all = [...reports, ...fillers];
  const values = Int32Array.from(all.flat());
  const indices = Int32Array.from(all.flatMap((ids, report) => ids.flatMap((_, place) => [report, place])));
  return {
    indices: { shape: [values.length, 2], dtype: 'int32', values: indices },
    values: { shape: [values.length], dtype: 'int32', values },
  };
}

/** How many reports a list was made of, and how many it has with those that fill it up. @param indices of `listPieces`. */
export function reportsInList(indices: ArrayLike<number>): { readonly asked: number; readonly all: number } {
  const all = indices[indices.length - 2]! + 1;
  return { asked: (all - 1) / 2, all };
}
