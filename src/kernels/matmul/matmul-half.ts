/**
 * Tiled products whose strips in workgroup memory are 16-bit floats, rounded as they are copied; sums stay 32-bit.
 *
 * Half the workgroup memory and half its traffic. Numbers beyond 65504 become infinite and 11 bits of each operand remain, so these
 * variants are candidates only where a person allowed reduced precision.
 */
import { tiledVariant } from './matmul-tiled.ts';
import type { MatMulVariant } from './matmul-plan.ts';

/** The tiles of the 32-bit variants that gain most from a smaller strip. */
export const halfVariants: readonly MatMulVariant[] = [
  tiledVariant('half 128x128', { rows: 128, columns: 128, threadRows: 8, threadColumns: 8, half: true }),
  tiledVariant('half 64x64', { rows: 64, columns: 64, threadRows: 8, threadColumns: 4, half: true }),
];
