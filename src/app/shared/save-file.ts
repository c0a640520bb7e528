/**
 * Saves a file that is made in the page, without a request to a server.
 */
export function saveFile(name: string, type: string, text: string): void {
  saveBlob(name, new Blob([text], { type: `${type};charset=utf-8` }));
}

/** As saveFile, for what is not text. */
export function saveBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // After a minute the download holds the blob itself.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
