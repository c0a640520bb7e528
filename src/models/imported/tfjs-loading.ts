/**
 * Loads a person's own TensorFlow.js model onto the device, and explains errors of the library.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { GraphModel, LayersModel } from '@tensorflow/tfjs';
import { errorSentence, InputError } from '../../errors.ts';
import { OnDeviceError } from '../../tensors/host-integers.ts';
import { refusalOfKeras3 } from './keras-3.ts';
import type { ModelJson } from './tfjs-files.ts';
import { loadTfjsLibrary, type TfjsLibrary } from './tfjs-library.ts';

/** Loads a graph model; who asked disposes of it. @throws InputError saying why it cannot be loaded; nothing stays on the device then. */
export async function loadGraph(
  json: ModelJson,
  weights: ArrayBuffer,
  fileName: string,
): Promise<GraphModel> {
  const { io, loadGraphModel } = await loadTfjsLibrary();
  const source = sourceOf(io, json, weights);
  try {
    return await leavingNothing(() => loadGraphModel(source), weightsOfGraph);
  } catch (error) {
    throw refusal(error, fileName);
  }
}

/** Loads a layers model as `loadGraph` does a graph. @throws InputError that says so where Keras 3 wrote it. */
export async function loadLayers(
  json: ModelJson,
  weights: ArrayBuffer,
  fileName: string,
): Promise<LayersModel> {
  const { io, loadLayersModel } = await loadTfjsLibrary();
  const source = sourceOf(io, json, weights);
  try {
    return await leavingNothing(
      () => loadLayersModel(source),
      () => [],
    );
  } catch (error) {
    throw refusalOfKeras3(json, fileName) ?? refusal(error, fileName);
  }
}

function sourceOf(
  io: TfjsLibrary['io'],
  { modelTopology, groups, signature, userDefinedMetadata }: ModelJson,
  weightData: ArrayBuffer,
): ReturnType<TfjsLibrary['io']['fromMemory']> {
  return io.fromMemory({
    modelTopology,
    weightSpecs: groups.flatMap(({ weights }) => weights),
    weightData,
    ...(isRecord(signature) && { signature }),
    ...(isRecord(userDefinedMetadata) && { userDefinedMetadata }),
  });
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

/** What TensorFlow.js says, as a sentence about the person's file. */
export function refusal(error: unknown, fileName: string): InputError {
  if (error instanceof InputError) return error;
  if (error instanceof OnDeviceError)
    return new InputError(
      `${fileName} decides what to do next by numbers that lie on the graphics device, where they cannot be read in the midst of its work. Export the model without such operations.`,
    );
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
