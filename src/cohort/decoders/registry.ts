/**
 * All decoders, and the one door through which files become grey levels. A file's format is told by its first bytes, not by its name.
 */
import { InputError } from '../../errors.ts';
import { checkSize, decodeLimitMs, type DecodedFilm, type Decoder, type FileBytes } from './decoder.ts';
import { jpeg } from './jpeg.ts';
import { png } from './png.ts';

/** Decoders by name; the first that recognises a file reads it. */
export const decoders = { png, jpeg } as const satisfies Record<string, Decoder>;

/**
 * Grey levels of a film of any known format. The size is checked before anything is unpacked, and a film that takes longer than
 * `decodeLimitMs` in the browser's decoder is given up; 16-bit PNG films are unpacked without a pause, so for them the bound is on what
 * they unpack to.
 * @throws InputError saying why the file cannot be read and what to do; it names no file, since only the caller knows it.
 */
export async function decodeFilm(bytes: FileBytes, limitMs = decodeLimitMs): Promise<DecodedFilm> {
  if (bytes.length === 0) throw new InputError('The file is empty; copy it again.');
  const decoder = Object.values<Decoder>(decoders).find((candidate) => candidate.recognises(bytes));
  if (!decoder) throw new InputError(`${describe(bytes)} Films are read as PNG or JPEG; convert it.`);
  checkSize(decoder.size(bytes));
  const film = await withinLimit(decoder.decode(bytes), limitMs);
  checkSize(film);
  return film;
}

async function withinLimit<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new InputError(
          `Decoding took longer than ${limitMs / 1000} s and was given up; export the film again.`,
        ),
      );
    }, limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Formats that people do have, named so that the sentence helps. */
function describe(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes.subarray(0, 140));
  if (text.slice(128, 132) === 'DICM') return 'The file is a DICOM file.';
  if (text.startsWith('II*') || text.startsWith('MM\0*')) return 'The file is a TIFF file.';
  if (text.startsWith('GIF8')) return 'The file is a GIF file.';
  if (text.startsWith('BM')) return 'The file is a BMP file.';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'The file is a WebP file.';
  return 'The first bytes are those of no film format.';
}
