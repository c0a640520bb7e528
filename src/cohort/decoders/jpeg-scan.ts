/**
 * One scan of a JPEG file: its header, and the walk over its units, which must be as many as the frame needs.
 * Source: ITU-T T.81 (1992), sections A.2, B.2.3 and E.2.4, https://www.w3.org/Graphics/JPEG/itu-t81.pdf.
 */
import type { InputError } from '../../errors.ts';
import { codedIntervals, type CodedBits } from './coded-bits.ts';
import type { JpegComponent, JpegFrame } from './jpeg-frame.ts';
import { damagedJpeg } from './jpeg-markers.ts';

/** What a scan header states. */
export interface ScanHeader {
  readonly parts: readonly ScanPart[];
  /** First and last coefficient in zigzag order, 0 to 63. */
  readonly first: number;
  readonly last: number;
  /** Bit of the coefficients that an earlier scan ended with, 0 when this is the first. */
  readonly high: number;
  /** Lowest bit of the coefficients that this scan codes. */
  readonly low: number;
}

/** A component with the numbers of its tables in this scan. */
export interface ScanPart {
  readonly component: JpegComponent;
  /** Index of the component in the frame. */
  readonly index: number;
  readonly dcTable: number;
  readonly acTable: number;
}

/** Reads the codes of one block after the other. */
export interface BlockReader {
  /** Begins a restart interval. */
  restart(): void;
  /** Reads one block. @throws InputError when its codes are impossible. */
  read(bits: CodedBits, part: ScanPart, block: number): void;
  /** Blocks that the last code promised and that have not come yet. */
  readonly owed: number;
}

/** Reads a scan header. @throws InputError when it is incomplete or names components that the frame has not. */
export function readScanHeader(content: Uint8Array, frame: JpegFrame): ScanHeader {
  const count = content[0] ?? 0;
  if (count < 1 || count > 4 || content.length < 4 + 2 * count)
    throw damagedJpeg('the header of a scan is incomplete');
  const parts = Array.from({ length: count }, (_, i) => {
    const index = frame.components.findIndex(({ id }) => id === content[1 + 2 * i]);
    const component = frame.components[index];
    if (!component) throw damagedJpeg('a scan names a colour channel that the frame has not');
    const tables = content[2 + 2 * i]!;
    return { component, index, dcTable: tables >> 4, acTable: tables & 15 };
  });
  const [first, last, bits] = content.subarray(1 + 2 * count) as unknown as [number, number, number];
  return { parts, first, last, high: bits >> 4, low: bits & 15 };
}

/**
 * Reads all blocks of a scan.
 * @param restartInterval units between two restart markers; 0 when there are none.
 * @returns whether a few bytes or bits are left that no block asked for.
 * @throws InputError when data end too early or too late, or restart markers are missing or out of turn.
 */
export function walkScan(
  coded: Uint8Array,
  frame: JpegFrame,
  { parts }: ScanHeader,
  restartInterval: number,
  reader: BlockReader,
): boolean {
  const units = scanUnits(frame, parts);
  const perInterval = restartInterval || units.count;
  const intervals = codedIntervals(coded);
  const expected = Math.ceil(units.count / perInterval);
  checkRestarts(
    intervals.map(({ restart }) => restart),
    expected,
  );
  if (intervals.slice(expected).some(({ bits }) => bits.rest() !== 'nothing')) throw otherBlocks();
  let doubtful = false;
  intervals.slice(0, expected).forEach(({ bits }, interval) => {
    reader.restart();
    const end = Math.min(units.count, (interval + 1) * perInterval);
    for (let unit = interval * perInterval; unit < end; unit++) {
      units.read(bits, unit, reader);
      if (bits.ranOut) throw damagedJpeg(`its picture data end after ${unit} of ${units.count} blocks`);
    }
    const rest = bits.rest();
    if (rest === 'much' || reader.owed > 0) throw otherBlocks();
    doubtful ||= rest === 'few';
  });
  return doubtful;
}

function otherBlocks(): InputError {
  return damagedJpeg('its picture data hold more, or other, blocks than the picture has');
}

/** Restart markers count 0 to 7 in turn; one more may stand after the last interval. */
function checkRestarts(restarts: readonly (number | null)[], expected: number): void {
  const markers = restarts.filter((restart) => restart !== null);
  const inTurn = markers.every((restart, i) => restart === i % 8);
  if (!inTurn || (markers.length !== expected - 1 && markers.length !== expected))
    throw damagedJpeg('marks inside its picture data (RST) are missing or out of turn');
}

/** The units of a scan: how many, and how one is read. */
interface ScanUnits {
  readonly count: number;
  read(bits: CodedBits, unit: number, reader: BlockReader): void;
}

/** A scan of one component codes its own blocks line by line; a scan of several codes units with some blocks of each. */
function scanUnits(frame: JpegFrame, parts: readonly ScanPart[]): ScanUnits {
  const [only] = parts;
  if (parts.length === 1 && only) {
    const { columns, lines, stride } = only.component;
    return {
      count: columns * lines,
      read: (bits, unit, reader) =>
        reader.read(bits, only, Math.floor(unit / columns) * stride + (unit % columns)),
    };
  }
  return {
    count: frame.unitsAcross * frame.unitsDown,
    read: (bits, unit, reader) => {
      const line = Math.floor(unit / frame.unitsAcross);
      for (const part of parts) readUnit(bits, part, line, unit % frame.unitsAcross, reader);
    },
  };
}

function readUnit(bits: CodedBits, part: ScanPart, line: number, column: number, reader: BlockReader): void {
  const { across, down, stride } = part.component;
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      reader.read(bits, part, (line * down + y) * stride + column * across + x);
    }
  }
}
