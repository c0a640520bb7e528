/**
 * The part of the findings that is shown: one label, one way of tuning, one encoder, one pre-training.
 */
import type {} from '../../study/config.ts';
import type { Tuning } from '../../training/fine-tuning.ts';
import type { Condition, Findings } from '../../study/findings/findings.ts';

/** What a person chose to look at. */
export interface Selection {
  readonly label: string;
  readonly tuning: Tuning;
  readonly imageEncoder: string;
  readonly pretraining: string;
}

/** The values that can be chosen, in the order of the findings. */
export interface Choices {
  readonly labels: readonly string[];
  readonly tunings: readonly Tuning[];
  readonly imageEncoders: readonly string[];
  readonly pretrainings: readonly string[];
}

/** What there is to choose from. */
export function choicesOf({ cells }: Pick<Findings, 'cells'>): Choices {
  return {
    labels: [...new Set(cells.map(({ label }) => label))],
    tunings: [...new Set(cells.map(({ tuning }) => tuning))],
    imageEncoders: [...new Set(cells.map(({ imageEncoder }) => imageEncoder))],
    pretrainings: [...new Set(cells.map(({ pretraining }) => pretraining))],
  };
}

/** The wish where it can be had, and the first choice elsewhere; null when there is nothing to choose. */
export function settle(wish: Partial<Selection>, choices: Choices): Selection | null {
  const label = choices.labels.find((value) => value === wish.label) ?? choices.labels[0];
  const tuning = choices.tunings.find((value) => value === wish.tuning) ?? choices.tunings[0];
  const imageEncoder =
    choices.imageEncoders.find((value) => value === wish.imageEncoder) ?? choices.imageEncoders[0];
  const pretraining =
    choices.pretrainings.find((value) => value === wish.pretraining) ?? choices.pretrainings[0];
  if (label === undefined || !tuning || imageEncoder === undefined || pretraining === undefined) return null;
  return { label, tuning, imageEncoder, pretraining };
}

/** The conditions of a selection. */
export function chosen<T extends Condition>(all: readonly T[], selection: Selection): T[] {
  return all.filter(
    (one) =>
      one.label === selection.label &&
      one.tuning === selection.tuning &&
      one.imageEncoder === selection.imageEncoder &&
      one.pretraining === selection.pretraining,
  );
}

/** Training sizes in growing order, 'all' last. */
export function sizesOf(all: readonly Condition[]): (number | 'all')[] {
  const order = (size: number | 'all'): number => (size === 'all' ? Infinity : size);
  return [...new Set(all.map(({ trainingSize }) => trainingSize))].sort((a, b) => order(a) - order(b));
}
