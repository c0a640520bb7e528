/**
 * Blocks of progressive JPEG scans: some coefficients, or one more bit of some coefficients, of a block at a time.
 * Source: ITU-T T.81 (1992), annex G, https://www.w3.org/Graphics/JPEG/itu-t81.pdf.
 */
import type { CodedBits } from './coded-bits.ts';
import type { HuffmanTables } from './huffman-table.ts';
import { damagedJpeg } from './jpeg-markers.ts';
import type { BlockReader, ScanHeader, ScanPart } from './jpeg-scan.ts';
import { maxCoefficientBits, readDifference, tableOf } from './sequential-blocks.ts';

/** What has been read of one component. */
export interface ProgressiveComponent {
  /** The DC coefficient of each block, still quantised. */
  readonly dc: Int32Array;
  /** Two words a block: bit k of the 64 tells whether coefficient k is known not to be 0. */
  readonly nonZero: Uint32Array;
  /** For each coefficient its lowest bit that was coded, or -1 when none was. */
  readonly lowestBit: Int8Array;
}

/** The reader for the blocks of a scan. */
export function progressiveBlocks(
  scan: ScanHeader,
  tables: HuffmanTables,
  components: readonly ProgressiveComponent[],
): BlockReader {
  if (scan.first === 0)
    return scan.high === 0 ? new FirstDc(scan, tables, components) : new RefinedDc(scan, components);
  return scan.high === 0 ? new FirstAc(scan, tables, components) : new RefinedAc(scan, tables, components);
}

/**
 * Notes which bits a scan brings.
 * @throws InputError when the scan does not go on where an earlier one ended, which means that one between is missing.
 */
export function noteScan(
  { parts, first, last, high, low }: ScanHeader,
  components: readonly ProgressiveComponent[],
): void {
  const inRange = first === 0 ? last === 0 : first <= last && last <= 63 && parts.length === 1;
  if (!inRange || low > 13) throw damagedJpeg('the header of a scan states an impossible range');
  for (const { index } of parts) {
    const { lowestBit } = components[index]!;
    if (first > 0 && lowestBit[0] === -1) throw damagedJpeg('a scan is missing');
    for (let k = first; k <= last; k++) {
      const goesOn = high === 0 ? lowestBit[k] === -1 : lowestBit[k] === high && low === high - 1;
      if (!goesOn) throw damagedJpeg('a scan is missing or comes twice');
      lowestBit[k] = low;
    }
  }
}

class FirstDc implements BlockReader {
  readonly owed = 0;
  readonly #low: number;
  readonly #tables: HuffmanTables;
  readonly #components: readonly ProgressiveComponent[];
  readonly #previous: number[];

  constructor({ low }: ScanHeader, tables: HuffmanTables, components: readonly ProgressiveComponent[]) {
    this.#low = low;
    this.#tables = tables;
    this.#components = components;
    this.#previous = components.map(() => 0);
  }

  restart(): void {
    this.#previous.fill(0);
  }

  read(bits: CodedBits, { index, dcTable }: ScanPart, block: number): void {
    this.#previous[index]! += readDifference(bits, tableOf(this.#tables.dc, dcTable));
    this.#components[index]!.dc[block] = this.#previous[index]! * 2 ** this.#low;
  }
}

class RefinedDc implements BlockReader {
  readonly owed = 0;
  readonly #low: number;
  readonly #components: readonly ProgressiveComponent[];

  constructor({ low }: ScanHeader, components: readonly ProgressiveComponent[]) {
    this.#low = low;
    this.#components = components;
  }

  restart(): void {
    // No state passes from one block to the next.
  }

  read(bits: CodedBits, { index }: ScanPart, block: number): void {
    this.#components[index]!.dc[block]! |= bits.take(1) << this.#low;
  }
}

/** Keeps the number of blocks that have no more codes of their own (an end-of-band run). */
abstract class AcBlocks implements BlockReader {
  owed = 0;
  protected readonly first: number;
  protected readonly last: number;
  readonly #tables: HuffmanTables;
  readonly #components: readonly ProgressiveComponent[];

  constructor(
    { first, last }: ScanHeader,
    tables: HuffmanTables,
    components: readonly ProgressiveComponent[],
  ) {
    this.first = first;
    this.last = last;
    this.#tables = tables;
    this.#components = components;
  }

  restart(): void {
    this.owed = 0;
  }

  abstract read(bits: CodedBits, part: ScanPart, block: number): void;

  protected symbol(bits: CodedBits, { acTable }: ScanPart): number {
    return bits.symbol(tableOf(this.#tables.ac, acTable));
  }

  protected nonZero({ index }: ScanPart): Uint32Array {
    return this.#components[index]!.nonZero;
  }

  /** Blocks of the run that a symbol r · 16 begins, this block included: 2^r and r more bits. */
  protected runOf(bits: CodedBits, symbol: number): number {
    const length = symbol >> 4;
    return (1 << length) + bits.take(length);
  }
}

class FirstAc extends AcBlocks {
  read(bits: CodedBits, part: ScanPart, block: number): void {
    if (this.owed > 0) {
      this.owed--;
      return;
    }
    const nonZero = this.nonZero(part);
    for (let k = this.first; k <= this.last;) {
      const symbol = this.symbol(bits, part);
      const size = symbol & 15;
      if (size === 0 && symbol !== 0xf0) {
        this.owed = this.runOf(bits, symbol) - 1;
        return;
      }
      k += size === 0 ? 16 : symbol >> 4;
      if (k > this.last + Number(size === 0) || size > maxCoefficientBits)
        throw damagedJpeg('a block of its picture data has too many values');
      if (size === 0) continue;
      bits.skip(size);
      nonZero[2 * block + (k >> 5)]! |= 1 << (k & 31);
      k++;
    }
  }
}

class RefinedAc extends AcBlocks {
  read(bits: CodedBits, part: ScanPart, block: number): void {
    const nonZero = this.nonZero(part);
    let k = this.first;
    while (this.owed === 0 && k <= this.last) {
      const symbol = this.symbol(bits, part);
      const size = symbol & 15;
      if (size > 1) throw damagedJpeg('its picture data hold a value that is too large');
      if (size === 0 && symbol !== 0xf0) {
        this.owed = this.runOf(bits, symbol);
        break;
      }
      bits.skip(size);
      k = this.#passZeros(bits, nonZero, block, k, symbol >> 4);
      if (k > this.last && size === 1) throw damagedJpeg('a block of its picture data has too many values');
      if (size === 1) nonZero[2 * block + (k >> 5)]! |= 1 << (k & 31);
      k++;
    }
    if (this.owed > 0) {
      this.#passZeros(bits, nonZero, block, k, 64);
      this.owed--;
    }
  }

  /** From coefficient k on, takes one bit for each that is not 0, and leaves `zeros` others out; returns where it stands then. */
  #passZeros(bits: CodedBits, nonZero: Uint32Array, block: number, k: number, zeros: number): number {
    for (let left = zeros; k <= this.last; k++) {
      if ((nonZero[2 * block + (k >> 5)]! >>> (k & 31)) & 1) bits.skip(1);
      else if (left-- === 0) break;
    }
    return k;
  }
}
