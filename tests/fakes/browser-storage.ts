/**
 * IndexedDB and Web Locks in memory, for tests of records and jobs in Node. Import it before what opens the database.
 */
import 'fake-indexeddb/auto';

/** Held locks by name: whether one holder has it alone, and how many hold it. */
const held = new Map<string, { exclusive: boolean; holders: number }>();
let waiting: (() => boolean)[] = [];

function take(name: string, exclusive: boolean): boolean {
  const now = held.get(name);
  if (now && (exclusive || now.exclusive)) return false;
  held.set(name, { exclusive, holders: (now?.holders ?? 0) + 1 });
  return true;
}

function give(name: string): void {
  const now = held.get(name)!;
  if (now.holders > 1) held.set(name, { ...now, holders: now.holders - 1 });
  else held.delete(name);
  waiting = waiting.filter((tryAgain) => !tryAgain());
}

type Work = (lock: Lock | null) => unknown;

/** As the Web Locks API has it, for shared, exclusive and `ifAvailable`. */
async function request(
  name: string,
  ...rest: readonly [Work] | readonly [LockOptions, Work]
): Promise<unknown> {
  const [options, work] = rest.length === 1 ? [{}, rest[0]] : rest;
  const exclusive = options.mode !== 'shared';
  if (!take(name, exclusive)) {
    if (options.ifAvailable) return work(null);
    await new Promise<void>((resolve) => {
      waiting.push(() => {
        const taken = take(name, exclusive);
        if (taken) resolve();
        return taken;
      });
    });
  }
  try {
    return await work({ name, mode: exclusive ? 'exclusive' : 'shared' });
  } finally {
    give(name);
  }
}

Object.defineProperty(globalThis, 'navigator', {
  configurable: true,
  value: { locks: { request }, userAgent: 'Node' },
});
