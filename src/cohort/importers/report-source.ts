/**
 * Where the report of a film stands: in the table, in a .txt file that the table names, or in a .txt file with the film's name.
 */
import { errorSentence } from '../../errors.ts';
import type { ProblemList } from '../problems.ts';
import { decodeText } from './decode-text.ts';
import type { FileMatch } from './file-index.ts';
import { filmEndings, type FolderContents } from './folder-contents.ts';
import type { CohortMapping, FolderFile } from './importer.ts';

/** A report not read yet. */
export type ReportSource =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly file: FolderFile }
  | { readonly kind: 'none' };

/** Files larger than this are no report. */
const maxReportBytes = 1_000_000;

/** Finds the reports of films as the mapping says. */
export class ReportFinder {
  readonly #mapping: CohortMapping;
  readonly #contents: FolderContents;
  readonly #problems: ProblemList;
  readonly #stems: ReadonlyMap<string, number>;

  constructor(mapping: CohortMapping, contents: FolderContents, problems: ProblemList) {
    this.#mapping = mapping;
    this.#contents = contents;
    this.#problems = problems;
    this.#stems = countStems(contents.films);
  }

  /** @param cell the table's cell, or null when reports stand in files with the films' names. */
  find(cell: string | null, film: FolderFile, where: string): ReportSource {
    if (cell === null) return this.#besideFilm(film);
    if (isBlank(cell)) return { kind: 'none' };
    if (this.#mapping.reportIs === 'text') return { kind: 'text', text: cell };
    const match = this.#contents.reportIndex.find(cell);
    if (match.kind === 'found') return { kind: 'file', file: match.file };
    this.#problems.warn('reports not found', where, reportFault(cell, match));
    return { kind: 'none' };
  }

  /** A film's own folder wins; a file elsewhere must not fit several films. */
  #besideFilm(film: FolderFile): ReportSource {
    const stem = film.path.replace(filmEndings, '');
    const match = this.#contents.reportIndex.find(stem);
    if (match.kind !== 'found') return { kind: 'none' };
    const isUnique = this.#stems.get(lastPart(stem)) === 1;
    return match.byNameOnly && !isUnique ? { kind: 'none' } : { kind: 'file', file: match.file };
  }
}

function reportFault(cell: string, match: FileMatch): string {
  return match.kind === 'ambiguous'
    ? `The report “${cell}” fits ${match.paths.length} files; write the path with its folders. The film is taken without a report.`
    : `No report is called “${cell}”; add the file. The film is taken without a report.`;
}

/** The report's text, without space around it; empty when there is none. What is doubtful goes to `problems`. */
export async function readReport(
  source: ReportSource,
  where: string,
  problems: ProblemList,
): Promise<string> {
  const report = await readText(source, where, problems);
  const place = source.kind === 'file' ? `${where}, ${source.file.path}` : where;
  if (report === '' && source.kind === 'file')
    problems.warn('empty reports', place, 'The report is empty; the film is taken without a report.');
  if (report === '' && source.kind !== 'file')
    problems.warn(
      'empty reports',
      place,
      'The film has no report; it is taken without one. Add it if there is one.',
    );
  if (/<\/?[a-z][^<>]*>/i.test(report))
    problems.warn(
      'HTML in reports',
      place,
      'The report holds HTML; it is kept and shown as plain text. Export plain text if the tags should not be learned.',
    );
  return report;
}

async function readText(source: ReportSource, where: string, problems: ProblemList): Promise<string> {
  if (source.kind === 'none') return '';
  if (source.kind === 'text') return source.text.trim();
  const { path, file } = source.file;
  if (file.size > maxReportBytes) {
    problems.warn(
      'reports too large',
      `${where}, ${path}`,
      `The report has ${file.size} bytes, which is no report; at most 1 MB is read. The film is taken without it.`,
    );
    return '';
  }
  try {
    return decodeText(new Uint8Array(await file.arrayBuffer()), path).trim();
  } catch (error) {
    problems.warn(
      'unreadable reports',
      `${where}, ${path}`,
      `${errorSentence(error)} The film is taken without a report.`,
    );
    return '';
  }
}

function isBlank(cell: string): boolean {
  return ['', 'nan', 'null', 'n/a', 'na'].includes(cell.trim().toLowerCase());
}

function countStems(films: readonly FolderFile[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { path } of films) {
    const stem = lastPart(path.replace(filmEndings, ''));
    counts.set(stem, (counts.get(stem) ?? 0) + 1);
  }
  return counts;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
