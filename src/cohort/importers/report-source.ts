/**
 * Where the report of a film stands, and its text: in the table, in a file that the table names, or in a file beside the film.
 */
import { errorSentence } from '../../errors.ts';
import { foreignFormat } from '../decoders/foreign-formats.ts';
import type { ProblemList } from '../problems.ts';
import { decodeText } from './decode-text.ts';
import type { FolderFile } from './importer.ts';
import { isNothing } from './nothing.ts';
import { plainReport } from './report-markup.ts';

/** A report not read yet. */
export type ReportSource =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly file: FolderFile }
  | { readonly kind: 'none' };

/** Files larger than this are no report. */
const maxReportBytes = 1_000_000;

/** The text of several cells as one report; what says nothing is left out. */
export function sourceOfCells(cells: readonly string[]): ReportSource {
  const parts = cells.filter((cell) => !isNothing(cell));
  return parts.length === 0 ? { kind: 'none' } : { kind: 'text', text: parts.join('\n\n') };
}

/** The report's text, without markup and space around it; empty when there is none. What is doubtful goes to `problems`. */
export async function readReport(
  source: ReportSource,
  where: string,
  problems: ProblemList,
): Promise<string> {
  const read = await readText(source, where, problems);
  const { text, markup } = plainReport(read);
  const place = source.kind === 'file' ? `${where}, ${source.file.path}` : where;
  if (markup)
    problems.warn(
      'reports with markup',
      place,
      `The report is written in ${markup}; its plain text is taken. Look at a few, and export plain text if they are not right.`,
    );
  if (!isNothing(text)) return text;
  if (source.kind === 'file' && text === '')
    problems.warn('empty reports', place, 'The report is empty; the film is taken without a report.');
  else if (text !== '')
    problems.warn(
      'reports that say nothing',
      place,
      `The report holds only “${text}”, which says that there is none; the film is taken without a report.`,
    );
  else
    problems.warn(
      'empty reports',
      place,
      'The film has no report; it is taken without one. Add it if there is one.',
    );
  return '';
}

async function readText(source: ReportSource, where: string, problems: ProblemList): Promise<string> {
  if (source.kind === 'none') return '';
  if (source.kind === 'text') return source.text;
  const { path, file } = source.file;
  const place = `${where}, ${path}`;
  if (file.size > maxReportBytes) {
    problems.warn(
      'reports too large',
      place,
      `The report has ${file.size} bytes, which is no report; at most 1 MB is read. The film is taken without it.`,
    );
    return '';
  }
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (foreignFormat(bytes) !== 'a Git LFS pointer') return decodeText(bytes, path);
    problems.warn(
      'unreadable reports',
      place,
      'The file is a Git LFS pointer, not the report; fetch the real files (git lfs pull). The film is taken without a report.',
    );
  } catch (error) {
    problems.warn('unreadable reports', place, `${errorSentence(error)} The film is taken without a report.`);
  }
  return '';
}
