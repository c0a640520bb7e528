/**
 * The coded data of a JPEG scan as bits: cut at its restart markers, without the zero byte that follows each 0xff of the data.
 * Source: ITU-T T.81 (1992), sections B.1.1.5 and F.1.2.3, https://www.w3.org/Graphics/JPEG/itu-t81.pdf.
 */
import type { HuffmanTable } from './huffman-table.ts';
import { damagedJpeg } from './jpeg-markers.ts';

/** The data between two restart markers. */
export interface CodedInterval {
  readonly bits: CodedBits;
  /** The number 0 to 7 of the restart marker that ends the interval, or null at the end of the scan. */
  readonly restart: number | null;
}

/** More bytes than one block can ask for, so that a look past the end of the data finds zeros. */
const spareBytes = 512;

/** Cuts coded data at the restart markers. Fill bytes 0xff before a marker are left out. */
export function codedIntervals(coded: Uint8Array): CodedInterval[] {
  const plain = new Uint8Array(coded.length + spareBytes);
  const intervals: CodedInterval[] = [];
  let [begin, end] = [0, 0];
  for (let offset = 0; offset < coded.length;) {
    const mark = coded.indexOf(0xff, offset);
    const upTo = mark < 0 ? coded.length : mark;
    plain.set(coded.subarray(offset, upTo), end);
    end += upTo - offset;
    if (mark < 0) break;
    const next = coded[mark + 1];
    offset = next === 0xff ? mark + 1 : mark + 2;
    if (next === 0) plain[end++] = 0xff;
    if (next === undefined || next === 0 || next === 0xff) continue;
    intervals.push({ bits: new CodedBits(plain, begin, end), restart: next & 7 });
    begin = end;
  }
  intervals.push({ bits: new CodedBits(plain, begin, end), restart: null });
  return intervals;
}

/** What stands after the last code of an interval. */
export type Rest = 'nothing' | 'few' | 'much';

/** A place in coded bits that moves on with each read. Reads may go past the end; `ranOut` tells. */
export class CodedBits {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  /** @param begin first byte. @param end the byte after the last. */
  constructor(bytes: Uint8Array, begin: number, end: number) {
    this.#bytes = bytes;
    this.#at = begin * 8;
    this.#end = end * 8;
  }

  /** Whether more bits were read than there are. */
  get ranOut(): boolean {
    return this.#at > this.#end;
  }

  /** The symbol of the next code. @throws InputError when no code of the table begins so. */
  symbol(table: HuffmanTable): number {
    const found = table[this.#next16()]!;
    if (found === 0) throw damagedJpeg('its picture data hold a code that does not exist');
    this.#at += found >> 8;
    return found & 255;
  }

  /** The next bits as an unsigned number; count is at most 16. */
  take(count: number): number {
    const value = this.#next16() >> (16 - count);
    this.#at += count;
    return value;
  }

  /** Leaves bits out. */
  skip(count: number): void {
    this.#at += count;
  }

  /**
   * What is left. The last byte is filled up with ones (by some encoders with zeros), and zero bytes may follow; all else is data that
   * no block asked for.
   */
  rest(): Rest {
    const bits = (8 - (this.#at & 7)) & 7;
    const filling = bits === 0 ? 0 : this.#bytes[this.#at >> 3]! & ((1 << bits) - 1);
    const bytes = this.#bytes.subarray((this.#at + bits) >> 3, this.#end >> 3);
    const strayBytes = bytes.reduce((sum, byte) => sum + Number(byte !== 0), 0);
    if (strayBytes > 2) return 'much';
    return strayBytes > 0 || (filling !== 0 && filling !== (1 << bits) - 1) ? 'few' : 'nothing';
  }

  #next16(): number {
    const bytes = this.#bytes;
    const byte = this.#at >> 3;
    return (
      (((bytes[byte]! << 16) | (bytes[byte + 1]! << 8) | bytes[byte + 2]!) >> (8 - (this.#at & 7))) & 0xffff
    );
  }
}
