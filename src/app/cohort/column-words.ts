/**
 * The columns of a table in words, as the form of an import shows them.
 */
import type { ColumnDescription, ColumnValue, TextKind } from '../../cohort/importers/importer.ts';
import { counted, formatCount } from '../../figures/number-words.ts';

const textWords: Readonly<Record<TextKind, string>> = {
  report: 'report',
  findings: 'findings',
  impression: 'impression',
  reason: 'reason for the film',
  comparison: 'comparison',
  other: 'other text',
};

/** Values that are listed of a column with more than it describes. */
const mostOfMany = 4;

/** "impression (impression)", "history (reason for the film)"; the name alone for what is no text. */
export function columnWords({ name, text }: ColumnDescription): string {
  return text === null ? name : `${name} (${textWords[text]})`;
}

/** Why a column is probably no report, in a sentence; null when nothing suggests that. */
export function reportWarning({ name, text }: ColumnDescription): string | null {
  switch (text) {
    case 'reason':
      return `What was asked before the film was read is no report: “${name}” tells why the film was made, not what was seen on it. Choose a column of findings or impressions, or go on if you mean it.`;
    case 'comparison':
      return `What is said of other films is no report of this one: “${name}” names earlier films. Choose a column of findings or impressions, or go on if you mean it.`;
    default:
      return null;
  }
}

/** "normal (120), pneumonia (31), … 57 values; 4 blank". */
export function valuesWords({ values, distinctValues, blanks }: ColumnDescription): string {
  const isLong = distinctValues > values.length;
  const listed = isLong ? values.slice(0, mostOfMany) : values;
  const filled = [
    ...listed.map(valueWords),
    ...(isLong ? [`… ${counted(distinctValues, 'value')}`] : []),
  ].join(', ');
  return [...(filled ? [filled] : []), ...(blanks > 0 ? [`${formatCount(blanks)} blank`] : [])].join('; ');
}

function valueWords({ value, count }: ColumnValue): string {
  return `${value.length > 40 ? `${value.slice(0, 39)}…` : value} (${formatCount(count)})`;
}
