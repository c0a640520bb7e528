/**
 * Numbers that stand for "not known" in a column of numbers: by a threshold they would become absent or present.
 */
import type { ProblemList } from '../problems.ts';
import { columnValues, valueWords, valuesOf } from './column-values.ts';
import type { CohortMapping } from './importer.ts';
import type { Table } from './table.ts';

/** Codes of statistics programs: -9, -99, 999, 9999 …; also with a decimal part of zeros. */
const codes = /^(?:[-−](?:9+|8{2,}|7{2,})|9{3,}|8{3,})(?:[.,]0*)?$/;

/** Warns of codes in labels that are read by a threshold. */
export function warnOfCodes(
  table: Table,
  { labelColumns, labelReadings }: Pick<CohortMapping, 'labelColumns' | 'labelReadings'>,
  problems: ProblemList,
): void {
  for (const name of labelColumns) {
    const reading = labelReadings[name];
    if (reading?.kind !== 'threshold') continue;
    const { counts } = columnValues(name, valuesOf(table, table.columns.indexOf(name)));
    const found = counts.filter(({ value }) => codes.test(value));
    if (found.length === 0) continue;
    const held = found.slice(0, 5).map(valueWords).join(', ');
    problems.warn(
      'codes below or above a threshold',
      `${table.path}, column “${name}”`,
      `The label holds ${held}, as programs write for “not known”; by its threshold (${reading.atLeast}) such a row counts as present or absent. Make these cells blank if nothing is known there.`,
    );
  }
}
