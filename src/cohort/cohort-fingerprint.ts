/**
 * The fingerprint of a cohort: the same films, patients, reports, labels and split give the same name on every machine.
 */
import { canonicalJson, sha256 } from '../identity/fingerprint.ts';
import { imagesPerPack, type CohortRow } from './cohort.ts';

/**
 * SHA-256 over the hashes of packs and rows: pixels are hashed pack by pack as they come, so that a cohort of any size needs the memory
 * of one pack. Subgroups, names of the cohort and time of the import are left out.
 * @param packHashes SHA-256 of each pack's bytes, in order.
 * @returns 64 hexadecimal digits.
 */
export async function cohortFingerprint(
  rows: readonly CohortRow[],
  labelNames: readonly string[],
  side: number,
  packHashes: readonly string[],
): Promise<string> {
  const rowHashes: string[] = [];
  for (let start = 0; start < rows.length; start += imagesPerPack) {
    rowHashes.push(await sha256(canonicalJson(rows.slice(start, start + imagesPerPack).map(identity))));
  }
  return sha256(
    canonicalJson({ version: 1, side, labelNames, rowCount: rows.length, packHashes, rowHashes }),
  );
}

function identity({ imageId, patientId, report, labels, split }: CohortRow): unknown {
  return [imageId, patientId, report, labels, split];
}
