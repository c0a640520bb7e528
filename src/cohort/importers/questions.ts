/**
 * Questions that only a person can answer, asked before an import.
 */
import { readLabelCell } from './cell-values.ts';
import { columnValues, valuesOf } from './column-values.ts';
import type { CohortMapping, SurveyQuestion } from './importer.ts';
import { spellingSentence, type PatientNames } from './patient-names.ts';
import { splitSentence, splitValues } from './split-column.ts';
import type { Table } from './table.ts';

/** Groups of spellings that are shown. */
const mostGroups = 10;

/** The questions that a mapping leaves open, the weightiest first. */
export function openQuestions(
  table: Table,
  mapping: CohortMapping,
  patients: PatientNames | null,
): SurveyQuestion[] {
  return [
    ...splitQuestion(table, mapping),
    ...spellingQuestion(table, mapping, patients),
    ...readingQuestions(table, mapping),
  ];
}

function splitQuestion(table: Table, { splitColumn, splitValues: said }: CohortMapping): SurveyQuestion[] {
  if (splitColumn === null) return [];
  const column = columnValues(splitColumn, valuesOf(table, table.columns.indexOf(splitColumn)));
  const open = splitValues(column, said).filter(({ meaning }) => meaning === null);
  if (open.length === 0) return [];
  const values = open.map(({ value, count }) => ({ value, count }));
  return [
    {
      kind: 'splitValues',
      column: splitColumn,
      sentence: splitSentence(table.path, splitColumn, values),
      values,
    },
  ];
}

function spellingQuestion(
  { path }: Table,
  { patientColumn, patientSpellings }: CohortMapping,
  patients: PatientNames | null,
): SurveyQuestion[] {
  if (patientColumn === null || patients === null || patientSpellings !== null) return [];
  const groups = patients.doubtful;
  if (groups.length === 0) return [];
  const sentence = spellingSentence(path, patientColumn, groups);
  return [{ kind: 'patientSpellings', column: patientColumn, sentence, groups: groups.slice(0, mostGroups) }];
}

/** Labels of which not a single cell can be read as they are read now. */
function readingQuestions(table: Table, { labelColumns, labelReadings }: CohortMapping): SurveyQuestion[] {
  return labelColumns.flatMap((name): SurveyQuestion[] => {
    const reading = labelReadings[name];
    const cells = valuesOf(table, table.columns.indexOf(name));
    const isRead = cells.some((cell) => readLabelCell(cell, reading).kind === 'value');
    if (isRead || cells.every((cell) => cell === '')) return [];
    return [
      {
        kind: 'labelReading',
        column: name,
        sentence: `No cell of the label “${name}” of ${table.path} can be read as present or absent. Say which of its values mean present, or from which number on.`,
      },
    ];
  });
}
