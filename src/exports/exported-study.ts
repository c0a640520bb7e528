/**
 * The files of a study that a person may keep.
 */

/** The files a person may keep; blobs, since a long study's results are more than a string can hold. */
export interface ExportedStudy {
  readonly 'results.json': Blob;
  readonly 'findings.csv': Blob;
  readonly 'report.html': Blob;
}
