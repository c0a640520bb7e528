/**
 * Matrix product through workgroup memory, for graphics cards: each workgroup copies a strip of A and a strip of B, 16 deep, and its threads
 * multiply from there, each an 8 × 8, 8 × 4 or 4 × 4 tile in registers.
 *
 * What the sizes follow from:
 * - A thread of 8 × 8 makes 64 multiplications of 4 reads of 16 bytes, so that arithmetic and not workgroup memory is the limit; 64 sums and
 *   16 operands still leave registers for two workgroups of 256 threads a core, one of which computes while the other waits for memory.
 * - A thread's rows (and columns) lie in groups of four, a quarter or half of the tile apart: neighbouring threads read neighbouring
 *   vectors, without bank conflicts. A matrix that lies along the inner axis is turned as it is copied, 4 × 4 numbers a thread, so that
 *   both reads and writes are whole vectors (WGSL lets a write to one component touch all four); its columns are permuted by an exclusive
 *   or, by which the turned writes of neighbouring threads fall into different banks.
 * - Two strips of 128 × 16 floats are 16 KiB, which every WebGPU device has.
 *
 * S. Boehm, "How to Optimize a CUDA Matmul Kernel for cuBLAS-like Performance" (2022), https://siboehm.com/articles/22/CUDA-MMM, kernels 5
 * and 6, reaches four fifths of cuBLAS in this way without double buffering.
 */
import { deviceAbilities } from '../../tensors/backend.ts';
import { epilogueBuffers, epilogueFunctions, epilogueStore, isPlain } from './matmul-epilogue.ts';
import type { MatMulPlan, MatMulRequest, MatMulVariant } from './matmul-plan.ts';
import { copyStrip } from './matmul-tiled-copy.ts';
import { declarations, lane, repeat, splitsFor, typeOf, widthOf } from '../wgsl.ts';

/** How a product is cut among workgroups and their threads. */
export interface WorkgroupTile {
  readonly rows: number;
  readonly columns: number;
  /** Of a thread: 4 or 8. */
  readonly threadRows: 4 | 8;
  readonly threadColumns: 4 | 8;
  /** Holds the strips as 16-bit floats; sums stay 32-bit. */
  readonly half: boolean;
}

/** Depth of a strip. */
const DEPTH = 16;
/** Workgroups that keep a large card busy; fewer are multiplied by splitting the inner axis. */
const ENOUGH_WORKGROUPS = 256;

/** The tiled variants, largest tile first: one output tile needs few reads, many small tiles fill a card with small products. */
export const tiledVariants: readonly MatMulVariant[] = [
  tiledVariant('tiled 128x128', { rows: 128, columns: 128, threadRows: 8, threadColumns: 8, half: false }),
  tiledVariant('tiled 64x64', { rows: 64, columns: 64, threadRows: 8, threadColumns: 4, half: false }),
  tiledVariant('tiled 32x32', { rows: 32, columns: 32, threadRows: 4, threadColumns: 4, half: false }),
];

/** A variant of this tile. */
export function tiledVariant(name: string, tile: WorkgroupTile): MatMulVariant {
  return {
    name,
    reducedPrecision: tile.half,
    isAvailable: () => {
      const { features, workgroupBytes, workgroupThreads } = deviceAbilities();
      const bytes = (tile.rows + tile.columns) * DEPTH * (tile.half ? 2 : 4);
      const fits = bytes <= workgroupBytes && threadsOf(tile) <= workgroupThreads;
      return fits && (!tile.half || features.includes('shader-f16'));
    },
    plan: (request) => planTiled(name, tile, request),
  };
}

function threadsOf({ rows, columns, threadRows, threadColumns }: WorkgroupTile): number {
  return (rows / threadRows) * (columns / threadColumns);
}

function planTiled(name: string, tile: WorkgroupTile, request: MatMulRequest): MatMulPlan {
  const { batch, rows, columns, inner } = request.product;
  const across = Math.ceil(columns / tile.columns);
  const down = Math.ceil(rows / tile.rows);
  const splittable = isPlain(request.epilogue);
  const splits = splittable ? splitsFor(across * down * batch, ENOUGH_WORKGROUPS, inner, 8 * DEPTH, 64) : 1;
  return {
    kernel: {
      key: `matMul ${name} ${JSON.stringify([request, splits])}`,
      code: () => tiledShader(tile, request, splits),
    },
    workgroups: [across, down, batch * splits],
    splits,
  };
}

/** The WGSL of a tiled product. */
export function tiledShader(tile: WorkgroupTile, request: MatMulRequest, splits: number): string {
  const { product, epilogue, sumsColumns } = request;
  const { batch, rows, columns, inner, transposeA, transposeB, sharedA, sharedB } = product;
  const threads = threadsOf(tile);
  const columnWidth = widthOf(columns);
  const sum = typeOf(columnWidth);
  const chunk = Math.ceil(inner / splits / DEPTH) * DEPTH;
  const type = tile.half ? 'vec4<f16>' : 'vec4f';
  const copies = [
    copyStrip({
      ...{ matrix: 'a', strip: 'stripA', type, threads, depth: DEPTH, inner, turned: !transposeA },
      ...{ length: rows, tileLength: tile.rows, from: 'firstRow', unit: 'thread' },
    }),
    copyStrip({
      ...{ matrix: 'b', strip: 'stripB', type, threads, depth: DEPTH, inner, turned: transposeB },
      ...{ length: columns, tileLength: tile.columns, from: 'firstColumn' },
      // Where half of the threads copy A, the other half copies B.
      unit: `(thread ^ ${threads / 2}u)`,
    }),
  ];
  return `${tile.half ? 'enable f16;\n' : ''}${epilogueFunctions(epilogue, columnWidth)}
${declarations([
  `a: ${copies[0]!.elementType}`,
  `b: ${copies[1]!.elementType}`,
  `*c: ${sum}`,
  ...epilogueBuffers(epilogue, columnWidth),
  ...(sumsColumns ? [`*columnSums: ${sum}`] : []),
])}
var<workgroup> stripA: array<${type}, ${(DEPTH * tile.rows) / 4}>;
var<workgroup> stripB: array<${type}, ${(DEPTH * tile.columns) / 4}>;
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
let firstRow = group.y * ${tile.rows}u;
let firstColumn = group.x * ${tile.columns}u;
let split = group.z % ${splits}u;
let entry = group.z / ${splits}u;
let startA = ${sharedA ? '0u' : `entry * ${rows * inner}u`};
let startB = ${sharedB ? '0u' : `entry * ${columns * inner}u`};
let first = split * ${chunk}u;
let end = min(first + ${chunk}u, ${inner}u);
${multiplyStrips(tile, product, sumsColumns, copies)}
let startC = (split * ${batch}u + entry) * ${rows * columns}u;
${stores(tile, request)}
}`;
}

