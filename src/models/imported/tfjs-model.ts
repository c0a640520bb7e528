/**
 * A person's own TensorFlow.js model as a frozen image encoder: its first output, pooled to one embedding per film.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { GraphModel, LayersModel } from '@tensorflow/tfjs';
import { InputError } from '../../errors.ts';
import type { EncoderInput, IntensityScaling } from '../../transforms/prepare.ts';
import type { ImageEncoder } from '../encoder.ts';
import { parseModelJson, type ModelJson, type TfjsFiles } from './tfjs-files.ts';
import { inputOf, type DeclaredInput } from './tfjs-input.ts';
import { loadGraph, loadLayers, refusal } from './tfjs-loading.ts';
import { trialRun } from './trial-run.ts';

/** How a model is used. */
export interface TfjsModelOptions {
  readonly scaling: IntensityScaling;
  /** Height and width in px for models that take films of any size. */
  readonly side: number;
  /** What the model is called in messages. */
  readonly fileName: string;
}

/** An imported model: an encoder whose input is known and that has nothing to train. */
export type TfjsEncoder = ImageEncoder & { readonly input: EncoderInput };

/** A loaded model with the parts that an encoder needs. */
interface Loaded {
  readonly inputs: readonly DeclaredInput[];
  /** The first output. @param films [batch, height, width, channels] */
  run(films: tf.Tensor4D): tf.Tensor;
  dispose(): void;
}

/**
 * Loads a layers or graph model and runs it once on a film of noise. The embedding is the first output: [batch, d] as it is,
 * [batch, tokens, d] and [batch, height, width, d] as the mean over places.
 * @throws InputError when the model cannot be loaded or run here, does not take one image, or gives no embedding; nothing of it stays on
 *   the device then.
 */
export async function loadTfjsModel(files: TfjsFiles, options: TfjsModelOptions): Promise<TfjsEncoder> {
  const { fileName, scaling, side } = options;
  const model = await loaded(parseModelJson(files.modelJson, fileName), files.weights, fileName);
  try {
    const { batch, ...size } = inputOf(model.inputs, side, fileName);
    const embed = (films: tf.Tensor4D): tf.Tensor2D =>
      tf.tidy(() => inBatchesOf(batch, films, (part) => pooled(model.run(part), fileName)));
    const dimensions = await trialRun(refusing(embed, fileName), size, fileName);
    return {
      dimensions,
      variables: [],
      input: { ...size, scaling },
      forward: embed,
      dispose: () => model.dispose(),
    };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function loaded(json: ModelJson, weights: ArrayBuffer, fileName: string): Promise<Loaded> {
  return json.format === 'graph-model'
    ? graph(await loadGraph(json, weights, fileName))
    : layers(await loadLayers(json, weights, fileName));
}

function graph(model: GraphModel): Loaded {
  return {
    inputs: model.inputs.map(({ shape, dtype }) => ({ shape, dtype })),
    run: (films) => firstOf(model.predict(films)),
    dispose: () => model.dispose(),
  };
}

function layers(model: LayersModel): Loaded {
  return {
    inputs: model.inputs.map(({ shape, dtype }) => ({ shape, dtype })),
    run: (films) => firstOf(model.predictOnBatch(films)),
    dispose: () => void model.dispose(),
  };
}

/** The first output, in the model's own order. */
function firstOf(outputs: tf.Tensor | tf.Tensor[] | tf.NamedTensorMap): tf.Tensor {
  const first = outputs instanceof tf.Tensor ? outputs : Object.values(outputs)[0];
  if (!first) throw new InputError('The model has no output.');
  return first;
}

/** Any output as [batch, dimensions]. */
function pooled(output: tf.Tensor, fileName: string): tf.Tensor2D {
  const values = tf.cast(output, 'float32');
  switch (output.rank) {
    case 2:
      return values as tf.Tensor2D;
    case 3:
      return tf.mean(values, 1);
    case 4:
      return tf.mean(values, [1, 2]);
    default:
      throw new InputError(
        `${fileName} gives an output of shape [${output.shape.join(', ')}], but an embedding is [films, numbers], [films, tokens, numbers] or [films, height, width, numbers]. Cut the model at such a layer and convert it again.`,
      );
  }
}

/** Runs films through a model that takes a fixed number at a time; the last batch is filled up with black. */
function inBatchesOf(
  size: number | null,
  films: tf.Tensor4D,
  run: (films: tf.Tensor4D) => tf.Tensor2D,
): tf.Tensor2D {
  const [count, height, width, channels] = films.shape;
  if (size === null || size === count) return run(films);
  const missing = (size - (count % size)) % size;
  const full =
    missing > 0 ? tf.concat<tf.Tensor4D>([films, tf.zeros([missing, height, width, channels])]) : films;
  const embeddings = tf.concat2d(tf.split<tf.Tensor4D>(full, full.shape[0] / size).map(run), 0);
  return missing > 0 ? tf.slice2d(embeddings, [0, 0], [count, embeddings.shape[1]]) : embeddings;
}

/** Embeds, and turns errors of TensorFlow.js into sentences. */
function refusing(
  embed: (films: tf.Tensor4D) => tf.Tensor2D,
  fileName: string,
): (films: tf.Tensor4D) => tf.Tensor2D {
  return (films) => {
    try {
      return embed(films);
    } catch (error) {
      throw refusal(error, fileName);
    }
  };
}
