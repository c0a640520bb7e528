/**
 * The file format, byte by byte where it matters.
 */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import { readSafetensors, writeSafetensors } from '../../../src/models/weights/safetensors.ts';

/** A file from a header and raw bytes, made apart from the writer. */
function makeFile(header: unknown, data: readonly number[]): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

function readOne(dtype: string, shape: readonly number[], data: readonly number[]): number[] {
  const file = makeFile({ x: { dtype, shape, data_offsets: [0, data.length] } }, data);
  return [...readSafetensors(file).tensors.get('x')!.values];
}

describe('readSafetensors', () => {
  it.each([
    ['F32', [2], [0, 0, 128, 63, 0, 0, 0, 192], [1, -2]],
    ['F64', [1], [0, 0, 0, 0, 0, 0, 248, 63], [1.5]],
    ['F16', [4], [0, 60, 0, 192, 1, 0, 0, 124], [1, -2, 2 ** -24, Infinity]],
    ['BF16', [2], [128, 63, 32, 192], [1, -2.5]],
    ['I64', [1], [254, 255, 255, 255, 255, 255, 255, 255], [-2]],
    ['I32', [], [1, 1, 0, 0], [257]],
    ['BOOL', [2], [0, 1], [0, 1]],
  ])('reads %s', (dtype, shape, data, values) => {
    expect(readOne(dtype, shape, data)).toEqual(values);
  });

  it('reads tensors wherever they lie, and metadata', () => {
    const header = {
      __metadata__: { format: 'pt' },
      b: { dtype: 'U8', shape: [2], data_offsets: [1, 3] },
      a: { dtype: 'U8', shape: [1], data_offsets: [0, 1] },
    };
    const { tensors, metadata } = readSafetensors(makeFile(header, [7, 8, 9]));
    expect([...tensors.get('a')!.values, ...tensors.get('b')!.values]).toEqual([7, 8, 9]);
    expect(metadata).toEqual({ format: 'pt' });
  });

  it.each([
    ['an empty file', new Uint8Array(0)],
    ['a header longer than the file', makeFile({}, []).fill(255, 0, 8)],
    ['a header that is no JSON', makeFile('{"x"', [])],
    ['a header that is a list', makeFile([], [])],
    ['an entry without offsets', makeFile({ x: { dtype: 'F32', shape: [1] } }, [])],
    ['bytes beyond the end', makeFile({ x: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, [0, 0])],
    [
      'bytes that do not fit the shape',
      makeFile({ x: { dtype: 'U8', shape: [3], data_offsets: [0, 2] } }, [0, 0]),
    ],
    ['a negative size', makeFile({ x: { dtype: 'U8', shape: [-1, -1], data_offsets: [0, 1] } }, [0])],
    ['an unknown type', makeFile({ x: { dtype: 'F8', shape: [1], data_offsets: [0, 1] } }, [0])],
  ])('refuses %s', (_what, file) => {
    expect(() => readSafetensors(file)).toThrow(InputError);
  });
});

describe('writeSafetensors', () => {
  const tensors = new Map([
    ['scalar', { shape: [], values: Float32Array.of(-0.5) }],
    ['matrix', { shape: [2, 2], values: Float32Array.of(1, NaN, -Infinity, 1e-40) }],
  ]);

  it('writes what is read back bit for bit', () => {
    const { tensors: back, metadata } = readSafetensors(writeSafetensors(tensors, { made: 'here' }));
    expect([...back]).toEqual([...tensors]);
    expect(metadata).toEqual({ made: 'here' });
  });

  it('begins the numbers at a multiple of 8 bytes', () => {
    const file = writeSafetensors(tensors);
    const headerBytes = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(headerBytes % 8).toBe(0);
    expect(file.length).toBe(8 + headerBytes + 5 * 4);
  });

  it('refuses a shape that does not fit', () => {
    const wrong = new Map([['x', { shape: [3], values: new Float32Array(2) }]]);
    expect(() => writeSafetensors(wrong)).toThrow(RangeError);
  });
});
