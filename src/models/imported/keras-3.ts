/**
 * Layers models in the format of Keras 3: TensorFlow.js reads only that of Keras 2, and its converter does not say so
 * (https://github.com/tensorflow/tfjs/issues/8494).
 */
import { InputError } from '../../errors.ts';
import type { ModelJson } from './tfjs-files.ts';

/**
 * The error for a layers model that TensorFlow.js could not read because it is in the format of Keras 3. The version in the file does not
 * help, because it is that of the converter.
 * @returns null when no such word is in it.
 */
export function refusalOfKeras3({ modelTopology }: ModelJson, fileName: string): InputError | null {
  const sign = signIn(modelTopology);
  if (sign === null) return null;
  return new InputError(
    `${fileName} was written by Keras 3 (${sign}), whose layers TensorFlow.js cannot read, however often they are converted. Do one of two: save the model with Keras 2 (pip install tf_keras; set TF_USE_LEGACY_KERAS=1 before Python starts; build or load it and save it as model.h5) and convert it with tensorflowjs_converter --input_format=keras model.h5 web_model; or make a graph model of it: in Keras 3 model.export("saved_model"), then tensorflowjs_converter --input_format=tf_saved_model --output_format=tfjs_graph_model saved_model web_model. Then choose the files of web_model.`,
  );
}

/** A word in a configuration that only Keras 3 writes: how it tells the sizes of an input, and the types of numbers. */
function signIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'batch_shape') return '"batch_shape" of its input';
    if (key === 'class_name' && inner === 'DTypePolicy') return '"DTypePolicy"';
    const sign = signIn(inner);
    if (sign !== null) return sign;
  }
  return null;
}
