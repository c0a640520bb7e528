/**
 * Whether a JPEG file is whole. Browsers fill what is missing with grey and go on; here each code of the picture data is read, without
 * computing any pixel, and counted against what the frame needs.
 * Source: ITU-T T.81 (1992), https://www.w3.org/Graphics/JPEG/itu-t81.pdf.
 */
import { InputError } from '../../errors.ts';
import { doubtMeans } from './dc-plausibility.ts';
import { defineHuffmanTables, type HuffmanTables } from './huffman-table.ts';
import { isFrameMarker, readFrame, type JpegFrame } from './jpeg-frame.ts';
import { damagedJpeg, jpegMarkers, jpegSegments, type JpegSegment } from './jpeg-markers.ts';
import { readScanHeader, walkScan } from './jpeg-scan.ts';
import { noteScan, progressiveBlocks, type ProgressiveComponent } from './progressive-blocks.ts';
import { SequentialBlocks } from './sequential-blocks.ts';

/**
 * Scans that a film has at most, the number that NVIDIA's DALI reads too; usual progressive files have about ten. A scan of a few bytes
 * can name all blocks of a huge film, so that a small file of many scans would take hours ("Two Issues with the JPEG Standard",
 * https://libjpeg-turbo.org/pmwiki/uploads/About/TwoIssueswiththeJPEGStandard.pdf).
 */
const mostScans = 500;

/**
 * Reads a JPEG file from its first marker to its last and passes one that is whole. A missing end mark is no fault when all of the
 * picture is there, nor is anything after that mark.
 * @returns a sentence when the file can be read but looks damaged, or null.
 * @throws InputError when picture data are missing, superfluous or impossible, or come in more than 500 scans.
 */
export function checkJpeg(bytes: Uint8Array): string | null {
  const state = new JpegState();
  for (const segment of jpegSegments(bytes)) state.take(segment);
  return state.finish();
}

/** The file as read so far: the frame, the tables in force, and what its scans have brought. */
class JpegState {
  readonly #tables: HuffmanTables = { dc: [], ac: [] };
  readonly #dcSteps: number[] = [];
  #frame: JpegFrame | null = null;
  #restartInterval = 0;
  #components: readonly ProgressiveComponent[] = [];
  #doubtful = false;
  #scans = 0;

  take({ marker, content, coded, strayBytes }: JpegSegment): void {
    this.#doubtful ||= strayBytes > 0;
    if (isFrameMarker(marker)) this.#beginFrame(marker, content);
    else if (marker === jpegMarkers.defineHuffmanTables) defineHuffmanTables(content, this.#tables);
    else if (marker === jpegMarkers.defineQuantisation) noteDcSteps(content, this.#dcSteps);
    else if (marker === jpegMarkers.defineRestartInterval)
      this.#restartInterval = (content[0] ?? 0) * 256 + (content[1] ?? 0);
    else if (marker === jpegMarkers.startOfScan) this.#readScan(content, coded);
  }

  finish(): string | null {
    const frame = this.#frame;
    if (!frame) throw damagedJpeg('it has no frame header');
    if (!this.#components.every(isComplete)) throw damagedJpeg('some of its scans are missing');
    if (this.#doubtful)
      return 'The JPEG file has bytes where none should be, so parts of the picture may be wrong; look at it.';
    return doubtMeans(
      frame.components.map((component, i) => ({
        component,
        dc: this.#components[i]!.dc,
        step: this.#dcSteps[component.quantisation] || 1,
      })),
    );
  }

  #beginFrame(marker: number, content: Uint8Array): void {
    if (this.#frame) throw damagedJpeg('it has two frame headers');
    const frame = readFrame(marker, content);
    this.#frame = frame;
    this.#components = frame.components.map(({ blocks }) => ({
      dc: new Int32Array(blocks),
      nonZero: new Uint32Array(frame.progressive ? 2 * blocks : 0),
      lowestBit: new Int8Array(64).fill(-1),
    }));
  }

  #readScan(content: Uint8Array, coded: Uint8Array): void {
    const frame = this.#frame;
    if (!frame) throw damagedJpeg('a scan comes before the frame header');
    if (++this.#scans > mostScans)
      throw new InputError(
        `The JPEG file has more than ${mostScans} scans, which would take very long to read; usual ones have about ten. Export the film again.`,
      );
    const scan = readScanHeader(content, frame);
    const reader = frame.progressive
      ? progressiveBlocks(scan, this.#tables, this.#components)
      : new SequentialBlocks(
          this.#tables,
          this.#components.map(({ dc }) => dc),
        );
    if (frame.progressive) noteScan(scan, this.#components);
    else for (const { index } of scan.parts) this.#components[index]!.lowestBit.fill(0);
    this.#doubtful = walkScan(coded, frame, scan, this.#restartInterval, reader) || this.#doubtful;
  }
}

/**
 * Every coefficient that was begun is coded to its last bit. Encoders may leave out coefficients that are 0 everywhere, so those that were
 * never begun are no fault, except that each component has its DC and the first one has all.
 */
function isComplete({ lowestBit }: ProgressiveComponent, index: number): boolean {
  return lowestBit.every((bit, k) => bit === 0 || (bit === -1 && k > 0 && index > 0));
}

/** Takes the step of the DC coefficient of each table in a DQT segment (T.81, section B.2.4.1). */
function noteDcSteps(content: Uint8Array, steps: number[]): void {
  for (let offset = 0; offset + 2 < content.length;) {
    const wide = content[offset]! >> 4 > 0;
    steps[content[offset]! & 15] = wide
      ? content[offset + 1]! * 256 + content[offset + 2]!
      : content[offset + 1]!;
    offset += wide ? 129 : 65;
  }
}
