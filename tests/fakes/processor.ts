/** A device for jobs in Node: TensorFlow.js on the processor, which is never lost. */
import type { Device } from '../../src/tensors/backend.ts';

export const processor: Device = {
  info: {
    vendor: 'none',
    architecture: '',
    description: 'the processor',
    features: [],
    software: true,
    maxBufferBytes: 2 ** 28,
  },
  lost: new Promise(() => {}),
  assertAlive: () => undefined,
};
