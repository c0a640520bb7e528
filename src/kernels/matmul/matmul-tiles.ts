/**
 * How a matrix product is cut among threads, and its WGSL: every thread a tile of rows × vectors of columns in registers.
 */
import { deviceAbilities, runsInSoftware } from '../../tensors/backend.ts';
import { epilogueBuffers, epilogueFunctions, epilogueStore, type Epilogue } from './matmul-epilogue.ts';
import type { Product } from './matmul-product.ts';
import {
  fourDots,
  turnedLane,
  evenShare,
  FEW_PRODUCTS,
  lane,
  repeat,
  shader,
  splitsFor,
  typeOf,
  widthOf,
} from '../wgsl.ts';

/** How a product is cut among threads: rows and vectors of columns a thread, vector widths, splits of the inner axis. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly rowWidth: 4 | 1;
  readonly columnWidth: 4 | 1;
  readonly innerWidth: 4 | 1;
  readonly splits: number;
  /** Steps along the inner axis in one turn of the loop, each of `innerWidth` (1 where A is transposed). */
  readonly unroll: number;
  /** Four steps along the inner axis as dot products: a sum is then saved and restored once for four products. */
  readonly dots: boolean;
  /** Four threads side by side, which have the same rows, read a quarter of A each and hand it round. */
  readonly quads: boolean;
}

/**
 * Software runs few threads at a time and pays for every read, so each gets as large a tile as there is work for (a larger one also takes
 * longer to compile); four threads side by side share what they read where subgroups are to be had. Every product saves and restores its
 * sum, so four are taken at once as a dot product, or two a turn of the loop. On a graphics card many threads matter more than large tiles.
 * @param splittable whether parts of the sums may be stored by themselves
 */
export function tileOf(product: Product, splittable: boolean): Tile {
  const { batch, rows, columns, inner, transposeA, transposeB } = product;
  const software = runsInSoftware();
  const columnWidth = widthOf(columns);
  const rowWidth = transposeA ? widthOf(rows) : 1;
  const innerWidth = transposeA ? 1 : widthOf(inner);
  const vectors = columns / columnWidth;
  const work = batch * rows * columns * inner;
  const wanted = software ? 64 : 16384;
  const columnsOf = (most: number): number =>
    [4, 2, 1].find((count) => count <= most && vectors % count === 0)!;
  const inQuads = software && deviceAbilities().features.includes('subgroups');
  const rowsOf = (most: number): number => {
    const share = evenShare(rows / rowWidth, most / rowWidth);
    return rowWidth * (inQuads && share > 4 ? Math.ceil(share / 4) * 4 : share);
  };
  const few = work < FEW_PRODUCTS;
  let mostRows = few ? 4 : work < 2 ** 22 || !software ? 8 : 16;
  const narrow = software && transposeA && !(rowWidth === 4 && columnWidth === 4 && inner % 4 === 0);
  let mostColumns = columnWidth === 1 && transposeB ? 1 : few || narrow ? 2 : 4;
  const threads = (): number =>
    (vectors / columnsOf(mostColumns)) * Math.ceil(rows / rowsOf(mostRows)) * batch;
  while (threads() < wanted && mostRows * mostColumns > 4) {
    if (mostRows > 4 && mostRows >= 4 * mostColumns) mostRows /= 2;
    else if (mostColumns > 1) mostColumns /= 2;
    else mostRows /= 2;
  }
  const [tileRows, tileColumns] = [rowsOf(mostRows), columnsOf(mostColumns)];
  const splits = splittable ? splitsFor(threads(), wanted, inner, 64, 64) : 1;
  // Every turn of the loop must be whole, and so must every four threads side by side.
  const wholeTurns = (steps: number): boolean => inner % (steps * innerWidth * splits) === 0;
  const inVectors = columnWidth === 4 && (transposeA ? rowWidth === 4 && wholeTurns(4) : innerWidth === 4);
  const dots = software && inVectors && !(transposeA && work < 2 ** 20);
  const unroll = !transposeA || work < 2 ** 20 ? 1 : dots ? 4 : wholeTurns(2) ? 2 : 1;
  const quads = inQuads && (vectors / tileColumns) % 4 === 0 && (tileRows / rowWidth) % 4 === 0;
  return {
    ...{ rows: tileRows, columns: tileColumns, rowWidth, columnWidth, innerWidth },
    ...{ splits, unroll, quads, dots },
  };
}

