/**
 * A person's own TensorFlow.js model as a frozen image encoder: its first output, pooled to one embedding a film.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { GraphModel, LayersModel } from '@tensorflow/tfjs';
import { errorSentence, InputError } from '../../errors.ts';
import type { EncoderInput, IntensityScaling } from '../../transforms/prepare.ts';
import type { ImageEncoder } from '../encoder.ts';
import { parseModelJson, type ModelJson, type TfjsFiles } from './tfjs-files.ts';
import { inputOf, type DeclaredInput } from './tfjs-input.ts';
import { loadTfjsLibrary, type TfjsLibrary } from './tfjs-library.ts';
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
  const json = parseModelJson(files.modelJson, fileName);
  const library = await loadTfjsLibrary();
  const model = await loadModel(library, json, files.weights, fileName);
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

async function loadModel(
  { io, loadGraphModel, loadLayersModel }: TfjsLibrary,
  json: ModelJson,
  weightData: ArrayBuffer,
  fileName: string,
): Promise<Loaded> {
  const { format, modelTopology, signature, userDefinedMetadata } = json;
  const artifacts = {
    modelTopology,
    weightSpecs: json.groups.flatMap(({ weights }) => weights),
    weightData,
    ...(isRecord(signature) && { signature }),
    ...(isRecord(userDefinedMetadata) && { userDefinedMetadata }),
  };
  const source = io.fromMemory(artifacts);
  try {
    return format === 'graph-model'
      ? graph(await leavingNothing(() => loadGraphModel(source), weightsOfGraph))
      : layers(
          await leavingNothing(
            () => loadLayersModel(source),
            () => [],
          ),
        );
  } catch (error) {
    throw refusal(error, fileName);
  }
}

/**
 * Loads a model so that a failure leaves neither half-read weights nor variables behind. A scope may span the awaits here: a model in
 * memory is read between two tasks of the event loop, so that nobody else's tensors are caught in it.
 */
async function leavingNothing<T>(
  load: () => Promise<T>,
  weights: (model: T) => readonly tf.Tensor[],
): Promise<T> {
  const engine = tf.engine();
  const before = new Set(Object.keys(engine.registeredVariables));
  engine.startScope('model');
  let kept: readonly tf.Tensor[] = [];
  try {
    const model = await load();
    kept = weights(model);
    return model;
  } catch (error) {
    for (const [name, variable] of Object.entries(engine.registeredVariables)) {
      if (!before.has(name)) variable.dispose();
    }
    throw error;
  } finally {
    engine.endScope([...kept]);
  }
}

function weightsOfGraph(model: GraphModel): readonly tf.Tensor[] {
  return Object.values(model.weights).flat();
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

/** Embeds, and says in words what TensorFlow.js cannot do. */
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

/** What TensorFlow.js says, as a sentence about the person's file. */
function refusal(error: unknown, fileName: string): InputError {
  if (error instanceof InputError) return error;
  const said = errorSentence(error).split('\n')[0]!;
  const operation =
    /Unknown op '([^']+)'/.exec(said)?.[1] ??
    /Kernel '([^']+)' not registered/.exec(said)?.[1] ??
    /dynamic op '([^']+)'/.exec(said)?.[1];
  if (operation !== undefined)
    return new InputError(
      `${fileName} uses the operation "${operation}", which TensorFlow.js cannot run on the graphics device. Export the model without it.`,
    );
  const layer = /Unknown layer: ([^.\s]+)/.exec(said)?.[1];
  if (layer !== undefined)
    return new InputError(
      `${fileName} uses the layer "${layer}", which TensorFlow.js does not have. Convert the model with tensorflowjs_converter to a graph model, which needs no layers.`,
    );
  return new InputError(
    `${fileName} cannot be used: TensorFlow.js says "${said}". Convert the model again with tensorflowjs_converter 4.`,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
