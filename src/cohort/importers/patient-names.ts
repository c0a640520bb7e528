/**
 * Spellings of patients. Some are surely one patient (upper and lower case, letters composed or not); others may be one, or several, and
 * only a person knows: leading zeros that a spreadsheet drops, "42.0" of a column that became numbers, "1.00E+12" of a long number.
 */
import type { ColumnValue } from './importer.ts';
import { isNothing } from './nothing.ts';

/** What stands in place of a name that was taken out. */
const takenOut =
  /^[<([{*]*(removed|redacted|withheld|hidden|confidential|anon|anonym|anonymous|anonymi[sz]ed|de-?identified|x{2,}|\*{2,})[*>)\]}]*$/i;

/** Whether a cell names no patient: it is empty, or only says that the name was removed. */
export function namesNobody(cell: string): boolean {
  return isNothing(cell) || takenOut.test(cell);
}

/** The key under which spellings are surely one patient: what cannot be seen does not count. */
export function patientKey(cell: string): string {
  return cell
    .replace(/[\u00AD\u200B-\u200F\u2060\uFEFF]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * The key under which spellings may be one patient: zeros before numbers, ".0" after them, commas between thousands, separators, kinds of
 * dashes, and "sub-" or "patient" before the number do not count.
 */
function loosePatientKey(cell: string): string {
  return cell
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^["'=]+|["']+$/g, '')
    .replace(/[\s_\p{Pd}]+/gu, '-')
    .replace(/^(?:sub|subject|patient|pat|pt)-?(?=\d)/, '')
    .replace(/^\d{1,3}(?:,\d{3})+$/, (number) => number.replaceAll(',', ''))
    .replace(/^(\d+)[.,]0+$/, '$1')
    .replace(/(^|\D)0+(?=\d)/g, '$1');
}

/** A long number as a spreadsheet shortens it. */
const shortened = /^[+-]?(\d)(?:[.,](\d+))?e\+(\d+)$/i;

/** The patients of a column: who is surely one, and which spellings leave a doubt. */
export class PatientNames {
  /** By key: the first spelling, and its rows. */
  readonly #patients = new Map<string, { readonly value: string; count: number }>();
  #doubts: Doubts | null = null;

  /** @param cells those that name a patient. */
  constructor(cells: Iterable<string>) {
    for (const cell of cells) {
      const key = patientKey(cell);
      const known = this.#patients.get(key);
      if (known) known.count++;
      else this.#patients.set(key, { value: cell, count: 1 });
    }
  }

  /** Groups of spellings that only a person can tell apart, each spelling with its rows. A group of one is a shortened number. */
  get doubtful(): readonly (readonly ColumnValue[])[] {
    return this.#findDoubts().groups;
  }

  /** The first spelling of what is surely the same patient. */
  firstSpelling(cell: string): string {
    return this.#patients.get(patientKey(cell))?.value ?? cell;
  }

  /** The first spelling of the doubtful group that a patient belongs to; null when there is no doubt. */
  groupName(cell: string): string | null {
    const { groups, groupOf } = this.#findDoubts();
    const group = groupOf.get(this.firstSpelling(cell));
    return group === undefined ? null : groups[group]![0]!.value;
  }

  #findDoubts(): Doubts {
    if (this.#doubts) return this.#doubts;
    const patients = [...this.#patients.values()].map((patient) => ({ ...patient }));
    const spellings = [...groupBy(patients, ({ value }) => loosePatientKey(value)).values()].filter(
      (group) => group.length > 1,
    );
    const known = new Set(spellings.flat());
    const groups = [...spellings, ...shortenedNumbers(patients.filter((patient) => !known.has(patient)))];
    const groupOf = new Map(groups.flatMap((group, i) => group.map(({ value }) => [value, i] as const)));
    this.#doubts = { groups, groupOf };
    return this.#doubts;
  }
}

interface Doubts {
  readonly groups: readonly (readonly ColumnValue[])[];
  /** Place of a spelling's group. */
  readonly groupOf: ReadonlyMap<string, number>;
}

/** Shortened numbers that stand in several rows, or beside long numbers that would be shortened so. */
function shortenedNumbers(patients: readonly ColumnValue[]): ColumnValue[][] {
  const short = patients.filter(({ value }) => shortened.test(value));
  if (short.length === 0) return [];
  const kept = new Set(short.map(({ value }) => shortened.exec(value)![2]?.length ?? 0));
  const long = new Map<string, ColumnValue[]>();
  for (const patient of patients) {
    if (!/^\d{6,300}$/.test(patient.value)) continue;
    for (const digits of kept) {
      const key = shortKey(Number(patient.value).toExponential(digits));
      const same = long.get(key);
      if (same) same.push(patient);
      else long.set(key, [patient]);
    }
  }
  return short
    .map((patient) => [patient, ...(long.get(shortKey(patient.value)) ?? [])])
    .filter((group) => group.length > 1 || group[0]!.count > 1);
}

/** "1.00E+12" and "1,00e+12" as one. */
function shortKey(value: string): string {
  const [, first = '', rest = '', exponent = ''] = shortened.exec(value)!;
  return `${first}.${rest}e${Number(exponent)}`;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** The question about doubtful spellings, in a sentence or two. */
export function spellingSentence(
  tablePath: string,
  column: string,
  groups: readonly (readonly ColumnValue[])[],
): string {
  const shown = groups
    .slice(0, 3)
    .map((group) =>
      group.length > 1
        ? group.map(({ value }) => `“${value}”`).join(' and ')
        : `“${group[0]!.value}” in ${group[0]!.count} rows`,
    )
    .join('; ');
  const more = groups.length > 3 ? ` and ${groups.length - 3} more` : '';
  const ask = groups.some((group) => group.length > 1)
    ? 'may be one patient in different spellings, as spreadsheets change numbers'
    : 'is a long number that a spreadsheet has shortened, so that different patients may have become one';
  return `In column “${column}” of ${tablePath} ${shown}${more} ${ask}. Say whether they are one patient; otherwise a test patient may be trained on.`;
}
