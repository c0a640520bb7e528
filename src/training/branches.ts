/**
 * The two ways into a fine-tuning model: the film's and the report's, each from rows of the cohort to an embedding on the device.
 *
 * A branch loads on the host (`load`) and embeds on the device (`embed`), so that the next batches are fetched while the device works.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { FittedText, ImageEncoder } from '../models/encoder.ts';
import type { NamedVariable } from '../models/parameters.ts';
import { textEncoders } from '../models/text/registry.ts';
import type { Random } from '../random/random.ts';
import { drawAugmentations } from '../transforms/augment.ts';
import { InputError } from '../errors.ts';
import type { HostTensors } from '../tensors/host-tensor.ts';
import type { FeatureMatrix, FilmSource, FineTuningData } from './data.ts';
import type { BuildImageEncoder } from './encoder-source.ts';
import { embedFilms, filmInputs } from './films.ts';
import type { FineTuning } from './fine-tuning.ts';

/** Rows of the cohort to embeddings. */
export interface Branch {
  readonly dimensions: number;
  readonly variables: readonly NamedVariable[];
  readonly buffers: readonly NamedVariable[];
  /** What each number of a report stands for, where it has a name; null for films and for token ids. */
  readonly featureNames: readonly string[] | null;
  /**
   * What a batch needs, under names that no other branch uses.
   * @param random decides augmentation; null: the film as it is (validation and test).
   */
  load(rows: readonly number[], random: Random | null): Promise<HostTensors>;
  /** @param inputs what `load` gave, on the device. @returns [rows, dimensions]; called inside tf.tidy. */
  embed(inputs: Readonly<Record<string, tf.Tensor>>, training: boolean): tf.Tensor2D;
  dispose(): void;
}

/** The image branch: frozen features for a linear probe, the encoder itself for full fine-tuning. */
export async function imageBranch(
  spec: FineTuning,
  data: FineTuningData,
  random: Random,
  buildImageEncoder: BuildImageEncoder,
): Promise<Branch> {
  if (spec.tuning === 'full') {
    const { imageEncoder, imageSide } = spec;
    const encoder = await buildImageEncoder(imageEncoder, imageSide, random.fork('imageEncoder'));
    return encoderBranch(spec, data.films, encoder);
  }
  if (!data.features) throw new TypeError('imageBranch: a linear probe needs features');
  return featureBranch(data.features);
}

function featureBranch({ dimensions, values }: FeatureMatrix): Branch {
  return {
    dimensions,
    variables: [],
    buffers: [],
    featureNames: null,
    load: (rows) =>
      Promise.resolve({
        features: {
          shape: [rows.length, dimensions],
          dtype: 'float32',
          values: gatherRows(values, dimensions, rows),
        },
      }),
    embed: ({ features }) => features as tf.Tensor2D,
    dispose: () => {},
  };
}

function encoderBranch(spec: FineTuning, films: FilmSource, encoder: ImageEncoder): Branch {
  return {
    dimensions: encoder.dimensions,
    variables: encoder.variables,
    buffers: encoder.buffers ?? [],
    featureNames: null,
    load: async (rows, batchRandom) => {
      const bytes = await films.read(rows);
      const random = batchRandom?.fork('augmentation');
      return filmInputs(
        bytes,
        films.side,
        encoder.input?.height ?? spec.imageSide,
        random ? drawAugmentations(spec.augmentation, rows.length, random) : null,
      );
    },
    embed: (inputs, training) => embedFilms(encoder, inputs, films, spec.imageSide, training),
    dispose: () => encoder.dispose(),
  };
}

/** The report branch: a vocabulary learned from the training reports, and a trained encoder. */
export function textBranch(spec: FineTuning, data: FineTuningData, random: Random): Branch {
  const entry = data.textEntry ?? textEncoders[spec.textEncoder.name];
  if (!entry)
    throw new InputError(
      `There is no text encoder "${spec.textEncoder.name}". Choose one of: ${Object.keys(textEncoders).join(', ')}.`,
    );
  const trainingReports = data.trainingRows.map((row) => data.reports[row] ?? '');
  const fitted = entry.fit(trainingReports, spec.textEncoder.settings);
  const encoder = entry.build(fitted, spec.textEncoder.settings, random.fork('textEncoder'));
  const encoded = new Map<number, Float32Array | Int32Array>();
  return {
    dimensions: encoder.dimensions,
    variables: encoder.variables,
    buffers: [],
    featureNames: fitted.featureNames,
    load: (rows) =>
      Promise.resolve({
        reports: {
          shape: [rows.length, fitted.width],
          dtype: fitted.dtype,
          values: encodeRows(fitted, data.reports, rows, encoded),
        },
      }),
    embed: ({ reports }, training) => encoder.forward(reports as tf.Tensor2D, training),
    dispose: () => encoder.dispose(),
  };
}

/** Encodes reports once and keeps them: the same rows come back every epoch. */
function encodeRows(
  fitted: FittedText,
  reports: readonly string[],
  rows: readonly number[],
  kept: Map<number, Float32Array | Int32Array>,
): Float32Array | Int32Array {
  const length = rows.length * fitted.width;
  const result = fitted.dtype === 'int32' ? new Int32Array(length) : new Float32Array(length);
  rows.forEach((row, i) => {
    const numbers = kept.get(row) ?? fitted.encode(reports[row] ?? '');
    kept.set(row, numbers);
    result.set(numbers, i * fitted.width);
  });
  return result;
}

function gatherRows(values: Float32Array, width: number, rows: readonly number[]): Float32Array {
  const result = new Float32Array(rows.length * width);
  rows.forEach((row, i) => result.set(values.subarray(row * width, (row + 1) * width), i * width));
  return result;
}
