/**
 * Gives the person a file to keep, made here; nothing is asked of a server.
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
  // The download has taken its own hold of the blob by the next minute.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
