/**
 * The scalars of the runs that were made last, kept on the device until somebody reads them all at once.
 */
import { copyOf } from './submission.ts';

/** Runs whose scalars are kept; more between two readings are refused. */
export const keptRuns = 64;

/** Device memory of a ring of rows of so many scalars. */
export function ringBytes(scalars: number): number {
  return 4 * keptRuns * scalars;
}

/** A ring of rows on the device, one per run. */
export class ScalarRing {
  readonly #device: GPUDevice;
  readonly #sources: readonly GPUBufferBinding[];
  readonly #ring: GPUBuffer | null;
  #runs = 0;
  #read = 0;

  /** @param sources of one number each, in the order of a row. */
  constructor(device: GPUDevice, sources: readonly GPUBufferBinding[]) {
    this.#device = device;
    this.#sources = sources;
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
    this.#ring = sources.length > 0 ? device.createBuffer({ size: ringBytes(sources.length), usage }) : null;
  }

  /** Keeps the scalars that the commands of the encoder so far compute. */
  record(encoder: GPUCommandEncoder): void {
    if (!this.#ring) return;
    const row = (this.#runs++ % keptRuns) * this.#sources.length;
    this.#sources.forEach(({ buffer, offset = 0 }, i) => {
      encoder.copyBufferToBuffer(buffer, offset, this.#ring!, 4 * (row + i), 4);
    });
  }

  /** The rows of the runs since the last call, oldest first. @throws RangeError when some were overwritten. */
  async read(): Promise<readonly Float32Array[]> {
    const [first, end] = [this.#read, this.#runs];
    this.#read = end;
    if (end - first > keptRuns) {
      throw new RangeError(
        `${end - first} runs were made since scalars were read last; only ${keptRuns} are kept.`,
      );
    }
    if (!this.#ring || end === first) return [];
    const numbers = new Float32Array(await copyOf(this.#device, this.#ring, 0, this.#ring.size));
    const width = this.#sources.length;
    return Array.from({ length: end - first }, (_, i) => {
      const row = ((first + i) % keptRuns) * width;
      return numbers.slice(row, row + width);
    });
  }

  dispose(): void {
    this.#ring?.destroy();
  }
}
