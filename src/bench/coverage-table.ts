/**
 * What `npm run coverage` simulates, and its numbers as a table that Markdown reads too.
 */
import { seedEffect } from './coverage-draw.ts';
import {
  countFalseHelp,
  coverAuroc,
  coverDifference,
  type CoverageRow,
  type CoverageSize,
} from './coverage-simulation.ts';

/** A simulation with its size; called to run. */
export type CoverageTask = (size: CoverageSize) => CoverageRow;

/** What is simulated. @param quick a few of them. */
export function coverageTasks(quick: boolean): readonly CoverageTask[] {
  const patients = quick ? [100] : [30, 100, 300];
  const seeds = quick ? [3] : [2, 3, 5];
  const aurocs = quick ? [0.75] : [0.75, 0.9];
  const tasks: CoverageTask[] = [];
  for (const count of patients)
    for (const auroc of aurocs) tasks.push((size) => coverAuroc(count, auroc, size));
  for (const count of patients)
    for (const ofSeeds of seeds) tasks.push((size) => coverDifference(count, ofSeeds, size));
  if (!quick)
    for (const ofSeeds of seeds) tasks.push((size) => coverDifference(300, ofSeeds, size, 3 * seedEffect));
  for (const gain of [0, 0.05]) tasks.push((size) => countFalseHelp(100, 3, gain, size));
  if (!quick) tasks.push((size) => countFalseHelp(300, 3, 0.05, size));
  return tasks;
}

const titles: Readonly<Record<CoverageRow['table'], string>> = {
  auroc: '95 % intervals of an AUROC: how often they hold the truth',
  difference:
    '95 % intervals of a difference that is as large as the margin: how often they hold the truth; and how often equivalence is claimed',
  verdict: 'Reports that add nothing: how often one of two students is said to be helped',
};

/** All tables, line by line. */
export function coverageLines(rows: readonly CoverageRow[]): readonly string[] {
  const tables = [...new Set(rows.map(({ table }) => table))];
  return tables.flatMap((table) => {
    const own = rows.filter((row) => row.table === table);
    const names = Object.keys(own[0]!.shares);
    const head = ['truth', 'test patients', 'seeds', ...names, 'repetitions'];
    return [
      titles[table],
      '',
      lineOf(head),
      lineOf(head.map((_, column) => (column === 0 ? '---' : '--:'))),
      ...own.map((row) =>
        lineOf([
          row.scenario,
          String(row.patients),
          String(row.seeds),
          ...names.map((name) => `${(100 * row.shares[name]!).toFixed(1)} %`),
          String(row.repetitions),
        ]),
      ),
      '',
    ];
  });
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
