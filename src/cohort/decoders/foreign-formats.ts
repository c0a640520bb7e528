/** Formats that are not read, told by their first bytes. */

/** The format of a file with its article; null for what is read here, and for what is not known. */
export function foreignFormat(first: Uint8Array): string | null {
  const text = String.fromCharCode(...first.subarray(0, 140));
  return text.slice(128, 132) === 'DICM' ? 'a DICOM file' : null;
}
