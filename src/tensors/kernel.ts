/**
 * A kernel: a shader with a name, and the grid that it runs on.
 */

/** A compute shader: `key` names it with everything that its code depends on, `code` writes its WGSL when the key is new. */
export interface Kernel {
  readonly key: string;
  /** WGSL with an entry point `main`, its buffers at group 0, bindings 0, 1, 2, …; it must use them all. */
  code(): string;
  /** Bindings whose buffers hold 32-bit integers (int32 or bool tensors), declared array<i32> or array<u32>; all others are floats. */
  readonly integers?: readonly number[];
  /** Given by kernels that end what others began, such as a sum of parts, and may do so together with others of their kind. */
  readonly mergeable?: MergeableJob;
  /**
   * A captured step runs it once for the same inputs and keeps what it gave. For kernels with one output that is small or needed again
   * soon: activations that are computed again to save their memory must not be kept by it.
   */
  readonly repeatable?: boolean;
  /** The same work with one buffer more at the end, of the shape of its one output, which is added to what it gives. */
  readonly adding?: Kernel;
  /** All that it does is to add its first two buffers, number by number, into the third. */
  readonly adds?: boolean;
}

/** Counts of workgroups along x, y and z. */
export type Workgroups = readonly [x: number, y?: number, z?: number];

/** Short work of independent threads, from one buffer into another. */
export interface Job {
  /** Names it with everything that its text depends on. */
  readonly key: string;
  readonly threads: number;
  /** WGSL types of the buffers' elements. */
  readonly reads: string;
  readonly writes: string;
  /** WGSL of the thread numbered `thread`, from the names of the buffers. */
  text(from: string, to: string): string;
}

/** The job of a kernel with buffers [read, written], and how several become one dispatch. */
export interface MergeableJob extends Job {
  /** One kernel for several jobs, with buffers [read₀, written₀, read₁, written₁, …]; each gives what its own kernel gives. */
  merge(jobs: readonly Job[]): { readonly kernel: Kernel; readonly workgroups: Workgroups };
}
