/**
 * What could not be used and why, collected while an import goes on.
 */
import Papa from 'papaparse';
import type { ImportProblem } from './cohort.ts';

/** Problems of one kind that are listed one by one; the rest are counted. */
const listedPerKind = 2000;

/** A list of problems that stays readable when a hundred thousand rows have the same one. */
export class ProblemList {
  readonly #problems: ImportProblem[] = [];
  readonly #counts = new Map<string, number>();

  /**
   * Adds a row or file that is left out.
   * @param kind what these problems have in common, in a few words for the counting line, such as "films without a row".
   */
  refuse(kind: string, where: string, reason: string): void {
    this.#add(kind, { where, reason, severity: 'refused' });
  }

  /** Adds a doubt about something that is taken all the same. */
  warn(kind: string, where: string, reason: string): void {
    this.#add(kind, { where, reason, severity: 'warned' });
  }

  /** All problems in the order found; for each kind with more than 2,000, one line counts those not listed. */
  list(): ImportProblem[] {
    const counted = [...this.#counts]
      .filter(([, count]) => count > listedPerKind)
      .map(([key, count]): ImportProblem => {
        const [severity, kind] = JSON.parse(key) as [ImportProblem['severity'], string];
        return {
          where: 'Whole folder',
          reason: `${count - listedPerKind} more of the same kind (${kind}) are not listed one by one.`,
          severity,
          count: count - listedPerKind,
        };
      });
    return [...this.#problems, ...counted];
  }

  #add(kind: string, problem: ImportProblem): void {
    const key = JSON.stringify([problem.severity, kind]);
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (count <= listedPerKind) this.#problems.push(problem);
  }
}

/** Problems as a CSV table for a spreadsheet; cells that a spreadsheet would take for a formula begin with an apostrophe. */
export function problemsAsCsv(problems: readonly ImportProblem[]): string {
  const rows = problems.map(({ severity, where, reason }) => ({ severity, where, reason }));
  return `${Papa.unparse({ fields: ['severity', 'where', 'reason'], data: rows }, { escapeFormulae: true })}\r\n`;
}