/** Sums s{row}_{vector of columns} over all strips. */
function multiplyStrips(
  tile: WorkgroupTile,
  { transposeA, transposeB }: { readonly transposeA: boolean; readonly transposeB: boolean },
  sumsColumns: boolean,
  copies: readonly { readonly code: string }[],
): string {
  const [vectorsA, vectorsB] = [tile.rows / 4, tile.columns / 4];
  const [groupsA, groupsB] = [tile.threadRows / 4, tile.threadColumns / 4];
  const [down, across] = [vectorsA / groupsA, vectorsB / groupsB];
  // Two places of 8 × 8 give any pipeline enough independent work; more would only take longer to compile.
  const unrolled = groupsA * groupsB === 4 ? 2 : 4;
  const place = (vector: string, turned: boolean): string =>
    turned ? `((${vector}) ^ swap)` : `(${vector})`;
  return `
let down = thread / ${across}u;
let across = thread % ${across}u;
${repeat(tile.threadRows, (i) => repeat(groupsB, (j) => `var s${i}_${j} = vec4f(0);`))}
${sumsColumns ? repeat(groupsB, (j) => `var t${j} = vec4f(0);`) : ''}
for (var k = first; k < end; k += ${DEPTH}u) {
${copies.map(({ code }) => code).join('\n')}
workgroupBarrier();
for (var place = 0u; place < ${DEPTH}u; place += ${unrolled}u) {
let swap = (place >> 1u) & 6u;
${repeat(groupsA, (g) => `let atA${g} = place * ${vectorsA}u + ${place(`down + ${g * down}u`, !transposeA)};`)}
${repeat(groupsB, (j) => `let atB${j} = place * ${vectorsB}u + ${place(`across + ${j * across}u`, transposeB)};`)}
${repeat(unrolled, (e) => {
  const reads = [
    repeat(groupsA, (g) => `let a${g} = vec4f(stripA[atA${g} + ${e * vectorsA}u]);`),
    repeat(groupsB, (j) => `let b${j} = vec4f(stripB[atB${j} + ${e * vectorsB}u]);`),
  ];
  const terms = repeat(tile.threadRows, (i) =>
    repeat(groupsB, (j) => {
      const scale = `vec4f(${lane(`a${Math.floor(i / 4)}`, 4, i % 4)})`;
      return `s${i}_${j} = fma(${scale}, b${j}, s${i}_${j});`;
    }),
  );
  return `{\n${reads.join('\n')}\n${terms}\n${sumsColumns ? repeat(groupsB, (j) => `t${j} += b${j};`) : ''}\n}`;
})}
}
workgroupBarrier();
}`;
}

/** Each thread ends and stores its sums, the outermost tiles only what lies inside the matrix. */
function stores(tile: WorkgroupTile, { product, epilogue, sumsColumns }: MatMulRequest): string {
  const { rows, columns } = product;
  const width = widthOf(columns);
  const groupsB = tile.threadColumns / 4;
  const down = tile.rows / tile.threadRows;
  const across = tile.columns / tile.threadColumns;
  const parts = width === 4 ? [''] : ['.x', '.y', '.z', '.w'];
  const inside = (text: string, bound: string, guarded: boolean): string =>
    guarded ? `if (${bound}) {\n${text}\n}` : text;
  const acrossTile = (part: (j: number, column: string, lanes: string) => string): string =>
    repeat(groupsB, (j) =>
      parts
        .map((lanes, e) => {
          const column = `firstColumn + (across + ${j * across}u) * 4u + ${e}u`;
          return inside(part(j, column, lanes), `${column} < ${columns}u`, columns % tile.columns !== 0);
        })
        .join('\n'),
    );
  const inVectors = (index: string): string => (width === 4 ? `(${index}) / 4u` : index);
  return `${repeat(tile.threadRows, (i) => {
    const row = `(firstRow + (down + ${Math.floor(i / 4) * down}u) * 4u + ${i % 4}u)`;
    const line = acrossTile((j, column, lanes) =>
      epilogueStore(epilogue, width, {
        sum: `s${i}_${j}${lanes}`,
        at: inVectors(`startC + ${row} * ${columns}u + ${column}`),
        column: inVectors(column),
      }),
    );
    return inside(line, `${row} < ${rows}u`, rows % tile.rows !== 0);
  })}
${
  sumsColumns
    ? `if (group.y == 0u && down == 0u) {\n${acrossTile(
        (j, column, lanes) => `columnSums[${inVectors(`split * ${columns}u + ${column}`)}] = t${j}${lanes};`,
      )}\n}`
    : ''
}`;
}
