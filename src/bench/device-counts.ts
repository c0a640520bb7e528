/**
 * Counts the dispatches, submits and buffer bytes that any engine requests from WebGPU in this process.
 */

/** What was asked so far. */
export interface DeviceCounts {
  dispatches: number;
  submits: number;
  /** Bytes of buffers that were made and not destroyed. */
  liveBytes: number;
  /** The most that `liveBytes` was since it was last set. */
  peakBytes: number;
}

let counts: DeviceCounts | undefined;

/** The counts, kept from the first call on. */
export function deviceCounts(): DeviceCounts {
  return (counts ??= startCounting());
}

function startCounting(): DeviceCounts {
  const kept: DeviceCounts = { dispatches: 0, submits: 0, liveBytes: 0, peakBytes: 0 };
  const sizes = new WeakMap<GPUBuffer, number>();
  after(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', () => void kept.dispatches++);
  after(GPUQueue.prototype, 'submit', () => void kept.submits++);
  after(GPUDevice.prototype, 'createBuffer', (_, buffer) => {
    sizes.set(buffer, buffer.size);
    kept.liveBytes += buffer.size;
    kept.peakBytes = Math.max(kept.peakBytes, kept.liveBytes);
  });
  after(GPUBuffer.prototype, 'destroy', (buffer) => {
    kept.liveBytes -= sizes.get(buffer) ?? 0;
    sizes.delete(buffer);
  });
  return kept;
}

/** Calls `then` after each call of a method. */
function after<T extends object, K extends keyof T>(
  prototype: T,
  name: K,
  then: (self: T, result: T[K] extends (...args: never[]) => infer R ? R : never) => void,
): void {
  const original = prototype[name] as (...values: unknown[]) => unknown;
  prototype[name] = function (this: T, ...values: unknown[]) {
    const result = original.apply(this, values);
    then(this, result as never);
    return result;
  } as T[K];
}
