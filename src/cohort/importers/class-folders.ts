/**
 * Films in folders named after classes ("train/normal/….png"), read as a table: a column for each class, one for the side of the split
 * where folders name it.
 */
import { readSplitCell } from './cell-values.ts';
import type { FolderContents } from './folder-contents.ts';
import { readEndings } from './folder-contents.ts';
import { isNormalWord } from './label-offer.ts';
import { patientInPath } from './patient-in-path.ts';
import type { Table } from './table.ts';

/** What the table is called in place of a file. */
export const classTablePath = 'names of the folders';

/** Classes that a person would keep in folders. */
const mostClasses = 20;

/** The table, or null where folders are not named after classes. */
export function tableOfClasses({ films }: FolderContents): Table | null {
  const paths = films.map(({ path }) => path).filter((path) => readEndings.test(path));
  const folders = paths.map((path) => path.split('/').slice(0, -1));
  const depth = folders.reduce((least, { length }) => Math.min(least, length), Infinity);
  if (paths.length === 0 || depth === 0) return null;
  const levels = Array.from({ length: depth }, (_, level) => folders.map((parts) => parts[level]!));
  const split = levels.find((names) => isSplitLevel(names));
  const classes = levels.find((names) => names !== split && isClassLevel(names));
  if (!classes) return null;
  const names = [...new Set(classes)].sort();
  const labels = names.filter((name) => !isNormalWord(name));
  // With two classes, one column is enough.
  const columns = names.length === 2 ? labels.slice(0, 1) : labels;
  return {
    path: classTablePath,
    columns: ['image', ...(split ? ['split'] : []), ...columns],
    rows: paths.map((path, i) => ({
      number: i + 1,
      line: i + 1,
      cells: [
        path,
        ...(split ? [split[i]!] : []),
        ...columns.map((name) => (classes[i] === name ? '1' : '0')),
      ],
    })),
    refusedRows: 0,
    problems: [
      {
        where: classTablePath,
        reason: `There is no table that names films, so their folders are taken as their labels: ${names.map((name) => `“${name}” ${classes.filter((other) => other === name).length}`).join(', ')}. Add a table if that is wrong.`,
        severity: 'warned',
      },
    ],
  };
}

function isSplitLevel(names: readonly string[]): boolean {
  const sides = new Set(names.map((name) => readSplitCell(name)));
  return sides.size > 1 && !sides.has(null);
}

/** A few names, each of several films, that are no numbers, no patients and no sides of a split. */
function isClassLevel(names: readonly string[]): boolean {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return (
    counts.size > 1 &&
    counts.size <= mostClasses &&
    [...counts].every(
      ([name, count]) =>
        count > 1 &&
        !/\d{3,}|^\W*\d+\W*$/.test(name) &&
        readSplitCell(name) === null &&
        patientInPath(`${name}/`) === null,
    )
  );
}
