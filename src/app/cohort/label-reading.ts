/**
 * How a label's cells are read, as a form shows and changes it.
 */
import type { LabelReading } from '../../cohort/cohort.ts';
import { readingWords } from '../../cohort/import-words.ts';
import { plainReading } from '../../cohort/importers/cell-values.ts';
import type { CohortMapping, ColumnDescription, ColumnValue } from '../../cohort/importers/importer.ts';

/** What one value of a label's column stands for. */
export type ValueRole = 'present' | 'absent' | 'notKnown';

/** How the mapping changes when a column becomes a label, with the reading that its cells suggest, or stops being one. */
export function toggleLabel(
  { labelColumns, labelReadings }: CohortMapping,
  columns: readonly ColumnDescription[],
  name: string,
): Pick<CohortMapping, 'labelColumns' | 'labelReadings'> {
  const chosen = !labelColumns.includes(name);
  const { [name]: _, ...others } = labelReadings;
  const suggested = columns.find((column) => column.name === name)?.suggestedReading ?? null;
  return {
    labelColumns: columns
      .map((column) => column.name)
      .filter((other) => (other === name ? chosen : labelColumns.includes(other))),
    labelReadings: chosen && suggested && !isPlain(suggested) ? { ...others, [name]: suggested } : others,
  };
}

/** The reading of a label in words; null stands for plain labels. Empty cells are mentioned where there are any. */
export function readingSummary({ blanks }: ColumnDescription, reading: LabelReading | null): string {
  const { kind } = reading ?? plainReading;
  if (kind !== 'words') return readingWords(reading!);
  return `0 and 1, yes and no${blanks > 0 ? `; ${readingWords(reading ?? plainReading)}` : ''}`;
}

/** What a form shows before the person has chosen anything. @param waiting a question of the survey asks for the reading. */
export function likelyKind({ numbers }: ColumnDescription, waiting: boolean): LabelReading['kind'] {
  return !waiting ? 'words' : numbers ? 'threshold' : 'values';
}

/** The values that need a role: those listed, and the empty cell where there is one. */
export function valuesToRead({ values, blanks }: ColumnDescription): readonly ColumnValue[] {
  return blanks > 0 ? [...values, { value: '', count: blanks }] : values;
}

/** What each value stands for; null where the person has not decided. An empty cell counts as not known until then. */
export function rolesOf(
  column: ColumnDescription,
  reading: LabelReading | null,
): Readonly<Record<string, ValueRole | null>> {
  return Object.fromEntries(
    valuesToRead(column).map(({ value }) => [
      value,
      roleOf(value, reading) ?? (value === '' ? 'notKnown' : null),
    ]),
  );
}

/** The reading of values with their roles; null while a value has none. */
export function readingOf(roles: Readonly<Record<string, ValueRole | null>>): LabelReading | null {
  const entries = Object.entries(roles);
  if (entries.some(([, role]) => role === null)) return null;
  const valuesWith = (wanted: ValueRole): string[] =>
    entries.flatMap(([value, role]) => (role === wanted ? [value] : []));
  return { kind: 'values', present: valuesWith('present'), absent: valuesWith('absent') };
}

function roleOf(value: string, reading: LabelReading | null): ValueRole | null {
  if (reading?.kind !== 'values') return null;
  const holds = (list: readonly string[]): boolean =>
    list.some((other) => other.toLowerCase() === value.toLowerCase());
  return holds(reading.present) ? 'present' : holds(reading.absent) ? 'absent' : 'notKnown';
}

function isPlain(reading: LabelReading): boolean {
  return reading.kind === 'words' && reading.blank === plainReading.blank;
}
