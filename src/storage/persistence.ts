/**
 * Whether the browser keeps this page's storage when the disk runs full, or may clear it unasked.
 */

/** True when the browser has promised not to clear this page's storage by itself. */
export async function isPersistent(): Promise<boolean> {
  return (await navigator.storage?.persisted?.()) ?? false;
}

/** Asks for that promise. Browsers answer by rules of their own, some after asking the person. @returns whether it is given. */
export async function askToPersist(): Promise<boolean> {
  return (await isPersistent()) || ((await navigator.storage?.persist?.()) ?? false);
}
