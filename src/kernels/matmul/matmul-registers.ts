/**
 * The variant of the matrix product that runs everywhere and that the others are checked against: tiles in registers, no workgroup memory.
 */
import { isPlain } from './matmul-epilogue.ts';
import type { MatMulPlan, MatMulRequest, MatMulVariant } from './matmul-plan.ts';
import { matMulShader, tileOf } from './matmul-tiles.ts';
import { tileGroups } from '../wgsl.ts';

/** Covers every product, with no feature and no barrier. */
export const registerVariant = {
  name: 'registers',
  reducedPrecision: false,
  isAvailable: () => true,
  plan(request: MatMulRequest): MatMulPlan {
    const { product, epilogue, sumsColumns } = request;
    const tile = tileOf(product, isPlain(epilogue));
    const { size, groups } = tileGroups(
      product.columns / tile.columnWidth / tile.columns,
      Math.ceil(product.rows / tile.rows),
      product.batch * tile.splits,
    );
    return {
      kernel: {
        key: `matMul ${JSON.stringify([product, tile, epilogue, sumsColumns])}`,
        code: () => matMulShader(product, tile, epilogue, sumsColumns, size),
      },
      workgroups: groups,
      splits: tile.splits,
    };
  },
} satisfies MatMulVariant;
