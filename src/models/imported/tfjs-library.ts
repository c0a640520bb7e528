/**
 * The whole of TensorFlow.js, for people's own models: loaded when the first one is used; it does not change where tensors are computed.
 */
import type * as tfjs from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';

/** What reading models needs of the library. */
export type TfjsLibrary = Pick<
  typeof tfjs,
  'loadLayersModel' | 'loadGraphModel' | 'io' | 'Tensor' | 'engine'
>;

let loading: Promise<TfjsLibrary> | undefined;

/**
 * Loads the library once. It brings backends of its own; those that were not there before are taken out again, so that nothing can ever
 * fall back to them.
 * @throws Error when the backend changed, or when the library came with a second core, whose tensors are not ours.
 */
export function loadTfjsLibrary(): Promise<TfjsLibrary> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined; // The next attempt may succeed.
    throw error;
  });
  return loading;
}

async function load(): Promise<TfjsLibrary> {
  const backend = tf.getBackend();
  const strangers = ['webgl', 'cpu'].filter((name) => tf.findBackendFactory(name) === null);
  const { loadLayersModel, loadGraphModel, io, Tensor, engine } = await import('@tensorflow/tfjs');
  if (Tensor !== tf.Tensor || engine() !== tf.engine()) {
    throw new Error('TensorFlow.js was loaded with a second core, so its models cannot read our tensors.');
  }
  for (const name of strangers) if (tf.findBackendFactory(name) !== null) tf.removeBackend(name);
  if (tf.getBackend() !== backend) {
    throw new Error(`Loading TensorFlow.js moved the backend from "${backend}" to "${tf.getBackend()}".`);
  }
  return { loadLayersModel, loadGraphModel, io, Tensor, engine };
}
