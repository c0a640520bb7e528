/**
 * What may be removed from a recorded step without changing a bit of its results: results that nobody reads, work that was done
 * before, and sums that the kernel before them can add on its way.
 */
import type { Kernel } from './kernel.ts';
import { isKernel, PlannedBuffer, type Binding, type Command } from './recording.ts';

/** The commands that a variable or a kept buffer depends on. */
export function withoutUnread(commands: readonly Command[], kept: ReadonlySet<PlannedBuffer>): Command[] {
  const needed = new Set(kept);
  const live: Command[] = [];
  for (const command of [...commands].reverse()) {
    const planned = command.bindings.map((binding) => (binding instanceof PlannedBuffer ? binding : null));
    const isLive = planned.some(
      (buffer, i) => command.written.has(i) && (buffer === null || needed.has(buffer)),
    );
    if (!isLive) continue;
    live.push(command);
    for (const buffer of planned) if (buffer) needed.add(buffer);
  }
  return live.reverse();
}

/** Commands whose results can replace those of equal commands later. */
interface Done {
  readonly key: string;
  readonly reads: readonly Binding[];
  readonly result: PlannedBuffer;
}

/** Leaves out what a repeatable kernel would do a second time with the same numbers, and reads the first result instead. */
export function withoutRepeats(
  commands: readonly Command[],
  kept: ReadonlySet<PlannedBuffer>,
): readonly Command[] {
  const instead = new Map<Binding, PlannedBuffer>();
  const writtenOnce = onceWritten(commands);
  let done: Done[] = [];
  const result: Command[] = [];
  for (const given of commands) {
    const bindings = given.bindings.map((binding) => instead.get(binding) ?? binding);
    const command = instead.size > 0 ? { ...given, bindings } : given;
    const own = repeatable(command, writtenOnce);
    const before = own && done.find((one) => one.key === own.key && sameBindings(one.reads, own.reads));
    if (own && before && !kept.has(own.result)) {
      instead.set(own.result, before.result);
      continue;
    }
    done = done.filter(({ reads }) => !reads.some((read) => writes(command, read)));
    if (own) done.push(own);
    result.push(command);
  }
  return result;
}

/** Buffers that one command writes and no other. */
function onceWritten(commands: readonly Command[]): ReadonlySet<Binding> {
  const once = new Set<Binding>();
  const more = new Set<Binding>();
  for (const { bindings, written } of commands) {
    for (const at of written) (once.has(bindings[at]!) ? more : once).add(bindings[at]!);
  }
  return new Set([...once].filter((buffer) => !more.has(buffer)));
}

function repeatable({ program, bindings, written }: Command, writtenOnce: ReadonlySet<Binding>): Done | null {
  if (!isKernel(program) || !program.repeatable || written.size !== 1) return null;
  const [at] = written;
  const result = bindings[at!];
  if (!(result instanceof PlannedBuffer) || !writtenOnce.has(result)) return null;
  return { key: program.key, reads: bindings.filter((_, i) => i !== at), result };
}

function sameBindings(a: readonly Binding[], b: readonly Binding[]): boolean {
  return a.length === b.length && a.every((binding, i) => binding === b[i]);
}

/**
 * Lets the kernel that gave one summand add the other, where it can, so that the sum itself needs no command.
 * @param mostBuffers that one dispatch may bind
 */
export function withSumsInside(
  commands: readonly Command[],
  kept: ReadonlySet<PlannedBuffer>,
  mostBuffers: number,
): readonly Command[] {
  const result: (Command | null)[] = [...commands];
  const uses = usesOf(commands);
  commands.forEach((command, index) => {
    if (!isKernel(command.program) || !command.program.adds) return;
    const [a, b, sum] = command.bindings as [Binding, Binding, Binding];
    if (a === b || !(sum instanceof PlannedBuffer) || uses.get(sum)![0] !== index) return;
    for (const [summand, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const giver = giverOf(summand, index, uses, kept);
      const before = giver === null ? null : result[giver];
      if (giver === null || !before) continue;
      const adding = addingOf(before, summand);
      const isReady = !(uses.get(other) ?? []).some(
        (use) => use >= giver && use < index && writes(commands[use]!, other),
      );
      if (!adding || !isReady || before.bindings.length >= mostBuffers) continue;
      const bindings = before.bindings.map((binding) => (binding === summand ? sum : binding));
      result[giver] = { ...before, program: adding, bindings: [...bindings, other] };
      result[index] = null;
      return;
    }
  });
  return result.filter((command) => command !== null);
}

/** The commands that bind a buffer, in order. */
function usesOf(commands: readonly Command[]): ReadonlyMap<Binding, readonly number[]> {
  const uses = new Map<Binding, number[]>();
  commands.forEach(({ bindings }, index) => {
    for (const binding of new Set(bindings)) {
      const known = uses.get(binding);
      if (known) known.push(index);
      else uses.set(binding, [index]);
    }
  });
  return uses;
}

/** The command that gave a summand which nobody but the sum reads. */
function giverOf(
  summand: Binding,
  sum: number,
  uses: ReadonlyMap<Binding, readonly number[]>,
  kept: ReadonlySet<PlannedBuffer>,
): number | null {
  if (!(summand instanceof PlannedBuffer) || kept.has(summand)) return null;
  const [giver, reader, ...more] = uses.get(summand)!;
  return reader === sum && more.length === 0 ? giver! : null;
}

function addingOf({ program, bindings, written }: Command, summand: Binding): Kernel | null {
  if (!isKernel(program) || !program.adding || written.size !== 1) return null;
  const [at] = written;
  return bindings[at!] === summand ? program.adding : null;
}

function writes({ bindings, written }: Command, buffer: Binding): boolean {
  return bindings.some((binding, i) => binding === buffer && written.has(i));
}
