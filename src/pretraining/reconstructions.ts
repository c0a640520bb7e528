/**
 * Pictures for masked autoencoders: the films, their visible patches, and the reconstructions.
 */
import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../random/random.ts';
import { imageInputs } from '../training/images.ts';
import type { PretrainingData } from './data.ts';
import { CapturedStep } from '../tensors/captured-step.ts';
import type { PretrainingTask } from './pretraining-task.ts';

/** A film in grey bytes, side × side each. */
export interface FilmReconstruction {
  readonly row: number;
  readonly side: number;
  readonly film: Uint8Array<ArrayBuffer>;
  /** Removed patches in middle grey. */
  readonly masked: Uint8Array<ArrayBuffer>;
  /** Removed patches as they were drawn. */
  readonly reconstructed: Uint8Array<ArrayBuffer>;
}

/** Films that are shown. */
const shownFilms = 4;
const middleGrey = 128;

/** Some validation films with one set of masks; none when no objective of the recipe draws films. */
export async function drawReconstructions(
  task: PretrainingTask,
  data: PretrainingData,
): Promise<FilmReconstruction[]> {
  const term = task.terms.find(({ built }) => built.reconstruct);
  if (!term) return [];
  const rows = data.validationRows.filter(
    (row) => (data.reports[row] ?? '').trim() !== '' || term.objective.uses === 'image',
  );
  const shown = rows.slice(0, shownFilms);
  const { films } = data;
  const { height: side } = task.input;
  const loaded = term.built.load?.({
    rows: shown,
    reports: shown.map((row) => data.reports[row]!),
    random: new Random('reconstructions'),
    step: 1,
  });
  const inputs = { ...loaded, ...imageInputs(await films.read(shown), films.side, side, null) };
  const step = new CapturedStep({
    state: [],
    compute: (given) => {
      const pass = task.pass(given, 1, false);
      const drawn = term.built.reconstruct!(pass, given);
      const grey = (x: tf.Tensor4D): tf.Tensor =>
        tf.reshape(tf.slice(x, [0, 0, 0, 0], [-1, -1, -1, 1]), [shown.length, -1]);
      return { all: tf.concat([grey(pass.films(0)), grey(drawn.films), drawn.mask], 1) };
    },
  });
  try {
    const program = await step.programFor(inputs);
    program.run(inputs);
    const numbers = await program.read('all');
    const width = numbers.length / shown.length;
    const pixels = side * side;
    return shown.map((row, i) => {
      const own = numbers.subarray(i * width, (i + 1) * width);
      const [film, reconstructed] = bytesOf(own.subarray(0, pixels), own.subarray(pixels, 2 * pixels));
      return {
        row,
        side,
        film,
        reconstructed,
        masked: hide(film, own.subarray(2 * pixels), side),
      };
    });
  } finally {
    step.dispose();
  }

  /** Both pictures in grey levels, by the scale that takes the film from its darkest to its brightest. */
  function bytesOf(
    film: Float32Array,
    drawn: Float32Array,
  ): [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>] {
    const [low, high] = [Math.min(...film), Math.max(...film)];
    const scale = high > low ? 255 / (high - low) : 0;
    const grey = (values: Float32Array): Uint8Array<ArrayBuffer> =>
      Uint8Array.from(values, (value) => Math.round(Math.min(255, Math.max(0, (value - low) * scale))));
    return [grey(film), grey(drawn)];
  }
}

/** The film with removed patches in middle grey. @param mask one number a patch, 1 for removed ones. */
function hide(film: Uint8Array, mask: Float32Array, side: number): Uint8Array<ArrayBuffer> {
  const grid = Math.sqrt(mask.length);
  const patch = side / grid;
  return Uint8Array.from(film, (value, i) => {
    const [y, x] = [Math.floor(i / side), i % side];
    return mask[Math.floor(y / patch) * grid + Math.floor(x / patch)] === 1 ? middleGrey : value;
  });
}
