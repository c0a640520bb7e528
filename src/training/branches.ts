/**
 * The two inputs of a fine-tuning model, film and report, each from rows of the cohort to an embedding on the device.
 *
 * A branch loads on the host (`load`) and embeds on the device (`embed`), so that the next batches are fetched while the device works.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { FittedText, ImageEncoder, NamedFeatures } from '../models/encoder.ts';
import type { NamedVariable } from '../models/parameters.ts';
import { textEncoders } from '../models/text/registry.ts';
import type { Random } from '../random/random.ts';
import { drawAugmentations } from '../transforms/augment.ts';
import { InputError } from '../errors.ts';
import type { HostTensor, HostTensors } from '../tensors/host-tensor.ts';
import type { FeatureMatrix, ImageSource, FineTuningData } from './data.ts';
import type { BuildImageEncoder } from './encoder-source.ts';
import { embedImages, imageInputs } from './images.ts';
import type { FineTuning } from './fine-tuning.ts';
import { fitOnce } from './fitted-texts.ts';

/** Rows of the cohort to embeddings. */
export interface Branch {
  readonly dimensions: number;
  readonly variables: readonly NamedVariable[];
  readonly buffers: readonly NamedVariable[];
  /** Reports as features with names, which `embed` takes too; null for films and for token ids. */
  readonly named: NamedFeatures | null;
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
    named: null,
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

function encoderBranch(spec: FineTuning, films: ImageSource, encoder: ImageEncoder): Branch {
  return {
    dimensions: encoder.dimensions,
    variables: encoder.variables,
    buffers: encoder.buffers ?? [],
    named: null,
    load: async (rows, batchRandom) => {
      const bytes = await films.read(rows);
      const random = batchRandom?.fork('augmentation');
      return imageInputs(
        bytes,
        films.side,
        encoder.input?.height ?? spec.imageSide,
        random ? drawAugmentations(spec.augmentation, rows.length, random) : null,
      );
    },
    embed: (inputs, training) => embedImages(encoder, inputs, films, spec.imageSide, training),
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
  const toRead = [...data.trainingRows, ...data.validationRows, ...data.testRows].map(
    (row) => data.reports[row] ?? '',
  );
  const { fitText = fitOnce } = data;
  const fitted = fitText(entry, trainingReports, spec.textEncoder.settings, toRead);
  const encoder = entry.build(fitted, spec.textEncoder.settings, random.fork('textEncoder'));
  const { named } = fitted;
  const full = named && {
    width: named.names.length,
    dtype: 'float32' as const,
    encode: (report: string) => named.read(report),
  };
  // The same rows come back: for training every epoch, for validation rows at every validation.
  const trained = new Map<number, Float32Array | Int32Array>();
  const predicted = new Map<number, Float32Array | Int32Array>();
  return {
    dimensions: encoder.dimensions,
    variables: encoder.variables,
    buffers: [],
    named,
    load: (rows, batchRandom) =>
      Promise.resolve({
        reports: batchRandom
          ? encodeRows(full ?? fitted, data.reports, rows, trained)
          : encodeRows(fitted, data.reports, rows, predicted),
      }),
    embed: ({ reports }, training) => encoder.forward(reports as tf.Tensor2D, training),
    dispose: () => encoder.dispose(),
  };
}

/** Encodes reports, each once. */
function encodeRows(
  { width, dtype, encode }: Pick<FittedText, 'width' | 'dtype' | 'encode'>,
  reports: readonly string[],
  rows: readonly number[],
  kept: Map<number, Float32Array | Int32Array>,
): HostTensor {
  const length = rows.length * width;
  const values = dtype === 'int32' ? new Int32Array(length) : new Float32Array(length);
  rows.forEach((row, i) => {
    const numbers = kept.get(row) ?? encode(reports[row] ?? '');
    kept.set(row, numbers);
    values.set(numbers, i * width);
  });
  return { shape: [rows.length, width], dtype, values };
}

function gatherRows(values: Float32Array, width: number, rows: readonly number[]): Float32Array {
  const result = new Float32Array(rows.length * width);
  rows.forEach((row, i) => result.set(values.subarray(row * width, (row + 1) * width), i * width));
  return result;
}
