/**
 * Seeded damage to films of four encodings, against what the browser makes of the same bytes: a film that looks different must not be taken
 * without a word.
 */
import { expect, it } from 'vitest';
import { decodeNatively } from '../../../src/cohort/decoders/native.ts';
import { decodeImage } from '../../../src/cohort/decoders/registry.ts';
import type { DecodedImage } from '../../../src/cohort/decoders/decoder.ts';
import { Random } from '../../../src/random/random.ts';
import colourOptimised from '../../fixtures/films/colour-optimised.jpg?inline';
import colourRestart from '../../fixtures/films/colour-restart.jpg?inline';
import greyBaseline from '../../fixtures/films/grey-baseline.jpg?inline';
import greyProgressive from '../../fixtures/films/grey-progressive.jpg?inline';

type Bytes = Uint8Array<ArrayBuffer>;

/** Ways in which copies and downloads break; `begin` is the first byte of the coded picture. */
const damages: Readonly<Record<string, (bytes: Bytes, begin: number, random: Random) => Bytes>> = {
  cut: (bytes, begin, random) => bytes.slice(0, place(bytes, begin, 0, random)),
  'cut, then an end mark': (bytes, begin, random) =>
    joined(bytes.subarray(0, place(bytes, begin, 0, random)), Uint8Array.of(0xff, 0xd9)),
  'a hole of zeros': (bytes, begin, random) => {
    const length = hole(bytes, random);
    const at = place(bytes, begin, length, random);
    return bytes.slice().fill(0, at, at + length);
  },
  'a hole of noise': (bytes, begin, random) => {
    const length = hole(bytes, random);
    const at = place(bytes, begin, length, random);
    return bytes.map((byte, i) => (i >= at && i < at + length ? random.integer(256) : byte));
  },
  'one byte': (bytes, begin, random) => {
    const at = place(bytes, begin, 1, random);
    return bytes.map((byte, i) => (i === at ? byte ^ (1 + random.integer(255)) : byte));
  },
  'bytes lost': (bytes, begin, random) => {
    const length = 1 + random.integer(64);
    const at = place(bytes, begin, length, random);
    return joined(bytes.subarray(0, at), bytes.subarray(at + length));
  },
  'bytes put in': (bytes, begin, random) => {
    const at = place(bytes, begin, 1, random);
    const noise = Uint8Array.from({ length: 1 + random.integer(64) }, () => random.integer(256));
    return joined(bytes.subarray(0, at), noise, bytes.subarray(at));
  },
  'two pieces exchanged': (bytes, begin, random) => {
    const half = (bytes.length - 2 - begin) >> 1;
    const length = Math.min(hole(bytes, random), half - 1);
    const [one, two] = [begin + random.integer(half - length), begin + half + random.integer(half - length)];
    const damaged = bytes.slice();
    damaged.set(bytes.subarray(one, one + length), two);
    damaged.set(bytes.subarray(two, two + length), one);
    return damaged;
  },
};

function place(bytes: Bytes, begin: number, length: number, random: Random): number {
  return begin + random.integer(bytes.length - 2 - length - begin);
}

function hole(bytes: Bytes, random: Random): number {
  return 1 + random.integer(Math.min(2000, bytes.length >> 2));
}

function joined(...parts: Uint8Array[]): Bytes {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

/** The byte after the header of the first scan. */
function codedBegin(bytes: Bytes): number {
  let at = 2;
  while (bytes[at + 1] !== 0xda) at += 2 + bytes[at + 2]! * 256 + bytes[at + 3]!;
  return at + 2 + bytes[at + 2]! * 256 + bytes[at + 3]!;
}

/** The share of tiles of 16 × 16 px that differ by more than 16 grey levels in the mean. */
function shareThatDiffers(one: DecodedImage, two: DecodedImage): number {
  const across = Math.ceil(one.width / 16);
  const tiles = Array.from({ length: across * Math.ceil(one.height / 16) }, () => ({ sum: 0, count: 0 }));
  one.grey.forEach((level, i) => {
    const tile = tiles[(Math.floor(i / one.width) >> 4) * across + ((i % one.width) >> 4)]!;
    tile.sum += Math.abs(level - two.grey[i]!);
    tile.count++;
  });
  return tiles.filter(({ sum, count }) => sum / count > 16).length / tiles.length;
}

it('of some 300 damages that one can see, at most six are taken without a word', async () => {
  const films = { greyBaseline, colourRestart, greyProgressive, colourOptimised };
  const silent: string[] = [];
  let visible = 0;
  for (const [name, address] of Object.entries(films)) {
    const bytes = Uint8Array.from(atob(address.split(',')[1]!), (letter) => letter.charCodeAt(0));
    const whole = await decodeImage(bytes);
    expect(whole.doubt).toBeNull();
    for (const [kind, damage] of Object.entries(damages)) {
      for (let i = 0; i < 19; i++) {
        const damaged = damage(bytes, codedBegin(bytes), new Random(`${name}, ${kind}, ${i}`));
        const shown = await decodeNatively(damaged, 'image/jpeg').catch(() => null);
        if (!shown || shareThatDiffers(whole, shown) < 0.01) continue;
        visible++;
        const taken = await decodeImage(damaged).catch(() => null);
        if (taken && !taken.doubt) silent.push(`${name}, ${kind}, ${i}`);
      }
    }
  }
  expect(visible).toBeGreaterThan(300);
  expect(silent.length, silent.join('; ')).toBeLessThanOrEqual(6);
});
