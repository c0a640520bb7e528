/** Which sources the lab really uses: those that its page, workers, commands or bench reach by imports. */
import { importsOf, type Source } from './sources.ts';

/** Where the lab begins. */
const entries = /^(src\/main\.ts|workers\/[^/]+\.ts|src\/(cli|bench)\/.+)$/;
/** Folders of methods that golden numbers check and that nothing in the lab uses. */
const referenceFolder = /\/reference\//;

/** Sources that no entry reaches. */
export function unreached(sources: readonly Source[]): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const reached = new Set<string>();
  const visit = (path: string): void => {
    const source = byPath.get(path);
    if (!source || reached.has(path)) return;
    reached.add(path);
    for (const { target, isPackage } of importsOf(source)) if (!isPackage) visit(target);
  };
  for (const path of byPath.keys()) if (entries.test(path)) visit(path);
  return [...byPath.keys()].filter((path) => !reached.has(path));
}

/** A sentence for each source that nothing uses outside a reference folder, or that something uses inside one. */
export function reachProblems(sources: readonly Source[]): string[] {
  const without = new Set(unreached(sources));
  return sources.flatMap(({ path }) => {
    const isReference = referenceFolder.test(path);
    if (without.has(path) && !isReference)
      return [`${path}: nothing uses it; wire it up, move it to a folder "reference", or delete it`];
    return !without.has(path) && isReference ? [`${path}: the lab uses it; it is no reference`] : [];
  });
}
