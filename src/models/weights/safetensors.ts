/**
 * Reads and writes safetensors: eight bytes with the header's length, a JSON header of names, types, shapes and offsets, then the raw
 * numbers, little-endian. https://github.com/huggingface/safetensors (section "Format").
 */
import { InputError } from '../../errors.ts';

/** A tensor of a file. Half precision is widened to float32; 64-bit integers become numbers, exact up to 2^53. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array;
}

/** What a file holds. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Free text that the writer left. */
  readonly metadata: Readonly<Record<string, string>>;
}

type Reader = (view: DataView, offset: number) => number;

interface NumberType {
  readonly bytes: number;
  readonly read: Reader;
  /** Whether every value fits a float32 exactly. */
  readonly narrow: boolean;
}

const numberTypes: Readonly<Record<string, NumberType>> = {
  F64: { bytes: 8, narrow: false, read: (view, at) => view.getFloat64(at, true) },
  F32: { bytes: 4, narrow: true, read: (view, at) => view.getFloat32(at, true) },
  F16: { bytes: 2, narrow: true, read: (view, at) => widenHalf(view.getUint16(at, true)) },
  BF16: { bytes: 2, narrow: true, read: (view, at) => widenBrain(view.getUint16(at, true)) },
  I64: { bytes: 8, narrow: false, read: (view, at) => Number(view.getBigInt64(at, true)) },
  I32: { bytes: 4, narrow: false, read: (view, at) => view.getInt32(at, true) },
  U8: { bytes: 1, narrow: true, read: (view, at) => view.getUint8(at) },
  BOOL: { bytes: 1, narrow: true, read: (view, at) => view.getUint8(at) },
};

/** Types that weights may be of. */
const floats: readonly string[] = ['F64', 'F32', 'F16', 'BF16'];

/** Whether float32 lies in memory as it does in the file, so that weights are copied whole. */
const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The file format's own limit on its header. */
const largestHeaderBytes = 100_000_000;

/**
 * Reads a whole file.
 * @throws InputError when it is cut off, its header is no JSON of the format, or a tensor's bytes do not fit its shape.
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { header, start } = readHeader(bytes);
  const tensors = new Map<string, StoredTensor>();
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') metadata = entry as Record<string, string>;
    else tensors.set(name, readTensor(view, start, name, entry));
  }
  return { tensors, metadata };
}

/** What a file says of its tensors. */
export interface SafetensorsHeader {
  readonly shapes: ReadonlyMap<string, Pick<StoredTensor, 'shape'>>;
  readonly metadata: Safetensors['metadata'];
}

/** Shapes by name and what the writer left, without reading any number. @throws InputError when the file's header is none. */
export function readSafetensorsHeader(bytes: Uint8Array): SafetensorsHeader {
  const { __metadata__: metadata, ...entries } = readHeader(bytes).header;
  const shapes = Object.entries(entries).map(
    ([name, entry]) => [name, { shape: checkEntry(name, entry).shape }] as const,
  );
  return { shapes: new Map(shapes), metadata: (metadata ?? {}) as Safetensors['metadata'] };
}

/**
 * Reads some tensors as weights; others may be of any type and are not read.
 * @throws InputError as `readSafetensors`; also when one of them is of whole numbers, as quantised weights are, whose scale is not known.
 */
export function readFloats(bytes: Uint8Array, names: Iterable<string>): Map<string, StoredTensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { header, start } = readHeader(bytes);
  const entries = [...names].map((name) => [name, header[name]] as const);
  for (const [name, entry] of entries) {
    const { dtype } = checkEntry(name, entry);
    if (numberTypes[dtype] && !floats.includes(dtype))
      throw new InputError(
        `The tensor "${name}" holds whole numbers (${dtype}), as quantised weights do, which are not read here; ${floats.join(', ')} are. Save the weights as they were before they were quantised.`,
      );
  }
  return new Map(entries.map(([name, entry]) => [name, readTensor(view, start, name, entry)]));
}

/** The header, and the byte at which the numbers start. */
function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; start: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = bytes.byteLength >= 8 ? Number(view.getBigUint64(0, true)) : NaN;
  if (!(headerBytes <= Math.min(bytes.byteLength - 8, largestHeaderBytes))) {
    throw new InputError('This is no safetensors file, or it was cut off: its header does not fit in it.');
  }
  return { header: parseHeader(bytes.subarray(8, 8 + headerBytes)), start: 8 + headerBytes };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new InputError('This is no safetensors file: its header is not JSON.');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw new InputError('This is no safetensors file: its header is not a JSON object.');
  }
  return header as Record<string, unknown>;
}

function readTensor(view: DataView, start: number, name: string, entry: unknown): StoredTensor {
  const { dtype, shape, begin, end } = checkEntry(name, entry);
  const type = numberTypes[dtype];
  if (!type) {
    const known = Object.keys(numberTypes).join(', ');
    throw new InputError(`The tensor "${name}" is of type ${dtype}, which is not read here; ${known} are.`);
  }
  const count = shape.reduce((product, size) => product * size, 1);
  if (end - begin !== count * type.bytes || start + end > view.byteLength) {
    throw new InputError(
      `The tensor "${name}" of shape [${shape.join(', ')}] needs ${count * type.bytes} bytes, ` +
        `but the file gives it bytes ${begin} to ${end} of ${view.byteLength - start}.`,
    );
  }
  if (dtype === 'F32' && hostIsLittleEndian) {
    return {
      shape,
      values: new Float32Array(
        view.buffer.slice(view.byteOffset + start + begin, view.byteOffset + start + end),
      ),
    };
  }
  const values = type.narrow ? new Float32Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = type.read(view, start + begin + i * type.bytes);
  return { shape, values };
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function checkEntry(name: string, entry: unknown): HeaderEntry {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  const fits =
    typeof dtype === 'string' &&
    areSizes(shape) &&
    areSizes(offsets) &&
    offsets.length === 2 &&
    offsets[0]! <= offsets[1]!;
  if (!fits) {
    throw new InputError(
      `The header's entry for the tensor "${name}" lacks a type, a shape or its two offsets.`,
    );
  }
  return { dtype, shape, begin: offsets[0]!, end: offsets[1]! };
}

function areSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
}

/** IEEE 754 binary16 as a number. */
function widenHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** bfloat16, the upper half of a float32, as a number. */
function widenBrain(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}

/**
 * A file with all tensors as float32, in the map's order, its header filled up with spaces so that the numbers begin at a multiple
 * of 8 bytes.
 * @throws RangeError when a shape does not fit its values.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const header = new TextEncoder().encode(describe(tensors, metadata));
  const headerBytes = Math.ceil(header.length / 8) * 8;
  const count = [...tensors.values()].reduce((sum, { values }) => sum + values.length, 0);
  const bytes = new Uint8Array(8 + headerBytes + 4 * count);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, 8, 8 + headerBytes);
  bytes.set(header, 8);
  let at = 8 + headerBytes;
  for (const { values } of tensors.values()) {
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}

function describe(
  tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>,
  metadata: Readonly<Record<string, string>>,
): string {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let begin = 0;
  for (const [name, { shape, values }] of tensors) {
    const count = shape.reduce((product, size) => product * size, 1);
    if (count !== values.length) {
      throw new RangeError(
        `writeSafetensors: "${name}" has ${values.length} values for [${shape.join(', ')}]`,
      );
    }
    const end = begin + 4 * count;
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] };
    begin = end;
  }
  return JSON.stringify(header);
}
