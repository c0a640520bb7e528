/**
 * Submits commands to the device and reads numbers back.
 */

/** A dispatch with all that the device needs. */
export interface ReadyCommand {
  /** The kernel's key, or the name of a stock kernel. */
  readonly name: string;
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
  /** Of all buffers that it binds. */
  readonly bytes: number;
}

/** Writes the dispatches into a pass and ends it. */
export function encode(pass: GPUComputePassEncoder, commands: readonly ReadyCommand[]): void {
  let last: GPUComputePipeline | undefined;
  for (const { pipeline, bindGroup, workgroups } of commands) {
    if (pipeline !== last) pass.setPipeline((last = pipeline));
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(workgroups[0], workgroups[1], workgroups[2]);
  }
  pass.end();
}

/** Bytes of a buffer as they are after all that was submitted so far. */
export async function copyOf(
  device: GPUDevice,
  source: GPUBuffer,
  offset: number,
  bytes: number,
): Promise<ArrayBuffer> {
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  const staging = device.createBuffer({ size: bytes, usage });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(source, offset, staging, 0, bytes);
  device.queue.submit([encoder.finish()]);
  try {
    await staging.mapAsync(GPUMapMode.READ);
    return staging.getMappedRange().slice(0);
  } finally {
    staging.destroy();
  }
}

/** Seconds of each command, run alone one after another; null on devices without timestamps. */
export async function timesOf(
  device: GPUDevice,
  commands: readonly ReadyCommand[],
): Promise<number[] | null> {
  if (!device.features.has('timestamp-query')) return null;
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 });
  const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC;
  const resolved = device.createBuffer({ size: 16, usage });
  const timestampWrites = { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
  const seconds: number[] = [];
  try {
    for (const command of commands) {
      const encoder = device.createCommandEncoder();
      encode(encoder.beginComputePass({ timestampWrites }), [command]);
      encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
      device.queue.submit([encoder.finish()]);
      const [start, end] = new BigUint64Array(await copyOf(device, resolved, 0, 16));
      seconds.push(Number(end! - start!) / 1e9);
    }
    return seconds;
  } finally {
    querySet.destroy();
    resolved.destroy();
  }
}
