/**
 * Gives the person a file to keep, made here from text; nothing is asked of a server.
 */
export function saveFile(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has taken its own hold of the blob by the next minute.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
