/**
 * The trainer's worker with a way to lose its graphics device, as a driver's crash would, and to tell how many tensors it holds.
 */
import * as tf from '@tensorflow/tfjs-core';
import '../../workers/trainer.ts';

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (data === 'lose the device') (tf.backend() as unknown as { device: GPUDevice }).device.destroy();
  if (data === 'count tensors') self.postMessage({ tensors: tf.memory().numTensors });
});
