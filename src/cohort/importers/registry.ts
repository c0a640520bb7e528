/**
 * All importers, and the choice of the one that a folder needs.
 */
import { decodeImage } from '../decoders/registry.ts';
import { squareImage } from '../square.ts';
import { makeImagesCsv, type Thumbnail } from './images-csv.ts';
import type { FolderFile, Importer } from './importer.ts';

/** Side in px of the pictures shown before an import. */
const thumbnailSide = 128;

const thumbnail: Thumbnail = async (file) => {
  const film = await decodeImage(new Uint8Array(await file.arrayBuffer()));
  return { side: thumbnailSide, pixels: squareImage(film, thumbnailSide, 'pad') };
};

/** Importers by name. */
export const importers: Readonly<Record<string, Importer>> = { imagesCsv: makeImagesCsv(thumbnail) };

/**
 * The importer that is surest of the folder; the first of the registry when none is sure, because its errors describe best what is missing.
 */
export async function chooseImporter(files: readonly FolderFile[]): Promise<Importer> {
  const all = Object.values(importers);
  const sureness = await Promise.all(all.map((importer) => importer.recognises(files)));
  return all[sureness.indexOf(Math.max(...sureness))]!;
}
