/**
 * WGSL that copies a strip of a matrix into workgroup memory: [depth, tileLength], in vectors of four along tileLength, whichever way the
 * matrix lies in memory.
 */
import { repeat, typeOf, widthOf } from '../wgsl.ts';

/** Which strip of which matrix. */
export interface StripCopy {
  /** The buffer, whose matrix begins at the WGSL value `start` + its name in upper case, in floats. */
  readonly matrix: 'a' | 'b';
  /** The workgroup array. */
  readonly strip: string;
  /** Of the strip's elements. */
  readonly type: 'vec4f' | 'vec4<f16>';
  /** The matrix lies as [length, inner], and is turned; else as [inner, length]. */
  readonly turned: boolean;
  readonly inner: number;
  readonly length: number;
  readonly tileLength: number;
  readonly depth: number;
  readonly threads: number;
  /** The WGSL value where the tile begins along `length`. */
  readonly from: string;
  /** WGSL that numbers the threads in the order in which they take the work. */
  readonly unit: string;
}

/**
 * The copy of the inner places k … k + depth − 1, zero from `end` on, and the type of the matrix's buffer.
 *
 * Past `length` the last row or column is copied again: its products are never stored. Past `end` both strips must hold zeros, since a NaN
 * there would reach every sum.
 */
export function copyStrip(copy: StripCopy): { readonly code: string; readonly elementType: 'vec4f' | 'f32' } {
  const width = widthOf(copy.turned ? copy.inner : copy.length);
  const units = (copy.tileLength / 4) * (copy.turned ? copy.depth / 4 : copy.depth);
  const once = copy.turned ? copyTurned : copyStraight;
  const code = repeat(Math.ceil(units / copy.threads), (pass) => {
    const unit = `let unit = ${copy.unit} + ${pass * copy.threads}u;`;
    const body = once(copy, width === 4);
    return (pass + 1) * copy.threads <= units
      ? `{\n${unit}\n${body}\n}`
      : `{\n${unit}\nif (unit < ${units}u) {\n${body}\n}\n}`;
  });
  return { code, elementType: typeOf(width) };
}

/** One vector along `length` at one inner place; neighbouring threads read neighbouring vectors. */
function copyStraight(copy: StripCopy, vectors: boolean): string {
  const { matrix, strip, type, inner, length, tileLength, depth, from } = copy;
  const start = `start${matrix.toUpperCase()}`;
  const perDepth = tileLength / 4;
  const guarded = length % tileLength !== 0;
  const clamp = (index: string, most: number): string => (guarded ? `min(${index}, ${most}u)` : index);
  const read = vectors
    ? `${matrix}[(${start} + at * ${length}u) / 4u + ${clamp(`${from} / 4u + vector`, length / 4 - 1)}]`
    : `vec4f(${Array.from({ length: 4 }, (_, e) => `${matrix}[${start} + at * ${length}u + ${clamp(`${from} + vector * 4u + ${e}u`, length - 1)}]`).join(', ')})`;
  const ends = inner % depth !== 0;
  return `let vector = unit % ${perDepth}u;
let at = ${ends ? `min(k + unit / ${perDepth}u, ${inner - 1}u)` : `k + unit / ${perDepth}u`};
let read = ${read};
${strip}[unit] = ${type}(${ends ? `select(vec4f(0), read, k + unit / ${perDepth}u < end)` : 'read'});`;
}

/** A block of 4 × 4, turned in registers; four neighbouring threads read 64 bytes of one row. */
function copyTurned(copy: StripCopy, vectors: boolean): string {
  const { matrix, strip, type, inner, length, tileLength, depth, from } = copy;
  const start = `start${matrix.toUpperCase()}`;
  const fours = depth / 4;
  const guarded = length % tileLength !== 0;
  const ends = inner % depth !== 0;
  const row = (r: number): string => {
    const index = `${from} + vector * 4u + ${r}u`;
    return guarded ? `min(${index}, ${length - 1}u)` : `(${index})`;
  };
  const read = (r: number): string => {
    if (vectors) {
      const at = `${matrix}[(${start} + ${row(r)} * ${inner}u + ${ends ? `min(at, ${inner - 4}u)` : 'at'}) / 4u]`;
      return ends ? `select(vec4f(0), ${at}, at < end)` : at;
    }
    const floats = Array.from({ length: 4 }, (_, e) => {
      const place = `min(at + ${e}u, ${inner - 1}u)`;
      return `select(0.0f, ${matrix}[${start} + ${row(r)} * ${inner}u + ${place}], at + ${e}u < end)`;
    });
    return `vec4f(${floats.join(', ')})`;
  };
  return `let four = unit % ${fours}u;
let vector = unit / ${fours}u;
let at = k + four * 4u;
let swap = (four * 2u) & 7u;
${repeat(4, (r) => `let r${r} = ${read(r)};`)}
${repeat(4, (e) => {
  const column = Array.from({ length: 4 }, (_, r) => `r${r}.${'xyzw'[e]}`).join(', ');
  return `${strip}[(four * 4u + ${e}u) * ${tileLength / 4}u + (vector ^ swap)] = ${type}(vec4f(${column}));`;
})}`;
}
