/**
 * The transforms of Winograd's convolution F(2×2, 3×3) on WebGPU: 16 products in place of the 36 by which a 3×3 filter makes 2×2 pixels.
 *
 * A film is cut into tiles of 2×2 outputs. Tiles, filters and gradients each become 16 matrices, one for each place of a 4×4 transform;
 * matrices of one place are multiplied with one another, and their products are transformed back.
 * A. Lavin, S. Gray, "Fast algorithms for convolutional neural networks", CVPR 2016, https://arxiv.org/abs/1509.09308, section 4.1.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Job, Kernel } from '../../tensors/kernel.ts';
import { dispatch, emptyTensor } from '../../tensors/webgpu-dispatch.ts';
import { lineGroups, lineThread, LINE, repeat, shader, typeOf, widthOf, type Width } from '../wgsl.ts';

/** Places of a transformed tile or filter. */
export const PLACES = 16;

/** Films cut into tiles of 2×2 pixels of the side that is written; what is read lies `pad` before its first row and column. */
export interface TileGrid {
  readonly batch: number;
  /** Of the film that is read. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly padTop: number;
  readonly padLeft: number;
  /** Tiles down and across. */
  readonly down: number;
  readonly across: number;
}

/** Tiles of all films. */
export function tilesOf({ batch, down, across }: TileGrid): number {
  return batch * down * across;
}

/** A transform of one axis: the texts of what comes out, from the names of what goes in. */
type Line = (values: readonly string[]) => readonly string[];

/** Bᵀd: four pixels of a film. */
const pixels: Line = ([a, b, c, d]) => [`${a} - ${c}`, `${b} + ${c}`, `${c} - ${b}`, `${b} - ${d}`];
/** Gg: three taps of a filter. */
const taps: Line = ([a, b, c]) => [a!, `0.5 * (${a} + ${b} + ${c})`, `0.5 * (${a} - ${b} + ${c})`, c!];
/** Aᵀm: two outputs. */
const outputs: Line = ([a, b, c, d]) => [`${a} + ${b} + ${c}`, `${b} - ${c} - ${d}`];
/** Ay: two gradients of outputs. */
const outputGradients: Line = ([a, b]) => [a!, `${a} + ${b}`, `${a} - ${b}`, `-${b}`];
/** Gᵀm: the gradients of three taps. */
const tapGradients: Line = ([a, b, c, d]) => [
  `${a} + 0.5 * (${b} + ${c})`,
  `0.5 * (${b} - ${c})`,
  `0.5 * (${b} + ${c}) + ${d}`,
];

/** WGSL that transforms the values v{row}_{column} along both axes, to w{row}_{column}. */
function bothAxes(size: number, line: Line): string {
  const count = Array.from({ length: size }, (_, i) => i);
  const columns = count.map((column) => line(count.map((row) => `v${row}_${column}`)));
  const first = columns.map((column, c) => column.map((text, r) => `let t${r}_${c} = ${text};`).join('\n'));
  const second = repeat(columns[0]!.length, (row) =>
    line(count.map((column) => `t${row}_${column}`))
      .map((text, column) => `let w${row}_${column} = ${text};`)
      .join('\n'),
  );
  return `${first.join('\n')}\n${second}`;
}

function eachOf(size: number, text: (row: number, column: number) => string): string {
  return repeat(size, (row) => repeat(size, (column) => text(row, column)));
}

/** Where the place [row, column] lies: a flipped filter has what it was transformed to at 0 and 3 of each axis the other way round. */
function placeOf(row: number, column: number, flipped: boolean): number {
  const turned = (i: number): number => (flipped ? [3, 1, 2, 0][i]! : i);
  return 4 * turned(row) + turned(column);
}

/** The tile of a thread that has one tile and vector of channels. */
function tileOfThread({ down, across }: TileGrid, vectors: number): string {
  return `let vector = i32(thread % ${vectors}u);
let tile = i32(thread / ${vectors}u);
let column = tile % ${across} * 2;
let row = tile / ${across} % ${down} * 2;
let film = tile / ${across * down};`;
}

