/**
 * What a kernel is to the device: a shader with a name, and the grid that it runs on.
 */

/** A compute shader: `key` names it with everything that its code depends on, `code` writes its WGSL when the key is new. */
export interface Kernel {
  readonly key: string;
  /** WGSL with an entry point `main`, its buffers at group 0, bindings 0, 1, 2, …; it must use them all. */
  code(): string;
  /** Bindings whose buffers hold 32-bit integers (int32 or bool tensors), declared array<i32> or array<u32>; all others are floats. */
  readonly integers?: readonly number[];
  /** Given by kernels that end a sum of parts and may do so together with others of their kind. */
  readonly mergeable?: MergeableSum;
}

/** Counts of workgroups along x, y and z. */
export type Workgroups = readonly [x: number, y?: number, z?: number];

/** A kernel with buffers [parts, sum] that adds parts [splits, size] to a sum [size] · scale, and how several become one dispatch. */
export interface MergeableSum {
  readonly splits: number;
  readonly size: number;
  readonly scale: number;
  /** One kernel for several sums, with buffers [parts₀, sum₀, parts₁, sum₁, …]; each sum is added in the order of its own kernel. */
  merge(sums: readonly MergeableSum[]): { readonly kernel: Kernel; readonly workgroups: Workgroups };
}
