/**
 * Films of formats that are not read, found by the first survey: by their first bytes where the name or the size gives a reason to look.
 */
import { foreignFormat, foreignFormatBytes } from '../decoders/foreign-formats.ts';
import type { MessageBreaks } from '../../progress/message-breaks.ts';
import { readEndings } from './folder-contents.ts';
import type { FolderFile } from './importer.ts';

/** A film is larger; a Git LFS pointer, an error page or an empty file often is not. */
const smallFilmBytes = 1024;

/** Films with an ending of another format that are opened; beyond them the ending decides. */
const mostOpened = 500;

/** What images are that cannot be read, in words with an article ("a DICOM file"). */
export async function foreignImages(
  films: readonly FolderFile[],
  breaks: MessageBreaks,
): Promise<ReadonlyMap<FolderFile, string>> {
  const foreign = new Map<FolderFile, string>();
  const seen = new Map<string, { opened: number; format: string | null; mixed: boolean }>();
  for (const film of films) {
    const isRead = readEndings.test(film.path);
    if (isRead && film.file.size >= smallFilmBytes) continue;
    const ending = film.path.slice(film.path.lastIndexOf('.')).toLowerCase();
    const kind = seen.get(ending) ?? { opened: 0, format: null, mixed: false };
    seen.set(ending, kind);
    const isSure = !isRead && kind.opened >= mostOpened && !kind.mixed;
    const format = isSure ? kind.format : await formatOf(film);
    if (kind.opened > 0 && format !== kind.format) kind.mixed = true;
    kind.opened++;
    kind.format = format;
    if (format !== null) foreign.set(film, format);
    await breaks.pauseIfDue();
  }
  return foreign;
}

/** What a file is by its first bytes; null for PNG, JPEG, and what cannot be told or opened, which its decoder will say. */
export async function formatOf({ file }: FolderFile): Promise<string | null> {
  try {
    const format = foreignFormat(new Uint8Array(await file.slice(0, foreignFormatBytes).arrayBuffer()));
    // Text files are left to the decoder, whose error says what a film must be.
    return format === 'a text file' ? null : format;
  } catch {
    return null;
  }
}
