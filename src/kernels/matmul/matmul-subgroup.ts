/**
 * Matrix product that passes A from lane to lane instead of through memory: the lanes of a subgroup read consecutive inner places of the
 * same rows at once, and each place is then handed to all of them. No workgroup memory, no barrier.
 *
 * All threads of a workgroup have the same rows, so that nothing depends on which of them form a subgroup, nor on how many. Broadcasting a
 * value to all lanes is nearly free where registers can be read across lanes (Intel, AMD) and takes a slot of the load unit elsewhere; B is
 * read once for every 8 rows, so that large products are better off with tiles in workgroup memory. B lying along the inner axis is not
 * covered: its lanes would read far apart.
 */
import { deviceAbilities } from '../../tensors/backend.ts';
import { epilogueBuffers, epilogueFunctions, epilogueStore, isPlain } from './matmul-epilogue.ts';
import type { MatMulPlan, MatMulRequest, MatMulVariant } from './matmul-plan.ts';
import type { Product } from './matmul-product.ts';
import { declarations, lane, repeat, splitsFor, typeOf, widthOf, type Width } from '../wgsl.ts';

/** Threads of a workgroup: whole subgroups of every common size. */
const THREADS = 64;
const ENOUGH_WORKGROUPS = 1024;

/** Needs the feature subgroups; covers B as it is, A as it is or transposed. */
export const subgroupVariant: MatMulVariant = {
  name: 'subgroups',
  reducedPrecision: false,
  isAvailable: () => deviceAbilities().features.includes('subgroups'),
  plan: (request) => (request.product.transposeB ? null : planOf(request)),
};

/** What one thread computes. */
interface Share {
  readonly rows: 4 | 8;
  /** Vectors of columns, of this width, `THREADS` apart. */
  readonly vectors: 1 | 2;
  readonly columnWidth: Width;
  /** Of reads of A. */
  readonly rowWidth: Width;
}

function planOf(request: MatMulRequest): MatMulPlan {
  const { batch, rows, columns, inner, transposeA } = request.product;
  const columnWidth = widthOf(columns);
  const share: Share = {
    rows: rows > 4 ? 8 : 4,
    vectors: columns / columnWidth > THREADS ? 2 : 1,
    columnWidth,
    rowWidth: transposeA ? widthOf(rows) : 1,
  };
  const across = Math.ceil(columns / columnWidth / (THREADS * share.vectors));
  const down = Math.ceil(rows / share.rows);
  const splits = isPlain(request.epilogue)
    ? splitsFor(across * down * batch, ENOUGH_WORKGROUPS, inner, 128, 64)
    : 1;
  return {
    kernel: {
      key: `matMul subgroups ${JSON.stringify([request, splits])}`,
      code: () => subgroupShader(request, share, splits),
    },
    workgroups: [across, down, batch * splits],
    splits,
  };
}

function subgroupShader(request: MatMulRequest, share: Share, splits: number): string {
  const { product, epilogue, sumsColumns } = request;
  const { batch, rows, columns, inner, sharedA, sharedB } = product;
  const { columnWidth, vectors, rowWidth } = share;
  const type = typeOf(columnWidth);
  const perRow = columns / columnWidth;
  const chunk = Math.ceil(inner / splits);
  const each = (part: (j: number) => string): string => repeat(vectors, part);
  const reads = readsOfA(product, share);
  return `enable subgroups;
diagnostic(off, subgroup_uniformity); // The size of a subgroup is the same in all its lanes, which the analysis does not take for granted.
${epilogueFunctions(epilogue, columnWidth)}
${declarations([
  `a: ${typeOf(rowWidth)}`,
  `b: ${type}`,
  `*c: ${type}`,
  ...epilogueBuffers(epilogue, columnWidth),
  ...(sumsColumns ? [`*columnSums: ${type}`] : []),
])}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_size) subgroupSize: u32, @builtin(subgroup_invocation_id) ownLane: u32) {
let lanes = min(subgroupSize, ${THREADS}u);
let firstRow = group.y * ${share.rows}u;
let split = group.z % ${splits}u;
let entry = group.z / ${splits}u;
let startA = ${sharedA ? '0u' : `entry * ${(rows * inner) / rowWidth}u`};
let startB = ${sharedB ? '0u' : `entry * ${inner * perRow}u`};
let first = split * ${chunk}u;
let end = min(first + ${chunk}u, ${inner}u);
${each((j) => `let column${j} = group.x * ${THREADS * vectors}u + ${j * THREADS}u + thread;\nlet from${j} = startB + min(column${j}, ${perRow - 1}u);`)}
${repeat(share.rows, (i) => each((j) => `var s${i}_${j} = ${type}(0);`))}
${sumsColumns ? each((j) => `var t${j} = ${type}(0);`) : ''}
for (var k = first; k < end; k += lanes) {
let at = min(k + ownLane, ${inner - 1}u);
${reads}
for (var l = 0u; l < min(lanes, end - k); l++) {
${each((j) => `let b${j} = b[from${j} + (k + l) * ${perRow}u];`)}
${repeat(share.rows / rowWidth, (r) => {
  const terms = repeat(rowWidth, (e) =>
    each((j) => {
      const sum = `s${r * rowWidth + e}_${j}`;
      return `${sum} = fma(${type}(${lane('x', rowWidth, e)}), b${j}, ${sum});`;
    }),
  );
  return `{ let x = subgroupShuffle(a${r}, l);\n${terms} }`;
})}
${sumsColumns ? each((j) => `t${j} += b${j};`) : ''}
}
}
let startC = (split * ${batch}u + entry) * ${rows * perRow}u;
${each((j) => {
  const stores = repeat(share.rows, (i) => {
    const at = `startC + (firstRow + ${i}u) * ${perRow}u + column${j}`;
    const store = epilogueStore(epilogue, columnWidth, { sum: `s${i}_${j}`, at, column: `column${j}` });
    return rows % share.rows === 0 ? store : `if (firstRow + ${i}u < ${rows}u) ${store}`;
  });
  const sums = `if (group.y == 0u) { columnSums[split * ${perRow}u + column${j}] = t${j}; }`;
  return `if (column${j} < ${perRow}u) {\n${stores}\n${sumsColumns ? sums : ''}\n}`;
})}
}`;
}

/** This lane's inner place of all rows, as a0, a1, …; a row past the last is the last one again, and never stored. */
function readsOfA({ rows, inner, transposeA }: Product, share: Share): string {
  const { rowWidth } = share;
  return repeat(share.rows / rowWidth, (r) => {
    const row = `min(firstRow / ${rowWidth}u + ${r}u, ${rows / rowWidth - 1}u)`;
    const index = transposeA ? `at * ${rows / rowWidth}u + ${row}` : `${row} * ${inner}u + at`;
    return `let a${r} = a[startA + ${index}];`;
  });
}
