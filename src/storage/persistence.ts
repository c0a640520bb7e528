/**
 * Whether the browser keeps this page's storage when the disk is full, or may clear it without asking.
 */

/** True when the browser has agreed not to clear this page's storage by itself. */
export async function isPersistent(): Promise<boolean> {
  return (await navigator.storage?.persisted?.()) ?? false;
}

/** Asks the browser to keep the storage. Each browser has its own rules; some ask the person. @returns whether it is given. */
export async function askToPersist(): Promise<boolean> {
  return (await isPersistent()) || ((await navigator.storage?.persist?.()) ?? false);
}
