/**
 * What the columns of a labels table are for, told by their names and by what they hold.
 */
import type { MessageBreaks } from '../../progress/message-breaks.ts';
import { sampleOf, valueWords, type ColumnValues } from './column-values.ts';
import { lastPart, wantedPath } from './file-index.ts';
import { imageEndings, type FolderContents } from './folder-contents.ts';
import type { CohortMapping, ColumnDescription, TextKind } from './importer.ts';
import { isNormalWord, labelOffer, type LabelOffer } from './label-offer.ts';
import { namesNobody } from './patient-names.ts';
import { joinPaths } from './path-join.ts';
import { findReportFiles } from './report-files.ts';
import { findSplit } from './split-column.ts';
import { findTexts, type FoundTexts } from './text-columns.ts';

/** A mapping without the words that only the importer knows. */
export type ColumnRoles = Omit<CohortMapping, 'importer' | 'tablePath'>;

/** What a table's columns are taken for, and what is doubtful about it. */
export interface UnderstoodColumns {
  readonly roles: ColumnRoles;
  /** Sentences about columns whose role is uncertain. */
  readonly doubts: readonly { readonly kind: string; readonly column: string; readonly sentence: string }[];
}

/** Names under which public collections keep a role, letters and digits only, the most telling first. */
const namesOf = {
  image:
    'image imageid imagepath imagename imagefile imagefilename imageindex pathtoimage imgpath img imgid images filename file filepath filename path dicomid dicom sopinstanceuid film filmid jpg png bild bilddatei imagen fichier'.split(
      ' ',
    ),
  patient:
    'patientid patient deidpatientid patientnumber patientno patientidentifier patientcode patientkey subjectid subject subjectkey participantid participant personid empianon pid ptid mrn patienten patientennummer idpaciente paciente'.split(
      ' ',
    ),
  group:
    'sex gender patientsex patientgender patientsexdicom geschlecht age agegroup ageband patientage alter race ethnicity view viewposition viewpositiondicom projection frontallateral appa site hospital institution centre center scanner manufacturer manufacturerdicom insurance'.split(
      ' ',
    ),
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Share of rows that must have a report in a file before files win over a column of some text. */
const reportFileShare = 0.5;

/** Roles of all columns of a table, for a folder with these films and report files. */
export async function understandColumns(
  columns: readonly ColumnValues[],
  contents: FolderContents,
  breaks: MessageBreaks,
): Promise<UnderstoodColumns> {
  const { image, rivals } = await findImageColumn(columns, contents, breaks);
  const [patient, nameless] = findPatientColumn(columns, image);
  const others = columns.filter(({ name }) => name !== image && name !== patient);
  const split = findSplit(others);
  const free = others.filter(({ name }) => name !== split.column);
  const texts = findTexts(free, contents.reportIndex);
  const useFiles = !texts.isCertain && (await filesAreReports(columns, image, contents, breaks));
  const report = useFiles ? null : texts.report;
  const parts = useFiles ? [] : texts.parts;
  const rest = free.filter(({ name }) => name !== report && !parts.includes(name));
  const offers = new Map(rest.map((column) => [column.name, labelOffer(column, isGroup(column))]));
  const labels = takenLabels(rest, offers);
  return {
    roles: {
      imageColumn: image,
      patientColumn: patient,
      reportColumn: report,
      reportIs: !useFiles && texts.isFile ? 'file' : 'text',
      reportParts: parts,
      splitColumn: split.column,
      splitValues: split.values,
      labelColumns: labels,
      labelReadings: ownReadings(labels, offers),
      groupColumns: rest
        .filter((column) => isGroup(column) && column.distinct > 1 && !labels.includes(column.name))
        .map(({ name }) => name),
      patientSpellings: null,
    },
    doubts: [
      ...rivals,
      ...nameless,
      ...split.doubts.map((sentence) => ({
        kind: 'columns like a split',
        column: split.column ?? '',
        sentence,
      })),
      ...labelDoubts(
        rest.filter(({ name }) => !texts.kinds.has(name)),
        offers,
        labels,
      ),
      ...textDoubts(texts, report, useFiles),
    ],
  };
}

/** Descriptions of all columns, for a person to correct what they are taken for. */
export function describeColumns(
  columns: readonly ColumnValues[],
  mapping: ColumnRoles,
  contents: FolderContents,
): ColumnDescription[] {
  const { kinds } = findTexts(columns, contents.reportIndex);
  return columns.map((column) => describeColumn(column, mapping, kinds.get(column.name) ?? null));
}

function describeColumn(
  column: ColumnValues,
  mapping: ColumnRoles,
  text: TextKind | null,
): ColumnDescription {
  const offer = labelOffer(column, isGroup(column));
  const use = useOf(column.name, mapping);
  const filled = column.counts.filter(({ value }) => value !== '');
  return {
    name: column.name,
    examples: filled.slice(0, 5).map(({ value }) => value),
    couldBeLabel: offer.taken && use === null,
    labelNote: use ?? (text === null || offer.taken ? offer.note : 'It holds text.'),
    suggestedReading: offer.reading,
    values: [...filled].sort((a, b) => b.count - a.count).slice(0, 12),
    distinctValues: column.distinct,
    blanks: column.blanks,
    text,
    numbers: column.numbers,
  };
}

function useOf(name: string, mapping: ColumnRoles): string | null {
  if (name === mapping.imageColumn) return 'It names the film.';
  if (name === mapping.patientColumn) return 'It names the patient.';
  if (name === mapping.reportColumn || mapping.reportParts.includes(name)) return 'It holds the report.';
  return name === mapping.splitColumn ? 'It holds the split.' : null;
}

/** The column whose cells name films; where none does, one that is called so. Others that name other films are doubts. */
async function findImageColumn(
  columns: readonly ColumnValues[],
  contents: FolderContents,
  breaks: MessageBreaks,
): Promise<{ readonly image: string; readonly rivals: UnderstoodColumns['doubts'] }> {
  const naming: { readonly column: ColumnValues; readonly share: number; readonly score: number }[] = [];
  for (const column of columns) {
    const share = await imageShare(column, contents, breaks);
    // Films may have the same numbers as patients, so a column named after patients is less likely to name films.
    const isPatient = (namesOf.patient as readonly string[]).includes(column.plain);
    const score = share + nameScore(column, namesOf.image) - (isPatient ? patientsPenalty : 0);
    if (share > 0) naming.push({ column, share, score });
  }
  const [best, ...others] = naming.sort((a, b) => b.score - a.score);
  if (!best) return { image: firstNamed(columns, namesOf.image, null) ?? columns[0]!.name, rivals: [] };
  const { column: image } = best;
  const rivals = others.filter(
    ({ column, share }) =>
      share >= rivalShare && nameScore(image, namesOf.image) === 0 && namesOtherFilms(column, image),
  );
  return {
    image: image.name,
    rivals: rivals.map(({ column: { name } }) => ({
      kind: 'columns that may name the film',
      column: name,
      sentence: `Columns “${image.name}” and “${name}” both hold names of films, but not the same ones; “${image.name}” is taken. Look at the pairs, and choose the other if that is wrong.`,
    })),
  };
}

/** How much a name that means patients lowers a column's score as image column, in shares of its cells. */
const patientsPenalty = 0.3;

/** Share of cells that must name a film before a second column is a doubt. */
const rivalShare = 0.5;

/** Whether two columns name other films in the same rows, their folders and endings apart. */
function namesOtherFilms(a: ColumnValues, b: ColumnValues): boolean {
  const stemOf = (cell: string): string => lastPart(wantedPath(cell).folded).replace(imageEndings, '');
  return a.cells.slice(0, rowsCompared).some((cell, i) => {
    const other = b.cells[i]!;
    return cell !== '' && other !== '' && stemOf(cell) !== stemOf(other);
  });
}

/** Rows in which two columns are compared. */
const rowsCompared = 1000;

/** Share of the cells that mean exactly one image. Enough cells are looked at to be sure, not all. */
export async function imageShare(
  column: Pick<ColumnValues, 'cells'>,
  { imageFileIndex }: FolderContents,
  breaks: MessageBreaks,
): Promise<number> {
  const cells = sampleOf(column);
  if (cells.length === 0 || !cells.some((cell) => imageFileIndex.named(wantedPath(cell)))) return 0;
  const { matches } = await joinPaths(cells, imageFileIndex, breaks);
  return matches.filter(({ kind }) => kind === 'found').length / cells.length;
}

/** Whether files beside the films, or beside their studies, are the reports of most films that the table names. */
async function filesAreReports(
  columns: readonly ColumnValues[],
  image: string,
  contents: FolderContents,
  breaks: MessageBreaks,
): Promise<boolean> {
  if (contents.reports.length === 0) return false;
  const cells = sampleOf(columns.find(({ name }) => name === image)!);
  const { matches } = await joinPaths(cells, contents.imageFileIndex, breaks);
  const films = matches.flatMap((match) =>
    match.kind === 'found' ? { film: match.file, patientId: null } : [],
  );
  const { files } = await findReportFiles(films, contents, breaks);
  const served = files.filter((file) => file !== null).length;
  return (
    served > 0 &&
    (served >= reportFileShare * films.length || served >= reportFileShare * contents.reports.length)
  );
}

/** The column that names patients. A column whose cells all say that the name was removed does not count, and is reported. */
function findPatientColumn(
  columns: readonly ColumnValues[],
  image: string,
): readonly [string | null, UnderstoodColumns['doubts']] {
  const isNameless = ({ counts }: ColumnValues): boolean =>
    counts.length > 0 && counts.every(({ value }) => namesNobody(value));
  const nameless = columns.filter((column) => namesOf.patient.includes(column.plain) && isNameless(column));
  const patient = firstNamed(
    columns.filter((column) => !nameless.includes(column)),
    namesOf.patient,
    image,
  );
  if (patient !== null) return [patient, []];
  return [
    null,
    nameless.map(({ name, counts }) => ({
      kind: 'columns that name nobody',
      column: name,
      sentence: `Column “${name}” holds only ${counts.slice(0, 3).map(valueWords).join(', ')}, which names nobody, so it is not taken for the patient.`,
    })),
  ];
}

function firstNamed(
  columns: readonly ColumnValues[],
  names: readonly string[],
  except: string | null,
): string | null {
  const named = columns.filter(({ name, plain }) => name !== except && names.includes(plain));
  return named.sort((a, b) => names.indexOf(a.plain) - names.indexOf(b.plain))[0]?.name ?? null;
}

/** A known name counts as much as a perfect fit; earlier names win. */
function nameScore({ plain }: ColumnValues, names: readonly string[]): number {
  const place = names.indexOf(plain);
  return place < 0 ? 0 : 1 + (names.length - place) / (100 * names.length);
}

/** Plain labels; where there is none, columns that tell films with a finding from normal ones. */
function takenLabels(columns: readonly ColumnValues[], offers: ReadonlyMap<string, LabelOffer>): string[] {
  const plain = columns.filter(({ name }) => offers.get(name)!.taken);
  const chosen = plain.length > 0 ? plain : columns.filter(({ name }) => isPair(offers.get(name)!.reading));
  return chosen.map(({ name }) => name);
}

/** Whether words for present and for absent are known. */
function isPair(reading: LabelOffer['reading']): boolean {
  return reading?.kind === 'values' && reading.present.length > 0 && reading.absent.length > 0;
}

function ownReadings(
  labels: readonly string[],
  offers: ReadonlyMap<string, LabelOffer>,
): ColumnRoles['labelReadings'] {
  return Object.fromEntries(
    labels.flatMap((label) => {
      const reading = offers.get(label)?.reading;
      return reading && reading.kind !== 'words' ? [[label, reading] as const] : [];
    }),
  );
}

function labelDoubts(
  columns: readonly ColumnValues[],
  offers: ReadonlyMap<string, LabelOffer>,
  labels: readonly string[],
): UnderstoodColumns['doubts'] {
  return columns.flatMap(({ name, counts }) => {
    const { likely, note, reading } = offers.get(name)!;
    if (!labels.includes(name))
      return likely && note !== ''
        ? {
            kind: 'columns left out of the labels',
            column: name,
            sentence: `Column “${name}” is not taken as a label. ${note}`,
          }
        : [];
    if (reading?.kind !== 'values') return [];
    const absent = counts.find(({ value }) => isNormalWord(value))?.value ?? '';
    return {
      kind: 'labels in words',
      column: name,
      sentence: `Column “${name}” is taken as a label: “${reading.present.join('”, “')}” means present, “${absent}” absent. Correct it if that is wrong.`,
    };
  });
}

function textDoubts(
  { kinds, report: best }: FoundTexts,
  report: string | null,
  useFiles: boolean,
): UnderstoodColumns['doubts'] {
  const doubts = [...kinds].flatMap(([column, kind]) =>
    kind === 'reason'
      ? {
          kind: 'texts that are no reports',
          column,
          sentence: `Column “${column}” tells why the film was asked for or how it was made, not what it shows; it is not taken as the report.`,
        }
      : [],
  );
  if (useFiles && best !== null)
    doubts.push({
      kind: 'texts that are no reports',
      column: best,
      sentence: `The text files beside the films are taken as their reports, not the text of column “${best}”. Choose the column if that is wrong.`,
    });
  if (!useFiles && report !== null && kinds.get(report) === 'other')
    doubts.push({
      kind: 'some text taken as the report',
      column: report,
      sentence: `Column “${report}” holds text and is taken as the report, though its name does not say so. Look at the pairs, and choose another column if that is wrong.`,
    });
  return doubts;
}

function isGroup({ plain }: ColumnValues): boolean {
  return (namesOf.group as readonly string[]).includes(plain);
}
