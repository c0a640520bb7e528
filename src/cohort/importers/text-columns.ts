/**
 * Columns of text, told apart: the report is what a radiologist wrote about the film; the reason for the examination and the comparison are
 * not part of it.
 */
import { sampleOf, type ColumnValues } from './column-values.ts';
import type { FileIndex } from './file-index.ts';
import { wantedPath } from './file-index.ts';
import type { TextKind } from './importer.ts';

/** Names of texts, letters and digits only, in a few languages, by what they are. The first of a kind is the most telling. */
const namesOf: Readonly<Record<Exclude<TextKind, 'other'>, readonly string[]>> = {
  report: words(
    'report reporttext reportcontent radiologyreport reports reportfile reportpath finalreport rawreport reporttxt reportbody fullreport bericht befundbericht befundtext informe relato laudo compterendu',
  ),
  findings: words('findings sectionfindings finding befund befunde hallazgos resultats achados'),
  impression: words(
    'impression impressions sectionimpression conclusion conclusions beurteilung opinion interpretation impresion diagnosistext',
  ),
  reason: words(
    'indication indications sectionindication clinicalindication reason reasonforexam reasonforexamination reasonforstudy reasonforfilm history clinicalhistory sectionhistory sectionclinicalhistory patienthistory clinicalinformation clinicalinfo clinicaldetails clinicalquestion question request referral complaint chiefcomplaint presentingcomplaint symptoms technique sectiontechnique procedure examination exam studydescription indikation fragestellung anamnese klinik indicacion motivo',
  ),
  comparison: words(
    'comparison comparisons sectioncomparison prior priors priorreport previous previousreport vergleich comparacion',
  ),
};

/** Texts that are reports where nothing better is there. */
const weakNames = words(
  'text clinicalnotes notes note narrative sectionnarrative summary description caption comments',
);

/** The text columns of a table and which of them make the report. */
export interface FoundTexts {
  readonly kinds: ReadonlyMap<string, TextKind>;
  /** The best column for reports; null when there is none. */
  readonly report: string | null;
  /** Further parts: the impression after the findings. */
  readonly parts: readonly string[];
  readonly isFile: boolean;
  /** Its name or its files say that it holds reports; otherwise it is only some text. */
  readonly isCertain: boolean;
}

/** Tells the text columns apart. */
export function findTexts(columns: readonly ColumnValues[], reportFiles: FileIndex): FoundTexts {
  const kinds = new Map<string, TextKind>();
  const fileColumns = new Set<string>();
  for (const column of columns) {
    const isFile = isFileColumn(column, reportFiles);
    if (isFile) fileColumns.add(column.name);
    const named = kindByName(column.plain);
    const kind = isFile && (named === null || named === 'other') ? 'report' : named;
    if (isFile || isText(column, kind)) kinds.set(column.name, kind ?? 'other');
  }
  const ofKind = (...wanted: TextKind[]): ColumnValues[] =>
    columns.filter(({ name }) => wanted.includes(kinds.get(name)!));
  const best = (kind: 'report' | 'findings' | 'impression'): string | null =>
    [...ofKind(kind)].sort((a, b) => placeIn(namesOf[kind], a) - placeIn(namesOf[kind], b))[0]?.name ?? null;
  const whole = best('report');
  const [findings, impression] = [best('findings'), best('impression')];
  const weak = [...ofKind('other')].sort((a, b) => placeIn(weakNames, a) - placeIn(weakNames, b))[0];
  const report = whole ?? findings ?? impression ?? weak?.name ?? null;
  const hasParts = report !== null && report === findings && impression !== null;
  return {
    kinds,
    report,
    parts: hasParts && !fileColumns.has(impression) ? [impression] : [],
    isFile: report !== null && fileColumns.has(report),
    isCertain: report !== null && report !== weak?.name,
  };
}

function kindByName(plain: string): TextKind | null {
  for (const [kind, names] of Object.entries(namesOf)) if (names.includes(plain)) return kind as TextKind;
  return weakNames.includes(plain) ? 'other' : null;
}

/** Most cells read like a text: sentences, under a known name a few words, unless the same few come again and again. */
function isText(column: ColumnValues, kind: TextKind | null): boolean {
  const filled = sampleOf(column);
  if (isWordList(column, filled)) return false;
  const leastWords = kind === null ? 8 : 2;
  const wordy = filled.filter((cell) => cell.split(/\s+/, leastWords).length >= leastWords).length;
  return wordy > filled.length / 2;
}

/** A few findings by name, such as "No Finding" and "Pneumonia" in turn, and no sentences: a label that is called like a report. */
function isWordList({ distinct }: ColumnValues, filled: readonly string[]): boolean {
  return (
    distinct <= mostWords &&
    2 * distinct <= filled.length &&
    filled.every((cell) => cell.split(/\s+/, 4).length < 4 && !/[.?!:]$/.test(cell))
  );
}

/** Different words that a list of findings has. */
const mostWords = 12;

/** Most cells are names of text files. */
function isFileColumn(column: ColumnValues, reportFiles: FileIndex): boolean {
  const filled = sampleOf(column);
  const named = filled.filter(
    (cell) =>
      cell.length < 500 &&
      (/\.txt$/i.test(cell) ||
        (reportFiles.size > 0 && reportFiles.lookUp(wantedPath(cell)).kind === 'found')),
  );
  return filled.length > 0 && named.length > filled.length / 2;
}

function placeIn(names: readonly string[], { plain }: ColumnValues): number {
  const place = names.indexOf(plain);
  return place < 0 ? names.length : place;
}

function words(listed: string): readonly string[] {
  return listed.split(' ');
}
