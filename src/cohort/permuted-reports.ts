/**
 * The permuted-reports control: reports keep their words but no longer belong to their film.
 */
import { Random } from '../random/random.ts';
import type { CohortRow } from './cohort.ts';

/**
 * The report of each row of the cohort, with those of the training rows shuffled among the training patients: each patient gets the
 * reports of another one. Validation and test reports stay as they are.
 */
export function permuteReports(
  rows: readonly CohortRow[],
  trainingRows: readonly number[],
  seed: number,
): string[] {
  const reports = rows.map((row) => row.report);
  const rowsOfPatient = groupByPatient(rows, trainingRows);
  const patients = [...rowsOfPatient.keys()];
  const donors = derangement(patients, new Random(seed).fork('permutedReports'));
  patients.forEach((patient, i) => {
    const donated = rowsOfPatient.get(donors[i]!)!;
    rowsOfPatient.get(patient)!.forEach((row, j) => {
      reports[row] = rows[donated[j % donated.length]!]!.report;
    });
  });
  return reports;
}

function groupByPatient(rows: readonly CohortRow[], trainingRows: readonly number[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const row of trainingRows) {
    const { patientId } = rows[row]!;
    groups.set(patientId, [...(groups.get(patientId) ?? []), row]);
  }
  return groups;
}

/** A random cyclic permutation (Sattolo's algorithm): no patient keeps their own reports, unless there is only one patient. */
function derangement<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.integer(i);
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
