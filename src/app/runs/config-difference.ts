/**
 * How two jobs' configurations differ, value by value.
 */

/** One value of two configurations. */
export interface ConfigLine {
  /** Names from the outside in: "training.weightDecay", "recipe.terms[0].weight". */
  readonly path: string;
  /** As JSON writes it; null where this side has no such value. */
  readonly left: string | null;
  readonly right: string | null;
  readonly equal: boolean;
}

/** Every value that either configuration holds, in the order of the left one, then what the right one alone has. */
export function compareConfigs(left: unknown, right: unknown): ConfigLine[] {
  const [ofLeft, ofRight] = [leavesOf(left), leavesOf(right)];
  return [...new Set([...ofLeft.keys(), ...ofRight.keys()])].map((path) => {
    const [a, b] = [ofLeft.get(path) ?? null, ofRight.get(path) ?? null];
    return { path, left: a, right: b, equal: a === b };
  });
}

/** The values that are no object and no array, and empty ones of these, by path. */
function leavesOf(value: unknown, path = '', leaves = new Map<string, string>()): Map<string, string> {
  if (value === undefined) return leaves;
  const members = membersOf(value);
  if (members.length === 0) leaves.set(path, JSON.stringify(value));
  for (const [name, member] of members)
    leavesOf(member, Array.isArray(value) ? `${path}[${name}]` : path ? `${path}.${name}` : name, leaves);
  return leaves;
}

function membersOf(value: unknown): [string, unknown][] {
  return value !== null && typeof value === 'object' ? Object.entries(value) : [];
}
