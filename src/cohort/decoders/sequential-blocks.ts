/**
 * Blocks of baseline and extended sequential JPEG scans: all 64 coefficients of a block in one go.
 * Source: ITU-T T.81 (1992), section F.2.2, https://www.w3.org/Graphics/JPEG/itu-t81.pdf.
 */
import type { CodedBits } from './coded-bits.ts';
import type { HuffmanTable, HuffmanTables } from './huffman-table.ts';
import { damagedJpeg } from './jpeg-markers.ts';
import type { BlockReader, ScanPart } from './jpeg-scan.ts';

/** More bits than a coefficient of an 8-bit film has (tables F.1 and F.2 end at 11 and 10; one more is let pass for AC). */
export const maxCoefficientBits = 11;

/** The table of a scan. @throws InputError when the file never defined it. */
export function tableOf(tables: readonly (HuffmanTable | undefined)[], number: number): HuffmanTable {
  const table = tables[number];
  if (!table) throw damagedJpeg('a Huffman table that its picture data need is missing');
  return table;
}

/** The next DC difference. @throws InputError when it has more bits than an 8-bit film can need. */
export function readDifference(bits: CodedBits, table: HuffmanTable): number {
  const size = bits.symbol(table);
  if (size > maxCoefficientBits) throw damagedJpeg('its picture data hold a value that is too large');
  const value = bits.take(size);
  return size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
}

/** Reads sequential blocks and keeps their DC coefficients, still quantised. */
export class SequentialBlocks implements BlockReader {
  readonly owed = 0;
  readonly #tables: HuffmanTables;
  readonly #dc: readonly Int32Array[];
  readonly #previous: number[];

  /** @param dc for each component of the frame, room for one coefficient per block. */
  constructor(tables: HuffmanTables, dc: readonly Int32Array[]) {
    this.#tables = tables;
    this.#dc = dc;
    this.#previous = dc.map(() => 0);
  }

  restart(): void {
    this.#previous.fill(0);
  }

  read(bits: CodedBits, { index, dcTable, acTable }: ScanPart, block: number): void {
    this.#previous[index]! += readDifference(bits, tableOf(this.#tables.dc, dcTable));
    this.#dc[index]![block] = this.#previous[index]!;
    skipCoefficients(bits, tableOf(this.#tables.ac, acTable));
  }
}

/** A symbol is (zeros before · 16 + bits of the coefficient); 0 ends the block, 15 · 16 stands for 16 zeros. */
function skipCoefficients(bits: CodedBits, table: HuffmanTable): void {
  for (let k = 1; k < 64;) {
    const symbol = bits.symbol(table);
    const size = symbol & 15;
    if (size === 0) {
      if (symbol !== 0xf0) return;
      k += 16;
      if (k > 64) throw damagedJpeg('a block of its picture data has too many values');
    } else {
      k += symbol >> 4;
      if (k > 63 || size > maxCoefficientBits)
        throw damagedJpeg('a block of its picture data has too many values');
      bits.skip(size);
      k++;
    }
  }
}