/** The WGSL of a product; `sumsColumns` adds a last buffer that takes the sums of B's columns, [splits, columns]. */
export function matMulShader(
  product: Product,
  tile: Tile,
  epilogue: Epilogue,
  sumsColumns: boolean,
  size: readonly [number, number],
): string {
  const { rows, columns, inner, sharedA, sharedB, transposeA, transposeB } = product;
  const { rowWidth, columnWidth, innerWidth, splits } = tile;
  const vectors = columns / columnWidth;
  const sum = typeOf(columnWidth);
  const chunk = Math.ceil(inner / splits / innerWidth) * innerWidth;
  const guarded = rows % tile.rows !== 0;
  const rowVectors = rows / rowWidth;
  const tileVectors = tile.rows / rowWidth;
  const perA = (rows * inner) / (transposeA ? rowWidth : innerWidth);
  const perB = (columns * inner) / (transposeB ? innerWidth : columnWidth);
  const row = (i: string): string => (guarded ? `min(row + ${i}, ${rowVectors - 1}u)` : `(row + ${i})`);
  const step = (at: number): string =>
    `{ let k = k + ${at}u;\n${transposeA ? transposedStep(tile, rowVectors, vectors) : transposeB ? dotStep(tile, inner) : plainStep(tile, vectors)} }`;
  const code = shader(
    [
      `a: ${typeOf(transposeA ? rowWidth : innerWidth)}`,
      `b: ${typeOf(transposeB ? innerWidth : columnWidth)}`,
      `*c: ${sum}`,
      ...epilogueBuffers(epilogue, columnWidth),
      ...(sumsColumns ? [`*columnSums: ${sum}`] : []),
    ],
    size,
    `
let column = id.x * ${tile.columns}u;
let row = id.y * ${tileVectors}u;
if (column >= ${vectors}u || row >= ${rowVectors}u) { return; }
${tile.quads ? 'let lane = id.x % 4u;' : ''}
let split = id.z % ${splits}u;
let entry = id.z / ${splits}u;
let startA = ${sharedA ? '0u' : `entry * ${perA}u`};
let startB = ${sharedB ? '0u' : `entry * ${perB}u`};
let first = split * ${chunk}u;
let end = min(first + ${chunk}u, ${inner}u);
${repeat(tile.quads ? tileVectors / 4 : tileVectors, (i) => {
  const from = tile.quads ? row(`${4 * i}u + lane`) : row(`${i}u`);
  return transposeA
    ? `let from${i} = startA + ${from};`
    : `let from${i} = startA + ${from} * ${inner / innerWidth}u;`;
})}
${repeat(tile.rows, (i) => repeat(tile.columns, (j) => `var s${i}_${j} = ${sum}(0);`))}
for (var k = first; k < end; k += ${innerWidth * tile.unroll}u) {
${transposeA && tile.dots ? transposedDots(tile, rowVectors, vectors) : repeat(tile.unroll, (u) => step(u * innerWidth))}
}
let startC = (split * ${product.batch}u + entry) * ${rows * vectors}u + column;
${runsInSoftware() && tile.rows * tile.columns >= 16 ? storesInLoop(product, tile, epilogue) : storesInLine(product, tile, epilogue)}
${sumsColumns ? columnSums(tile, vectors) : ''}`,
  );
  const subgroups = 'enable subgroups;\ndiagnostic(off, subgroup_uniformity);\n';
  return (tile.quads ? subgroups : '') + epilogueFunctions(epilogue, columnWidth) + code;
}

/** The end of each sum written out, from its register. */
function storesInLine({ rows, columns }: Product, tile: Tile, epilogue: Epilogue): string {
  const { rowWidth, columnWidth } = tile;
  return repeat(tile.rows, (i) => {
    const at = `row * ${rowWidth}u + ${i}u`;
    const stores = repeat(tile.columns, (j) =>
      epilogueStore(epilogue, columnWidth, {
        sum: `s${i}_${j}`,
        at: `startC + (${at}) * ${columns / columnWidth}u + ${j}u`,
        column: `column + ${j}u`,
      }),
    );
    return rows % tile.rows === 0 ? stores : `if (${at} < ${rows}u) {\n${stores}\n}`;
  });
}

/** The end of a sum written once, in a loop over a list of them: for software, whose compiler takes a second over dozens of GELUs. */
function storesInLoop({ rows, columns }: Product, tile: Tile, epilogue: Epilogue): string {
  const { rowWidth, columnWidth } = tile;
  const store = epilogueStore(epilogue, columnWidth, {
    sum: `sums[i * ${tile.columns}u + j]`,
    at: `startC + (row * ${rowWidth}u + i) * ${columns / columnWidth}u + j`,
    column: 'column + j',
  });
  return `var sums: array<${typeOf(columnWidth)}, ${tile.rows * tile.columns}>;
${repeat(tile.rows, (i) => repeat(tile.columns, (j) => `sums[${i * tile.columns + j}] = s${i}_${j};`))}
for (var i = 0u; i < ${rows % tile.rows === 0 ? `${tile.rows}u` : `min(${tile.rows}u, ${rows}u - row * ${rowWidth}u)`}; i++) {
for (var j = 0u; j < ${tile.columns}u; j++) {
${store}
}}`;
}

/** The threads of the first rows go down their columns of B once more, which is less than all threads adding up along the way. */
function columnSums({ columns, columnWidth }: Tile, vectors: number): string {
  const type = typeOf(columnWidth);
  return `if (row == 0u) {
${repeat(columns, (j) => `var t${j} = ${type}(0);`)}
for (var k = first; k < end; k++) {
let bk = k * ${vectors}u + column;
${repeat(columns, (j) => `t${j} += b[bk + ${j}u];`)}
}
${repeat(columns, (j) => `columnSums[split * ${vectors}u + column + ${j}u] = t${j};`)}
}`;
}

