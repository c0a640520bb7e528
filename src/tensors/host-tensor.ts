/**
 * Numbers on the host that will be uploaded to the device.
 */

/** A tensor's numbers, row-major. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly values: Float32Array | Int32Array;
}

/** Tensors by name. */
export type HostTensors = Readonly<Record<string, HostTensor>>;

/** Names, types and shapes as one text: equal for inputs that the same program takes. */
export function signatureOf(inputs: HostTensors): string {
  return Object.entries(inputs)
    .map(([name, { shape, dtype }]) => `${name}:${dtype}[${shape.join()}]`)
    .join(' ');
}
