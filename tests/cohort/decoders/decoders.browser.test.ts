/**
 * Decoding in the browser: exact grey levels where the format keeps them, clear sentences where a file is broken or hostile.
 */
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/cohort/decoders/registry.ts';
import { Random } from '../../../src/random/random.ts';
import { checkedChunk, crc32, greyPng, jpegBytes, pngBytes, withBytes } from './films.ts';

/** Rec. 601 luma, rounded, from the definition in real numbers. */
function luma(red: number, green: number, blue: number): number {
  return Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
}

describe('PNG', () => {
  it.each([8, 16] as const)('keeps each of %s-bit grey levels', async (depth) => {
    const level = (x: number, y: number): number =>
      depth === 8 ? (x + 16 * y) % 256 : (x + 16 * y) * 257 - (x % 2);
    const film = await decodeImage(greyPng(16, 16, (x, y) => Math.max(0, level(x, y)), depth));
    expect(film).toMatchObject({ width: 16, height: 16, bitDepth: depth });
    expect([...film.grey]).toEqual(
      Array.from({ length: 256 }, (_, i) => Math.max(0, level(i % 16, Math.floor(i / 16)))),
    );
  });

  it.each(['null', 'Adam7'] as const)(
    'reads 16-bit colour with alpha over black, interlacing %s',
    async (interlace) => {
      const data = Uint16Array.of(
        65535,
        0,
        0,
        65535,
        0,
        65535,
        0,
        65535,
        0,
        0,
        65535,
        65535,
        60000,
        60000,
        60000,
        32768,
      );
      const film = await decodeImage(
        pngBytes({ width: 2, height: 2, data, depth: 16, channels: 4 }, interlace),
      );
      const wanted = [luma(65535, 0, 0), luma(0, 65535, 0), luma(0, 0, 65535), (60000 * 32768) / 65535];
      wanted.forEach((level, i) => expect(Math.abs(film.grey[i]! - level)).toBeLessThanOrEqual(2));
    },
  );

  it('reads 8-bit colour by its luma, and alpha over black', async () => {
    const data = Uint8Array.of(
      255,
      0,
      0,
      255,
      0,
      255,
      0,
      255,
      0,
      0,
      255,
      255,
      200,
      200,
      200,
      0,
      200,
      200,
      200,
      128,
      10,
      20,
      30,
      255,
    );
    const film = await decodeImage(pngBytes({ width: 3, height: 2, data, depth: 8, channels: 4 }));
    const wanted = [luma(255, 0, 0), luma(0, 255, 0), luma(0, 0, 255), 0, 100, luma(10, 20, 30)];
    wanted.forEach((level, i) => expect(Math.abs(film.grey[i]! - level)).toBeLessThanOrEqual(1));
  });

  it('reads palettes and 1-bit films', async () => {
    const data = Uint8Array.of(0, 1, 2, 1);
    const palette = [
      [0, 0, 0],
      [255, 255, 255],
      [100, 100, 100],
    ];
    const indexed = await decodeImage(
      pngBytes({ width: 2, height: 2, data, depth: 8, channels: 1, palette }),
    );
    expect([...indexed.grey]).toEqual([0, 255, 100, 255]);
    const bits = await decodeImage(
      pngBytes({ width: 8, height: 1, data: Uint8Array.of(0b10100001), depth: 1, channels: 1 }),
    );
    expect([...bits.grey]).toEqual([255, 0, 255, 0, 0, 0, 0, 255]);
  });

  it('keeps grey levels as they stand when the file states a gamma', async () => {
    const plain = greyPng(16, 16, (x, y) => x + 16 * y);
    const gamma = checkedChunk('gAMA', [0x00, 0x01, 0x86, 0xa0]); // 1.0: linear light
    const film = await decodeImage(
      new Uint8Array([...plain.subarray(0, 33), ...gamma, ...plain.subarray(33)]),
    );
    expect([...film.grey]).toEqual(Array.from({ length: 256 }, (_, i) => i));
  });

  it('doubts an 8-bit film that has more lines than its header states', async () => {
    const tall = greyPng(16, 16, (x) => x);
    // IHDR is stated anew with half the height; the pixels of all 16 lines stay.
    const half = [0, 0, 0, 16, 0, 0, 0, 8, 8, 0, 0, 0, 0];
    const film = await decodeImage(
      new Uint8Array([...tall.subarray(0, 8), ...checkedChunk('IHDR', half), ...tall.subarray(33)]),
    );
    expect(film.height).toBe(8);
    expect(film.doubt).toMatch(/more pixels than its header/);
    expect((await decodeImage(tall)).doubt).toBeNull();
  });

  it('keeps the lines of a film that is read back in several bands', async () => {
    const film = await decodeImage(greyPng(2000, 2500, (_x, y) => y % 251));
    for (const y of [0, 999, 1000, 1001, 2499]) expect(film.grey[y * 2000 + 1999]).toBe(y % 251);
  });

  it('tells the format by its bytes, not by a name, and names formats that are not read', async () => {
    await expect(decodeImage(new TextEncoder().encode('GIF89a…'))).rejects.toThrow(/GIF.*PNG or JPEG/);
    const dicom = withBytes(new Uint8Array(200), 128, ...[...'DICM'].map((c) => c.charCodeAt(0)));
    await expect(decodeImage(dicom)).rejects.toThrow(/DICOM.*convert/);
    await expect(decodeImage(new Uint8Array())).rejects.toThrow(/empty/);
  });
});

