/**
 * The patient in a film's path, for collections that have no patient column but a folder a patient, such as
 * "train/patient00001/study1/view1_frontal.jpg" or "files/p10/p10000032/s50414267/….jpg".
 */

/** A folder named after a patient: "patient…" with a number, or "p" with at least five digits. */
const patientFolder = /(?:^|\/)(patient[ _-]?\d+|p\d{5,})(?=\/)/i;

/** Whether the path names a patient's folder. */
export function namesPatient(path: string): boolean {
  return patientFolder.test(path.replaceAll('\\', '/'));
}

/** The patient whose folder the path names; null when it names none. */
export function patientInPath(path: string): string | null {
  return patientFolder.exec(path.replaceAll('\\', '/'))?.[1] ?? null;
}
