/**
 * The patient in a film's path, for collections that have no patient column but a folder a patient, such as
 * "train/patient00001/study1/view1_frontal.jpg", "files/p10/p10000032/s50414267/….jpg" or "sub-S03047/ses-E07985/….png".
 */

/**
 * A folder named after a patient: "patient…" with a number, "p" with at least five digits, or "sub-…" as the Brain Imaging Data Structure
 * has it (https://bids-specification.readthedocs.io).
 */
const patientFolder = /(?:^|\/)(patient[ _-]?\d+|p\d{5,}|sub-[a-z0-9]+)(?=\/)/i;

/** The patient whose folder the path names; null when it names none. */
export function patientInPath(path: string): string | null {
  return patientFolder.exec(path.replaceAll('\\', '/'))?.[1] ?? null;
}