describe('JPEG', () => {
  it.each([
    ['#ff0000', luma(255, 0, 0)],
    ['#7f7f7f', 127],
    ['#0000ff', luma(0, 0, 255)],
  ])('reads %s', async (colour, level) => {
    const film = await decodeImage(await jpegBytes(33, 17, colour));
    expect(film).toMatchObject({ width: 33, height: 17, bitDepth: 8 });
    for (const grey of film.grey) expect(Math.abs(grey - level)).toBeLessThanOrEqual(3);
  });

  it('refuses a file that is cut short', async () => {
    const bytes = await jpegBytes(200, 200, '#808080');
    await expect(decodeImage(bytes.slice(0, 100))).rejects.toMatchObject({ name: 'InputError' });
    await expect(decodeImage(bytes.slice(0, bytes.length >> 1))).rejects.toMatchObject({
      name: 'InputError',
    });
  });
});

describe('hostile files', () => {
  const sound = greyPng(20, 20, (x) => x * 3000, 16);

  it('refuses a header of 2³¹ − 1 px a side before unpacking anything', async () => {
    for (const bytes of [sound, greyPng(20, 20, (x) => x)]) {
      const huge = withBytes(bytes, 16, 0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff);
      const start = performance.now();
      await expect(decodeImage(huge)).rejects.toThrow(/2147483647 × 2147483647 px.*at most 64 megapixels/);
      expect(performance.now() - start).toBeLessThan(500);
    }
    const jpeg = await jpegBytes(16, 16, '#808080');
    const frame = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0);
    await expect(decodeImage(withBytes(jpeg, frame + 5, 0xff, 0xff, 0xff, 0xff))).rejects.toThrow(
      /65535 × 65535 px/,
    );
  });

  it('refuses a small 16-bit header over much data, and a large one over little', async () => {
    const bomb = greyPng(3000, 3000, () => 7, 16);
    await expect(decodeImage(recheck(withBytes(bomb, 16, 0, 0, 0, 8, 0, 0, 0, 8)))).rejects.toThrow(
      /more pixel data than its header/,
    );
    await expect(decodeImage(recheck(withBytes(sound, 16, 0, 0, 0, 20, 0, 0, 0, 21)))).rejects.toThrow(
      /less pixel data/,
    );
  });

  it('gives up a film that takes too long', async () => {
    await expect(
      decodeImage(
        greyPng(4000, 4000, () => 9),
        0,
      ),
    ).rejects.toThrow(/took longer than 0 s/);
  });

  it('600 mutants end in a film or in an InputError, none takes a second', async () => {
    const random = new Random('film mutants');
    const jpeg = await jpegBytes(24, 24, '#336699');
    const originals = [sound, greyPng(24, 24, (x, y) => x * y), jpeg];
    let decoded = 0;
    let refused = 0;
    for (let i = 0; i < 600; i++) {
      const mutant = mutate(originals[i % 3]!, random);
      const start = performance.now();
      try {
        const film = await decodeImage(mutant);
        decoded++;
        expect(film.grey.length).toBe(film.width * film.height);
      } catch (error) {
        refused++;
        expect(error).toMatchObject({
          name: 'InputError',
          message: expect.stringMatching(/[a-z].*\.$/) as string,
        });
      }
      expect(performance.now() - start).toBeLessThan(1000);
    }
    expect(decoded).toBeGreaterThan(20);
    expect(refused).toBeGreaterThan(300);
  });
});

function mutate(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const list = [...bytes];
  for (let n = 1 + random.integer(3); n > 0; n--) {
    const at = random.integer(list.length);
    const kind = random.integer(4);
    if (kind < 2) list[at] = random.integer(256);
    else if (kind === 2) list.splice(at, 1 + random.integer(20));
    else list.length = Math.max(1, list.length - random.integer(30));
  }
  return new Uint8Array(list);
}

/** The file with IHDR's checksum made right again. */
function recheck(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  new DataView(bytes.buffer).setUint32(29, crc32(bytes.subarray(12, 29)));
  return bytes;
}
