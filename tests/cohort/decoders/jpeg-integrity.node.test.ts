/**
 * Whole and damaged JPEG files. Small ones are written here bit by bit after ITU-T T.81; others come from libjpeg-turbo and Pillow.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readJpegSize } from '../../../src/cohort/decoders/jpeg.ts';
import { checkJpeg } from '../../../src/cohort/decoders/jpeg-integrity.ts';

const folder = fileURLToPath(new URL('../../fixtures/films/', import.meta.url));
const names = readdirSync(folder).filter((name) => name.endsWith('.jpg'));

function read(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(folder + name));
}

function bytesOf(...parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parts.flatMap((part) => Array.from(part)));
}

/** A segment: 0xff, the marker, a length that counts itself, the content. */
function segment(marker: number, content: readonly number[]): number[] {
  return [0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255, ...content];
}

const [startOfImage, endOfImage] = [
  [0xff, 0xd8],
  [0xff, 0xd9],
];
/** A frame of one channel, 24 × 8 px: three blocks. */
const threeBlocks = [8, 0, 8, 0, 24, 1, 1, 0x11, 0];
/** DC code 0 means "as before", 10 has 11 more bits; AC code 0 ends the block. So a block as before is two bits 0. */
const tables = [
  ...segment(0xdb, [0, ...Array<number>(64).fill(1)]),
  ...segment(0xc4, [0x00, 1, 1, ...Array<number>(14).fill(0), 0, 11]),
  ...segment(0xc4, [0x10, 1, ...Array<number>(15).fill(0), 0]),
];
const scanHeader = segment(0xda, [1, 1, 0, 0, 63, 0]);

function tiny(
  data: readonly number[],
  frameMarker = 0xc0,
  frame = threeBlocks,
  more: number[] = [],
): Uint8Array {
  return bytesOf(startOfImage, tables, more, segment(frameMarker, frame), scanHeader, data, endOfImage);
}

describe('a film of three blocks', () => {
  it.each([
    ['filled up with ones', [0b00000011]],
    ['filled up with zeros', [0b00000000]],
    ['and fill bytes before the end', [0b00000011, 0xff, 0xff]],
    ['and zero bytes before the end', [0b00000011, 0, 0, 0, 0]],
  ])('is whole with six bits, %s', (_how, data) => {
    expect(checkJpeg(tiny(data))).toBeNull();
  });

  it('is whole without an end mark, and whatever follows that mark', () => {
    expect(checkJpeg(tiny([0b00000011]).slice(0, -2))).toBeNull();
    expect(checkJpeg(bytesOf(tiny([0b00000011]), tiny([0b00001111])))).toBeNull();
  });

  it('is damaged when a block is missing, or a code that does not exist stands in its place', () => {
    expect(() => checkJpeg(tiny([0b00001111]))).toThrow(/a code that does not exist/);
    expect(() => checkJpeg(tiny([]))).toThrow(/end after 0 of 3 blocks/);
  });

  it('is doubted with a byte or two that no block asked for, and refused with more', () => {
    expect(checkJpeg(tiny([0b00000000, 0b00111111]))).toMatch(/bytes where none should be/);
    expect(checkJpeg(tiny([0b00000001]))).toMatch(/bytes where none should be/);
    expect(() => checkJpeg(tiny([0b00000011, 5, 6, 7]))).toThrow(/more, or other, blocks/);
  });

  it('counts restart marks: one between each two intervals, in turn', () => {
    const everyBlock = segment(0xdd, [0, 1]);
    const block = 0b00111111;
    const film = (...data: number[]): Uint8Array => tiny(data, 0xc0, threeBlocks, everyBlock);
    expect(checkJpeg(film(block, 0xff, 0xd0, block, 0xff, 0xd1, block))).toBeNull();
    expect(checkJpeg(film(block, 0xff, 0xd0, block, 0xff, 0xd1, block, 0xff, 0xd2))).toBeNull();
    for (const damaged of [
      [block, 0xff, 0xd1, block, 0xff, 0xd0, block],
      [block, 0xff, 0xd0, block],
    ])
      expect(() => checkJpeg(film(...damaged))).toThrow(/missing or out of turn/);
    const oneMore = film(block, 0xff, 0xd0, block, 0xff, 0xd1, block, 0xff, 0xd2, block);
    expect(() => checkJpeg(oneMore)).toThrow(/more, or other, blocks/);
  });

  it('is doubted when a block is brighter than white', () => {
    // 10 and 11 bits: the first block's mean is 1500 / 8 levels above 128, which is 315; then '0', and four bits for two blocks as before.
    const bits = `10${(1500).toString(2).padStart(11, '0')}0` + '0000' + '111111';
    const data = bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2));
    expect(checkJpeg(tiny(data))).toMatch(/darker or brighter than a sound JPEG/);
  });

  it('is refused with more than 500 scans, before the next one is read', () => {
    const scans = (count: number): Uint8Array =>
      bytesOf(
        tiny([0b00000011]).slice(0, -2),
        ...Array.from({ length: count - 1 }, () => [...scanHeader, 0b00000011]),
        endOfImage,
      );
    expect(checkJpeg(scans(500))).toBeNull();
    expect(() => checkJpeg(scans(501))).toThrow(/more than 500 scans/);
  });

  it('needs its tables, its frame, and a scan for each channel', () => {
    const frame = segment(0xc0, threeBlocks);
    const scan = [...scanHeader, 0b00000011];
    expect(() => checkJpeg(bytesOf(startOfImage, frame, scan, endOfImage))).toThrow(/table.*is missing/);
    expect(() => checkJpeg(bytesOf(startOfImage, tables, scan, endOfImage))).toThrow(/before the frame/);
    expect(() => checkJpeg(bytesOf(startOfImage, tables, frame, endOfImage))).toThrow(/scans are missing/);
    const two = [8, 0, 8, 0, 24, 2, 1, 0x11, 0, 2, 0x11, 0];
    expect(() => checkJpeg(tiny([0b00000011], 0xc0, two))).toThrow(/scans are missing/);
  });
});

