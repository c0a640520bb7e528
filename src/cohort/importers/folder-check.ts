/**
 * What a folder lacks, reported by the first survey: films that can be read, a table, or folders named after classes.
 */
import { nounFor } from '../../count-words.ts';
import { InputError } from '../../errors.ts';
import { remedyFor } from '../decoders/foreign-formats.ts';
import { tableOfClasses } from './class-folders.ts';
import { formatOf } from './foreign-images.ts';
import { archiveEndings, readEndings, type FolderContents } from './folder-contents.ts';
import type { FolderFile } from './importer.ts';

/** Files that are opened to tell what they are, from all over the folder. */
const mostOpened = 40;

const tableAdvice =
  'Add a table (.csv, .tsv or .xlsx) with one row a film: its file name, the patient, the report or the name of its file, and at least one label (1 present, 0 absent).';

/** Checks that a cohort may be made from a folder. @throws InputError saying what is missing, and what there is instead. */
export async function assertFolderReadable(contents: FolderContents): Promise<void> {
  const { films, tables } = contents;
  const foreign = await foreignFolder(contents);
  if (foreign) throw new InputError(foreign);
  if (films.length === 0)
    throw new InputError(
      `The folder holds no films. Choose the folder that holds the PNG or JPEG files and the labels table.${archiveAdvice(contents)}`,
    );
  if (tables.length > 0 || tableOfClasses(contents)) return;
  throw new InputError(
    `The folder holds ${counted(films.length, 'film')}, but no labels table, and its folders are not named after classes. ${tableAdvice}${archiveAdvice(contents)}`,
  );
}

/** A sentence where none of the films that were opened can be read; null otherwise. */
async function foreignFolder({ films, others }: FolderContents): Promise<string | null> {
  const candidates = films.length > 0 ? films : others.filter(({ path }) => !/\.[a-z]\w{0,4}$/i.test(path));
  if (candidates.length === 0) return null;
  // Of films under their own endings one that can be read is enough.
  const named = candidates.filter(({ path }) => readEndings.test(path));
  const opened = [...spread(named, mostOpened / 2), ...spread(candidates, mostOpened / 2)];
  const formats = new Set<string>();
  for (const file of opened) {
    const format = await formatOf(file);
    if (format === null && (films.length === 0 || readEndings.test(file.path))) return null;
    if (format !== null) formats.add(format);
  }
  if (formats.size === 0) return null;
  const what = [...formats].join(' or ');
  const how = what.includes('DICOM')
    ? 'DICOM is not read here yet. Convert the files to PNG with 16 bits (for instance with dcm2img of DCMTK or with pydicom), and leave out names and dates of patients.'
    : remedyFor([...formats][0]!);
  return `The folder holds ${counted(candidates.length, 'film')}, and each that was opened is ${what}. ${how}`;
}

function archiveAdvice({ others }: FolderContents): string {
  const archives = others.filter(({ path }) => archiveEndings.test(path));
  if (archives.length === 0) return '';
  const names = archives.slice(0, 3).map(({ path }) => path);
  const more = archives.length > 3 ? ` and ${archives.length - 3} more` : '';
  return ` Archives are not unpacked here: ${names.join(', ')}${more}. Unpack them, and choose the folder again.`;
}

function spread(files: readonly FolderFile[], most: number): FolderFile[] {
  const step = Math.max(1, Math.ceil(files.length / most));
  return files.filter((_, i) => i % step === 0);
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${nounFor(count, noun)}`;
}