/**
 * Tiles of films [batch, height, width, channels] as [16, tiles, channels]; pixels outside the film are zero.
 * @param flipped lays the places as they meet a filter that is meant flipped and was transformed as it stands
 */
export function pixelsJob(grid: TileGrid, flipped = false): Job {
  const { height, width, channels, padTop, padLeft } = grid;
  const lanes = widthOf(channels);
  const vectors = channels / lanes;
  const threads = tilesOf(grid) * vectors;
  return {
    key: `winograd pixels ${numbersOf(grid)} ${flipped ? 'flipped' : ''}`,
    threads,
    ...inVectors(lanes),
    text: (x, tiles) => `${tileOfThread(grid, vectors)}
${repeat(
  4,
  (i) => `let y${i} = row + ${i - padTop};
let x${i} = column + ${i - padLeft};
let down${i} = (y${i} >= 0) & (y${i} < ${height});
let across${i} = (x${i} >= 0) & (x${i} < ${width});
let line${i} = (film * ${height} + clamp(y${i}, 0, ${height - 1})) * ${width * vectors} + vector;
let at${i} = clamp(x${i}, 0, ${width - 1}) * ${vectors};`,
)}
${eachOf(4, (r, c) => `let v${r}_${c} = select(${typeOf(lanes)}(0), ${x}[line${r} + at${c}], down${r} & across${c});`)}
${bothAxes(4, pixels)}
${eachOf(4, (r, c) => `${tiles}[${placeOf(r, c, flipped) * threads}u + thread] = w${r}_${c};`)}`,
  };
}

/** A filter [3, 3, inChannels, outChannels] as [16, inChannels, outChannels]. */
export function filterJob(inChannels: number, outChannels: number): Job {
  const lanes = widthOf(outChannels);
  const threads = (inChannels * outChannels) / lanes;
  return {
    key: `winograd filter ${threads} ${lanes}`,
    threads,
    ...inVectors(lanes),
    text: (filter, transformed) => `
${eachOf(3, (r, c) => `let v${r}_${c} = ${filter}[${(3 * r + c) * threads}u + thread];`)}
${bothAxes(3, taps)}
${eachOf(4, (r, c) => `${transformed}[${(4 * r + c) * threads}u + thread] = w${r}_${c};`)}`,
  };
}

/** Gradients of films [batch, height, width, channels] as [16, tiles, channels]; the grid's pads do not count. */
export function outputGradientsJob(grid: TileGrid): Job {
  const { height, width, channels } = grid;
  const lanes = widthOf(channels);
  const vectors = channels / lanes;
  const threads = tilesOf(grid) * vectors;
  const read = (dy: string, r: number, c: number): string => {
    const [pastLast, pastEnd] = [r === 1 && height % 2 === 1, c === 1 && width % 2 === 1];
    const y = pastLast ? `min(row + 1, ${height - 1})` : `row + ${r}`;
    const x = pastEnd ? `min(column + 1, ${width - 1})` : `column + ${c}`;
    const value = `${dy}[((film * ${height} + ${y}) * ${width} + ${x}) * ${vectors} + vector]`;
    const inside = [
      ...(pastLast ? [`(row + 1 < ${height})`] : []),
      ...(pastEnd ? [`(column + 1 < ${width})`] : []),
    ];
    return inside.length > 0 ? `select(${typeOf(lanes)}(0), ${value}, ${inside.join(' & ')})` : value;
  };
  return {
    key: `winograd output gradients ${numbersOf(grid)}`,
    threads,
    ...inVectors(lanes),
    text: (dy, tiles) => `${tileOfThread(grid, vectors)}
${eachOf(2, (r, c) => `let v${r}_${c} = ${read(dy, r, c)};`)}
${bothAxes(2, outputGradients)}
${eachOf(4, (r, c) => `${tiles}[${(4 * r + c) * threads}u + thread] = w${r}_${c};`)}`,
  };
}