describe('kinds that browsers do not read', () => {
  it.each([
    [0xc3, /a lossless JPEG,.*PNG/],
    [0xc9, /arithmetic coding/],
    [0xca, /arithmetic coding/],
    [0xc5, /hierarchical/],
    [0xf7, /JPEG-LS/],
  ])('frame marker %s is refused by name', (marker, words) => {
    expect(() => readJpegSize(tiny([0b00000011], marker) as Uint8Array<ArrayBuffer>)).toThrow(words);
  });

  it('a height that comes after the picture, and 12 bits, are refused by name', () => {
    const film = (frame: number[]): Uint8Array<ArrayBuffer> =>
      tiny([3], 0xc1, frame) as Uint8Array<ArrayBuffer>;
    expect(() => readJpegSize(film([8, 0, 0, 0, 24, 1, 1, 0x11, 0]))).toThrow(/DNL/);
    expect(() => readJpegSize(film([12, 0, 8, 0, 24, 1, 1, 0x11, 0]))).toThrow(
      /12 bits a sample.*16-bit PNG/,
    );
  });
});

describe.each(names)('%s', (name) => {
  const whole = read(name);
  const scan = whole.findIndex((byte, at) => byte === 0xff && whole[at + 1] === 0xda);

  it('is whole, also with a thumbnail inside an EXIF segment', () => {
    expect(checkJpeg(whole)).toBeNull();
    const thumbnail = segment(0xe1, [...tiny([0b00001111])]);
    expect(checkJpeg(bytesOf(whole.subarray(0, 2), thumbnail, whole.subarray(2)))).toBeNull();
  });

  it('is refused when it is cut anywhere in its scans, with an end mark and without', () => {
    const step = Math.ceil(whole.length / 60);
    for (let at = scan + 12; at < whole.length - 8; at += step) {
      expect(() => checkJpeg(whole.subarray(0, at)), `at ${at}`).toThrow(/damaged or cut short/);
      expect(() => checkJpeg(bytesOf(whole.subarray(0, at), endOfImage)), `at ${at}`).toThrow(
        /damaged or cut short/,
      );
    }
  });

  it('is refused when its last scan is left out whole, if it has several', () => {
    let last = whole.length - 1;
    while (!(whole[last] === 0xff && whole[last + 1] === 0xda)) last--;
    expect(() => checkJpeg(bytesOf(whole.subarray(0, last), endOfImage))).toThrow(/scans are missing/);
  });

  it('is refused with a hole of zeros', () => {
    for (const at of [0.2, 0.5, 0.8]) {
      const holed = whole.slice();
      const begin = Math.round(scan + 12 + at * (whole.length - scan - 12));
      holed.fill(0, begin, begin + Math.round(whole.length / 12));
      expect(() => checkJpeg(holed), `at ${at}`).toThrow(/damaged or cut short/);
    }
  });
});
