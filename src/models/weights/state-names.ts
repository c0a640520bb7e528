/**
 * Names in people's files on their way to timm's: what wrappers put before them is taken off, and what stands after the encoder is told.
 */

/** What wrappers put before every name: data parallel, Lightning, self-supervised training. */
const wrappers = ['module.', 'model.', 'backbone.', 'encoder.'] as const;

/** Whether a tensor belongs to a classifier on top of the encoder, which is left out. */
export function isHead(name: string): boolean {
  return /^(fc|head|classifier)\./.test(name);
}

/**
 * Tensors under the names that they bear without their wrapper. A wrapper is taken off only where all tensors, but those of a head, have
 * it; one after the other where several stand before a name.
 */
export function withoutWrappers<T>(tensors: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const names = [...tensors.keys()].filter((name) => !isHead(name));
  const wrapper = wrappers.find(
    (prefix) => names.length > 0 && names.every((name) => name.startsWith(prefix)),
  );
  if (wrapper === undefined) return tensors;
  const bare = (name: string): string => (name.startsWith(wrapper) ? name.slice(wrapper.length) : name);
  return withoutWrappers(new Map([...tensors].map(([name, tensor]) => [bare(name), tensor])));
}
