/**
 * Plans a recorded step: removes unnecessary commands, joins sums, and lets buffers that are never needed at the same time share memory.
 * Nothing is allocated here, so the peak is known before the first step.
 */
import type { Command, Recording } from './recording.ts';
import { isKernel, PlannedBuffer } from './recording.ts';
import type { MergeableJob } from './kernel.ts';
import { withoutRepeats, withoutUnread, withSumsInside } from './rewrites.ts';

/** A step ready to get its memory. */
export interface Plan {
  readonly commands: readonly Command[];
  /** Bytes of each piece of memory. */
  readonly slots: readonly number[];
  /** The piece of each planned buffer that is used. */
  readonly slotOf: ReadonlyMap<PlannedBuffer, number>;
}

/** Limits that the plan keeps. */
export interface PlanLimits {
  /** Buffers that one dispatch may bind. */
  readonly buffers: number;
}

/** Bytes of partial sums that may wait to be joined, because they hold their memory meanwhile. */
const mostWaiting = 64 * 2 ** 20;

/** Lays out a recording. Depends on the recording and the limits only. */
export function planOf(
  { commands, outputs }: Pick<Recording, 'commands' | 'outputs'>,
  limits: PlanLimits,
): Plan {
  const results = Object.values(outputs).map(({ binding }) => binding);
  const kept = new Set(results.filter((binding) => binding instanceof PlannedBuffer));
  const needed = withoutRepeats(withoutUnread(commands, kept), kept);
  const ordered = joinSums(withSumsInside(needed, kept, limits.buffers), kept, limits);
  return { commands: ordered, ...placed(lifetimes(ordered, kept)) };
}

/** A sum that waits for others. */
interface Waiting {
  readonly command: Command;
  readonly parts: PlannedBuffer;
  readonly sum: PlannedBuffer;
  readonly mergeable: MergeableJob;
}

/** Finishes sums as late as possible, several in one dispatch. */
function joinSums(
  commands: readonly Command[],
  kept: ReadonlySet<PlannedBuffer>,
  { buffers }: PlanLimits,
): Command[] {
  const atOnce = Math.max(1, Math.floor(buffers / 2));
  const result: Command[] = [];
  let waiting: Waiting[] = [];
  const flush = (): void => {
    for (let i = 0; i < waiting.length; i += atOnce) result.push(joined(waiting.slice(i, i + atOnce)));
    waiting = [];
  };
  for (const command of commands) {
    if (waiting.some((sum) => touches(command, sum))) flush();
    const sum = waitingOf(command);
    if (!sum) {
      result.push(command);
      continue;
    }
    waiting.push(sum);
    if (waiting.reduce((bytes, { parts }) => bytes + parts.bytes, 0) > mostWaiting) flush();
  }
  flush();
  return result;
}

/** Whether a command reads or writes a waiting sum, or writes the parts that are still to be added. */
function touches({ bindings, written }: Command, { sum, parts }: Waiting): boolean {
  return bindings.some((binding, i) => binding === sum || (binding === parts && written.has(i)));
}

function waitingOf(command: Command): Waiting | null {
  const mergeable = isKernel(command.program) ? command.program.mergeable : undefined;
  const [parts, sum] = command.bindings;
  if (!mergeable || !(parts instanceof PlannedBuffer) || !(sum instanceof PlannedBuffer)) return null;
  return { command, parts, sum, mergeable };
}

function joined(sums: readonly Waiting[]): Command {
  if (sums.length === 1) return sums[0]!.command;
  const mergeables = sums.map(({ mergeable }) => mergeable);
  const { kernel, workgroups } = mergeables[0]!.merge(mergeables);
  return {
    program: kernel,
    bindings: sums.flatMap(({ parts, sum }) => [parts, sum]),
    workgroups,
    written: new Set(sums.map((_, i) => 2 * i + 1)),
  };
}

/** First and last command that uses a buffer. */
interface Lifetime {
  readonly buffer: PlannedBuffer;
  readonly first: number;
  last: number;
}

function lifetimes(commands: readonly Command[], kept: ReadonlySet<PlannedBuffer>): Lifetime[] {
  const found = new Map<PlannedBuffer, Lifetime>();
  commands.forEach(({ bindings }, index) => {
    for (const buffer of bindings) {
      if (!(buffer instanceof PlannedBuffer)) continue;
      const lifetime = found.get(buffer);
      if (lifetime) lifetime.last = index;
      else found.set(buffer, { buffer, first: index, last: index });
    }
  });
  for (const buffer of kept) {
    const lifetime = found.get(buffer);
    if (lifetime) lifetime.last = Infinity;
    else found.set(buffer, { buffer, first: 0, last: Infinity });
  }
  return [...found.values()];
}

/**
 * Pieces of memory for lifetimes: the largest buffer first, each into a piece where it meets no other in time.
 * Y. Pisarchyk, J. Lee, "Efficient memory management for deep neural net inference", 2020, https://arxiv.org/abs/2001.03288, section 5.1.
 */
function placed(all: readonly Lifetime[]): Pick<Plan, 'slots' | 'slotOf'> {
  const slots: { bytes: number; readonly tenants: Lifetime[] }[] = [];
  const slotOf = new Map<PlannedBuffer, number>();
  const bySize = [...all].sort((a, b) => b.buffer.bytes - a.buffer.bytes || a.first - b.first);
  for (const lifetime of bySize) {
    let slot = smallestFree(slots, lifetime);
    if (slot < 0) slot = slots.push({ bytes: lifetime.buffer.bytes, tenants: [] }) - 1;
    slots[slot]!.tenants.push(lifetime);
    slotOf.set(lifetime.buffer, slot);
  }
  return { slots: slots.map(({ bytes }) => bytes), slotOf };
}

function smallestFree(
  slots: readonly { readonly bytes: number; readonly tenants: readonly Lifetime[] }[],
  { first, last }: Lifetime,
): number {
  let best = -1;
  slots.forEach(({ bytes, tenants }, i) => {
    if (best >= 0 && slots[best]!.bytes <= bytes) return;
    if (tenants.every((tenant) => tenant.last < first || last < tenant.first)) best = i;
  });
  return best;
}