/** Products [splits, 16, inChannels, outChannels], added up, as the gradient of a filter [3, 3, inChannels, outChannels]. */
export function filterGradientJob(inChannels: number, outChannels: number, splits: number): Job {
  const lanes = widthOf(outChannels);
  const threads = (inChannels * outChannels) / lanes;
  const part = (products: string, r: number, c: number, split: string): string =>
    `${products}[(${split} * ${PLACES}u + ${4 * r + c}u) * ${threads}u + thread]`;
  const added = (products: string): string =>
    splits === 1
      ? eachOf(4, (r, c) => `let v${r}_${c} = ${part(products, r, c, '0u')};`)
      : `${eachOf(4, (r, c) => `var v${r}_${c} = ${part(products, r, c, '0u')};`)}
for (var split = 1u; split < ${splits}u; split++) {
${eachOf(4, (r, c) => `v${r}_${c} += ${part(products, r, c, 'split')};`)}
}`;
  return {
    key: `winograd filter gradient ${threads} ${lanes} ${splits}`,
    threads,
    ...inVectors(lanes),
    text: (products, gradient) => `
${added(products)}
${bothAxes(4, tapGradients)}
${eachOf(3, (r, c) => `${gradient}[${(3 * r + c) * threads}u + thread] = w${r}_${c};`)}`,
  };
}

function inVectors(lanes: Width): { readonly reads: string; readonly writes: string } {
  return { reads: typeOf(lanes), writes: typeOf(lanes) };
}

function numbersOf({ batch, height, width, channels, padTop, padLeft, down, across }: TileGrid): string {
  return [batch, height, width, channels, padTop, padLeft, down, across].join();
}

/** What is done to outputs beside. */
export interface OutputEnding {
  /** [channels] */
  readonly bias?: tf.TensorInfo | undefined;
  readonly relu?: boolean;
  /** The products are of tiles that were laid for a flipped filter. */
  readonly flipped?: boolean;
}

/** Products [16, tiles, channels] back to films [batch, height, width, channels]; the grid's pads do not count. */
export function transformOutputs(
  products: tf.TensorInfo,
  grid: TileGrid,
  { bias, relu = false, flipped = false }: OutputEnding = {},
): tf.TensorInfo {
  const { batch, height, width, channels } = grid;
  const lanes = widthOf(channels);
  const vectors = channels / lanes;
  const threads = tilesOf(grid) * vectors;
  const type = typeOf(lanes);
  const store = (r: number, c: number, adds: boolean): string => {
    const at = `((film * ${height} + row + ${r}) * ${width} + column + ${c}) * ${vectors} + vector`;
    const value = bias ? `w${r}_${c} + bias[vector]` : `w${r}_${c}`;
    const kept = relu ? `select(v, ${type}(0), v < ${type}(0))` : 'v';
    const inside = [
      ...(r === 1 && height % 2 ? [`row + 1 < ${height}`] : []),
      ...(c === 1 && width % 2 ? [`column + 1 < ${width}`] : []),
    ];
    const text = `{ let at = ${at}; let v = ${value}; y[at] = ${kept}${adds ? ' + other[at]' : ''}; }`;
    return inside.length > 0 ? `if (${inside.join(' && ')}) ${text}` : text;
  };
  const options = [bias ? 'bias' : '', relu ? 'relu' : '', flipped ? 'flipped' : ''].join(' ');
  const kernelOf = (adds: boolean): Kernel => ({
    key: `winograd outputs ${numbersOf(grid)} ${options} ${adds ? 'adds' : ''}`,
    code: () =>
      shader(
        [
          ...[`products: ${type}`, `*y: ${type}`],
          ...(bias ? [`bias: ${type}`] : []),
          ...(adds ? [`other: ${type}`] : []),
        ],
        [LINE],
        `${lineThread(threads)}
${tileOfThread(grid, vectors)}
${eachOf(4, (r, c) => `let v${r}_${c} = products[${placeOf(r, c, flipped) * threads}u + thread];`)}
${bothAxes(4, outputs)}
${eachOf(2, (r, c) => store(r, c, adds))}`,
      ),
  });
  const y = emptyTensor([batch, height, width, channels]);
  const kernel = { ...kernelOf(false), adding: kernelOf(true) };
  dispatch(kernel, bias ? [products, y, bias] : [products, y], lineGroups(threads));
  return y;
}
