/**
 * What of a file is no part of its network, in words.
 */

/** Groups of names that are told at most. */
const mostGroups = 6;

/** How many tensors of one module are told one by one. */
const mostInModule = 2;

/**
 * Names as a list to read: single ones as they are, many of one module as "head.… (9 tensors)", counters of batch normalisation as one.
 * @param prefix what stands before the names of the network itself.
 * @returns "" for no name.
 */
export function leftOutWords(names: readonly string[], prefix: string): string {
  const counters = names.filter((name) => name.endsWith('num_batches_tracked'));
  const others = names.filter((name) => !name.endsWith('num_batches_tracked'));
  const groups = [...modulesOf(others, prefix)].flatMap(([module, inside]) =>
    inside.length > mostInModule ? [`${module}.… (${inside.length} tensors)`] : inside,
  );
  if (counters.length > 0) groups.push(`num_batches_tracked (${counters.length} counters)`);
  const more = groups.length - mostGroups;
  return more > 0 ? `${groups.slice(0, mostGroups).join(', ')} and ${more} more` : groups.join(', ');
}

/** Names by the modules that they lie in: the first part of a name that the network's own names do not share. */
function modulesOf(names: readonly string[], prefix: string): ReadonlyMap<string, readonly string[]> {
  const modules = new Map<string, string[]>();
  for (const name of names) {
    const parts = name.split('.');
    const own = parts.findIndex((_, i) => !prefix.startsWith(`${parts.slice(0, i + 1).join('.')}.`));
    const module = own < 0 ? name : parts.slice(0, own + 1).join('.');
    modules.set(module, [...(modules.get(module) ?? []), name]);
  }
  return modules;
}
