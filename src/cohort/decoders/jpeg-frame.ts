/**
 * What a JPEG frame header states: size, coding, and the grid of 8 × 8 blocks of each component.
 * Source: ITU-T T.81 (1992), sections A.1, A.2 and B.2.2, https://www.w3.org/Graphics/JPEG/itu-t81.pdf.
 */
import { InputError } from '../../errors.ts';
import type { ImageSize } from './decoder.ts';
import { damagedJpeg } from './jpeg-markers.ts';

/** One colour channel of a frame. */
export interface JpegComponent {
  readonly id: number;
  /** Blocks side by side, and one above the other, in one unit of an interleaved scan. */
  readonly across: number;
  readonly down: number;
  /** Number of its quantisation table, 0 to 3. */
  readonly quantisation: number;
  /** Blocks a line and lines of blocks that hold the component's own samples: what a scan of this component alone codes. */
  readonly columns: number;
  readonly lines: number;
  /** Blocks a line with those that fill up the last unit; blocks are counted with this stride. */
  readonly stride: number;
  /** Number of blocks with those that fill up. */
  readonly blocks: number;
}

/** A frame that browsers can decode. */
export interface JpegFrame extends ImageSize {
  readonly progressive: boolean;
  readonly components: readonly JpegComponent[];
  /** Units of an interleaved scan, side by side and one above the other. */
  readonly unitsAcross: number;
  readonly unitsDown: number;
}

/** Whether a marker begins a frame: SOF0 to SOF15 without DHT, JPG and DAC, which share the range, and JPEG-LS. */
export function isFrameMarker(marker: number): boolean {
  return (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7;
}

/**
 * Reads a frame header.
 * @throws InputError when the header is broken, or when it states a coding, depth or height that browsers do not read.
 */
export function readFrame(marker: number, content: Uint8Array): JpegFrame {
  refuseCoding(marker);
  if (content.length < 6 || content.length < 6 + 3 * content[5]!)
    throw damagedJpeg('its frame header is incomplete');
  refuseDepth(content[0]!);
  const size = { width: word(content, 3), height: word(content, 1) };
  if (size.height === 0)
    throw new InputError(
      'The JPEG file states its height only after the picture (DNL marker), which browsers do not read. Export the film again.',
    );
  return { ...size, progressive: marker === 0xc2, ...readComponents(content, size) };
}

function refuseCoding(marker: number): void {
  const coding = unreadableCodings[marker];
  if (coding)
    throw new InputError(
      `The file is ${coding}, which browsers do not read. Export the film as PNG or as a usual JPEG.`,
    );
}

/** Codings by frame marker; SOF0 baseline, SOF1 extended sequential and SOF2 progressive are read. */
const unreadableCodings: Readonly<Record<number, string>> = {
  0xc3: 'a lossless JPEG',
  0xc5: 'a hierarchical JPEG',
  0xc6: 'a hierarchical JPEG',
  0xc7: 'a lossless hierarchical JPEG',
  0xc9: 'a JPEG with arithmetic coding',
  0xca: 'a JPEG with arithmetic coding',
  0xcb: 'a lossless JPEG with arithmetic coding',
  0xcd: 'a hierarchical JPEG with arithmetic coding',
  0xce: 'a hierarchical JPEG with arithmetic coding',
  0xcf: 'a lossless hierarchical JPEG with arithmetic coding',
  0xf7: 'a JPEG-LS file',
};

function refuseDepth(bits: number): void {
  if (bits !== 8)
    throw new InputError(
      `The JPEG file has ${bits} bits a sample; JPEG films of 8 bits are read. Export the film as 16-bit PNG instead.`,
    );
}

function readComponents(
  content: Uint8Array,
  { width, height }: ImageSize,
): Pick<JpegFrame, 'components' | 'unitsAcross' | 'unitsDown'> {
  const stated = Array.from({ length: content[5]! }, (_, i) => content.subarray(6 + 3 * i, 9 + 3 * i));
  const samplings = stated.map((bytes) => ({ across: bytes[1]! >> 4, down: bytes[1]! & 15 }));
  const inRange = samplings.every(({ across, down }) => [across, down].every((n) => n >= 1 && n <= 4));
  if (stated.length === 0 || !inRange) throw damagedJpeg('its frame header states impossible components');
  const mostAcross = Math.max(...samplings.map(({ across }) => across));
  const mostDown = Math.max(...samplings.map(({ down }) => down));
  const unitsAcross = Math.ceil(width / (8 * mostAcross));
  const unitsDown = Math.ceil(height / (8 * mostDown));
  const components = samplings.map(({ across, down }, i) => ({
    id: stated[i]![0]!,
    across,
    down,
    quantisation: stated[i]![2]!,
    columns: Math.ceil(Math.ceil((width * across) / mostAcross) / 8),
    lines: Math.ceil(Math.ceil((height * down) / mostDown) / 8),
    stride: unitsAcross * across,
    blocks: unitsAcross * across * unitsDown * down,
  }));
  return { components, unitsAcross, unitsDown };
}

function word(bytes: Uint8Array, offset: number): number {
  return bytes[offset]! * 256 + bytes[offset + 1]!;
}
