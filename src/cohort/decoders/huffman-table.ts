/**
 * Huffman tables of JPEG files, unfolded so that one look tells a code's length and symbol.
 * Source: ITU-T T.81 (1992), section B.2.4.2 and annex C, https://www.w3.org/Graphics/JPEG/itu-t81.pdf.
 */
import { damagedJpeg } from './jpeg-markers.ts';

/** For each of the 65,536 values of the next 16 bits: the code's length · 256 + its symbol; 0 where no code begins so. */
export type HuffmanTable = Uint16Array;

/** The tables in force; a later definition replaces an earlier one. */
export interface HuffmanTables {
  readonly dc: (HuffmanTable | undefined)[];
  readonly ac: (HuffmanTable | undefined)[];
}

/** Takes the tables of one DHT segment. @throws InputError when the segment is incomplete or defines impossible codes. */
export function defineHuffmanTables(content: Uint8Array, tables: HuffmanTables): void {
  for (let offset = 0; offset < content.length;) {
    const [kind, number] = [content[offset]! >> 4, content[offset]! & 15];
    const counts = content.subarray(offset + 1, offset + 17);
    const symbolCount = counts.reduce((sum, count) => sum + count, 0);
    const symbols = content.subarray(offset + 17, offset + 17 + symbolCount);
    if (kind > 1 || number > 3 || counts.length < 16 || symbols.length < symbolCount)
      throw damagedJpeg('a Huffman table is incomplete');
    (kind === 0 ? tables.dc : tables.ac)[number] = unfold(counts, symbols);
    offset += 17 + symbolCount;
  }
}

/** Codes are handed out in rising order, shorter ones first; each fills its part of the 65,536 values. */
function unfold(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const table = new Uint16Array(65536);
  let from = 0;
  let next = 0;
  for (let length = 1; length <= 16; length++) {
    const width = 1 << (16 - length);
    for (let i = 0; i < counts[length - 1]!; i++) {
      if (from + width > 65536) throw damagedJpeg('a Huffman table defines more codes than there can be');
      table.fill(length * 256 + symbols[next++]!, from, from + width);
      from += width;
    }
  }
  return table;
}
