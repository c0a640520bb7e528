/**
 * Graphs whose shapes depend on the numbers in them, on WebGPU: TensorFlow.js reads such shapes at once, which WebGPU can only do through
 * a canvas: slowly, not everywhere, and in software not at all. So whole numbers are also kept on the host, and computed there from each
 * other; fractions, where the work is, stay on the device.
 */
import { insides, onWebgpu, type Insides, type TensorData } from './webgpu-insides.ts';

/** The graph reads synchronously what only the device has. */
export class OnDeviceError extends Error {
  override readonly name = 'OnDeviceError';
}

/**
 * Runs work so that whole numbers and truth values which come from the host can be read at once; on other backends as it is. Nothing else
 * may use the backend meanwhile.
 * @throws OnDeviceError when the work reads at once what only the device has; what the work throws.
 */
export async function withIntegersOnHost<T>(work: () => Promise<T>): Promise<T> {
  if (!onWebgpu()) return work();
  const backend = insides();
  const ours = overridesOf(backend);
  Object.assign(backend, ours);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(ours)) Reflect.deleteProperty(backend, name);
  }
}

/** What the backend does otherwise while integers are kept on the host. */
function overridesOf(backend: Insides): Partial<Insides> {
  const stock = Object.getPrototypeOf(backend) as Insides;
  return {
    shouldExecuteOnCPU: (inputs) =>
      inputs.every(({ dataId }) => isHostInteger(backend.tensorMap.get(dataId))),
    uploadToGPU: (dataId) => {
      const data = backend.tensorMap.get(dataId);
      const { values } = data;
      stock.uploadToGPU.call(backend, dataId);
      if (isInteger(data)) data.values = values;
    },
    runWebGPUProgram: (program, inputs, dtype, uniforms, output) => {
      const result = stock.runWebGPUProgram.call(backend, program, inputs, dtype, uniforms, output);
      // After the device writes in place, the host's copy is out of date.
      if (output) backend.tensorMap.get(output.dataId).values = null;
      return result;
    },
    readSync: (dataId) => {
      if (isOnDeviceAlone(backend.tensorMap.get(dataId)))
        throw new OnDeviceError('Numbers that only the device has cannot be read synchronously.');
      return stock.readSync.call(backend, dataId);
    },
  };
}

function isInteger({ dtype }: TensorData): boolean {
  return dtype === 'int32' || dtype === 'bool';
}

function isHostInteger(data: TensorData): boolean {
  return isInteger(data) && data.values !== null && data.values !== undefined;
}

function isOnDeviceAlone({ values, resource }: TensorData): boolean {
  return (values === null || values === undefined) && resource !== null && resource !== undefined;
}
