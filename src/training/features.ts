/**
 * Frozen features: every film of the cohort through an encoder that is not trained, once.
 */
import { InputError, NotFiniteError } from '../errors.ts';
import { Random } from '../random/random.ts';
import { CapturedStep } from '../tensors/captured-step.ts';
import type { HostTensors } from '../tensors/host-tensor.ts';
import type { ImageSource } from './data.ts';
import { buildRegisteredEncoder, type BuildImageEncoder } from './encoder-source.ts';
import { embedImages, imageInputs } from './images.ts';
import type { EncoderChoice } from './fine-tuning.ts';
import { runBatches } from './run-batches.ts';

/** Films to a batch; features are small, so the batch is bounded by the encoder's activations. */
export const featureBatch = 32;

/** Features of the films so far. */
export interface FeaturesProgress {
  readonly done: number;
  readonly total: number;
}

/**
 * Computes the features of rows 0 … rowCount − 1, yielding after each batch; returns [rowCount, dimensions] row-major.
 * @throws NotFiniteError when a feature is not finite; InputError when the encoder does not exist.
 */
export async function* extractFeatures(
  choice: EncoderChoice,
  imageSide: number,
  seed: number,
  films: ImageSource,
  rowCount: number,
  assertAlive: () => void,
  buildImageEncoder: BuildImageEncoder = buildRegisteredEncoder,
): AsyncGenerator<FeaturesProgress, { dimensions: number; values: Float32Array<ArrayBuffer> }> {
  const encoder = await buildImageEncoder(choice, imageSide, new Random(seed).fork('imageEncoder'));
  const captured = new CapturedStep(
    {
      state: [],
      compute: (inputs) => ({ features: embedImages(encoder, inputs, films, imageSide, false) }),
    },
    { orEager: true },
  );
  try {
    const values = new Float32Array(rowCount * encoder.dimensions);
    const load = async (batch: number): Promise<HostTensors> => {
      // The last batch is filled up with its last film, so that no shader is compiled anew for a shorter one.
      const rows = Array.from({ length: featureBatch }, (_, i) =>
        Math.min(batch * featureBatch + i, rowCount - 1),
      );
      return imageInputs(await films.read(rows), films.side, imageSide, null);
    };
    let start = 0;
    for await (const numbers of runBatches(captured, 'features', Math.ceil(rowCount / featureBatch), load)) {
      assertAlive();
      const count = Math.min(featureBatch, rowCount - start);
      if (!numbers.every(Number.isFinite))
        throw new NotFiniteError(`A feature of films ${start} to ${start + count - 1} is not finite.`);
      values.set(numbers.subarray(0, count * encoder.dimensions), start * encoder.dimensions);
      start += count;
      yield { done: start, total: rowCount };
    }
    assertTellsFilmsApart(values, encoder.dimensions, rowCount);
    return { dimensions: encoder.dimensions, values };
  } finally {
    captured.dispose();
    encoder.dispose();
  }
}

/** Features that are equal for every film come from a broken encoder or from films that were not read; nothing can be learned from them. */
function assertTellsFilmsApart(values: Float32Array, dimensions: number, rowCount: number): void {
  if (rowCount > 1 && values.every((value, i) => value === values[i % dimensions])) {
    throw new InputError(
      'The image encoder gives every film the same features. Either all films are equal, or the device computes wrongly; look at the films on the Cohort page.',
    );
  }
}