/** A [rows, inner] · B [inner, columns]: rows of B, scaled by the elements of A's row. */
function plainStep(tile: Tile, vectors: number): string {
  const { rows, columns, columnWidth, innerWidth, dots } = tile;
  const turned = repeat(columns, (j) =>
    repeat(4, (l) => `let c${l}_${j} = ${turnedLane((e) => `b${e}_${j}`, l)};`),
  );
  return `
let bk = startB + k * ${vectors}u + column;
${repeat(innerWidth, (e) => repeat(columns, (j) => `let b${e}_${j} = b[bk + ${e * vectors + j}u];`))}
${dots ? turned : ''}
${readingA(tile, rows, `k / ${innerWidth}u`, (i) => {
  const terms = repeat(columns, (j) =>
    dots
      ? `s${i}_${j} += ${fourDots('x', (l) => `c${l}_${j}`)};`
      : repeat(innerWidth, (e) => {
          const scale = `${typeOf(columnWidth)}(${lane('x', innerWidth, e)})`;
          return `s${i}_${j} = fma(${scale}, b${e}_${j}, s${i}_${j});`;
        }),
  );
  return terms;
})}`;
}

/** A [rows, inner] · B [columns, inner]ᵀ: dot products of rows. */
function dotStep(tile: Tile, inner: number): string {
  const { rows, columns, columnWidth, innerWidth } = tile;
  const product = (x: string, y: string): string => (innerWidth === 4 ? `dot(${x}, ${y})` : `${x} * ${y}`);
  return `
${repeat(columns * columnWidth, (c) => {
  const at = `(column * ${columnWidth}u + ${c}u) * ${inner / innerWidth}u`;
  return `let b${c} = b[startB + ${at} + k / ${innerWidth}u];`;
})}
${readingA(tile, rows, `k / ${innerWidth}u`, (i) => {
  const terms = repeat(columns, (j) => {
    const dots = Array.from({ length: columnWidth }, (_, e) => product('x', `b${j * columnWidth + e}`));
    return `s${i}_${j} += ${typeOf(columnWidth)}(${dots.join(', ')});`;
  });
  return terms;
})}`;
}

/** A [inner, rows]ᵀ · B [inner, columns]: outer products of rows. */
function transposedStep(tile: Tile, rowVectors: number, vectors: number): string {
  const { rows, columns, rowWidth, columnWidth } = tile;
  return `
let bk = startB + k * ${vectors}u + column;
${repeat(columns, (j) => `let b${j} = b[bk + ${j}u];`)}
${readingA(tile, rows / rowWidth, `k * ${rowVectors}u`, (r) => {
  const terms = repeat(rowWidth, (e) =>
    repeat(columns, (j) => {
      const sum = `s${r * rowWidth + e}_${j}`;
      return `${sum} = fma(${typeOf(columnWidth)}(${lane('x', rowWidth, e)}), b${j}, ${sum});`;
    }),
  );
  return terms;
})}`;
}

/** The same for four steps along the inner axis at once, as dot products. */
function transposedDots(tile: Tile, rowVectors: number, vectors: number): string {
  const { rows, columns, quads } = tile;
  const each = (text: (e: number) => string): string => [0, 1, 2, 3].map(text).join(' ');
  const terms = (r: number): string =>
    repeat(4, (l) => {
      const sums = repeat(columns, (j) => `s${4 * r + l}_${j} += ${fourDots('y', (c) => `c${c}_${j}`)};`);
      return `{ let y = ${turnedLane((e) => `x${e}`, l)};\n${sums} }`;
    });
  const read = (i: number, e: number): string => `a[from${i} + (k + ${e}u) * ${rowVectors}u]`;
  const count = rows / 4;
  const reads = quads
    ? repeat(count / 4, (q) => {
        const handed = repeat(
          4,
          (l) => `{ ${each((e) => `let x${e} = quadBroadcast(quarter${e}, ${l}u);`)}\n${terms(4 * q + l)} }`,
        );
        return `{ ${each((e) => `let quarter${e} = ${read(q, e)};`)}\n${handed} }`;
      })
    : repeat(count, (r) => `{ ${each((e) => `let x${e} = ${read(r, e)};`)}\n${terms(r)} }`);
  return `let bk = startB + k * ${vectors}u + column;
${repeat(columns, (j) => each((e) => `let b${e}_${j} = b[bk + ${e * vectors + j}u];`))}
${repeat(columns, (j) => repeat(4, (l) => `let c${l}_${j} = ${turnedLane((e) => `b${e}_${j}`, l)};`))}
${reads}`;
}

/** The text of `part` for each of the tile's vectors of A, which it finds in `x`. */
function readingA({ quads }: Tile, count: number, at: string, part: (index: number) => string): string {
  if (!quads) return repeat(count, (i) => `{ let x = a[from${i} + ${at}];\n${part(i)} }`);
  const handed = (q: number): string =>
    repeat(4, (l) => `{ let x = quadBroadcast(quarter, ${l}u);\n${part(4 * q + l)} }`);
  return repeat(count / 4, (q) => `{ let quarter = a[from${q} + ${at}];\n${handed(q)} }`);
}
