/**
 * All decoders, and the only function that turns files into grey levels. A file's format is told by its first bytes, not by its name.
 */
import { InputError } from '../../errors.ts';
import { checkSize, decodeLimitMs, type DecodedImage, type Decoder, type FileBytes } from './decoder.ts';
import { foreignFormat, remedyFor } from './foreign-formats.ts';
import { jpeg } from './jpeg.ts';
import { png } from './png.ts';

/** Decoders by name; the first that recognises a file reads it. */
export const decoders = { png, jpeg } as const satisfies Record<string, Decoder>;

/**
 * Grey levels of an image of any known format. The size is checked before anything is unpacked, and an image that takes longer than
 * `decodeLimitMs` in the browser's decoder is given up; 16-bit PNG images are unpacked without a pause, so for them the bound is on what
 * they unpack to.
 * @throws InputError saying why the file cannot be read and what to do; it names no file, since only the caller knows it.
 */
export async function decodeImage(bytes: FileBytes, limitMs = decodeLimitMs): Promise<DecodedImage> {
  if (bytes.length === 0) throw new InputError('The file is empty; copy it again.');
  const decoder = Object.values<Decoder>(decoders).find((candidate) => candidate.recognises(bytes));
  if (!decoder) throw strangerError(bytes);
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

/** A file that no decoder knows: what it is, and what to do about it. */
function strangerError(bytes: Uint8Array): InputError {
  if (bytes.every((byte) => byte === 0))
    return new InputError(
      'The file holds nothing but zeros: a download or copy that was not finished. Download or copy it again.',
    );
  const format = foreignFormat(bytes);
  if (format === null)
    return new InputError(
      'The first bytes are those of no picture that is known, so the file may be damaged. Films are read as PNG or JPEG; copy it again, or convert it.',
    );
  return new InputError(`The file is ${format}. ${remedyFor(format)}`);
}
