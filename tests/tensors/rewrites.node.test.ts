/** What is left out of a step changes nothing of what it leaves behind. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kernel } from '../../src/tensors/kernel.ts';
import { PlannedBuffer, type Binding, type Command } from '../../src/tensors/recording.ts';
import { withoutRepeats, withoutUnread, withSumsInside } from '../../src/tensors/rewrites.ts';

const outside = (): GPUBuffer => ({ size: 4 }) as GPUBuffer;

/** Reads all bindings but the last, writes the last. */
function command(key: string, bindings: readonly Binding[], options: Partial<Kernel> = {}): Command {
  const program: Kernel = { key, code: () => '', ...options };
  return { program, bindings, workgroups: [1], written: new Set([bindings.length - 1]) };
}

/** A kernel that can add one more buffer to its result, which it writes at `written`. */
function giver(key: string, bindings: readonly Binding[]): Command {
  return command(key, bindings, { adding: { key: `${key} adds`, code: () => '' } });
}

const sum = (a: Binding, b: Binding, c: Binding): Command => command('add', [a, b, c], { adds: true });

const keys = (commands: readonly Command[]): string[] =>
  commands.map(({ program }) => (program as Kernel).key);

/** Runs commands on sets of words: an operation makes one word of what it reads, a sum joins two sets. */
function run(commands: readonly Command[], sources: readonly Binding[]): Map<Binding, string> {
  const memory = new Map<Binding, string>(sources.map((source, i) => [source, `source${i}`]));
  for (const { program, bindings, written } of commands) {
    const { key, adds } = program as Kernel;
    const inputs = bindings.filter((_, i) => !written.has(i)).map((binding) => memory.get(binding) ?? '?');
    const target = bindings[[...written][0]!]!;
    if (adds) memory.set(target, [...inputs].sort().join(' + '));
    else if (key.endsWith(' adds')) {
      const own = `${key.replace(' adds', '')}(${inputs.slice(0, -1).join()})`;
      memory.set(target, [own, inputs.at(-1)!].sort().join(' + '));
    } else memory.set(target, `${key}(${inputs.join()})`);
  }
  return memory;
}

/** Random steps of operations that may be repeatable or able to add, sums, and writes to what lies outside. */
const steps = fc
  .array(
    fc.record({
      kind: fc.constantFrom('plain', 'repeatable', 'giver', 'sum', 'update'),
      reads: fc.tuple(fc.nat(), fc.nat()),
      name: fc.nat({ max: 2 }),
      isKept: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((draws) => {
    const sources: Binding[] = [outside(), outside()];
    const values: Binding[] = [...sources];
    const kept = new Set<PlannedBuffer>();
    const commands = draws.map(({ kind, reads, name, isKept }) => {
      const [a, b] = reads.map((read) => values[read % values.length]!) as [Binding, Binding];
      if (kind === 'update')
        return command(`update${name}`, [a, sources[name % 2]!].slice(a === sources[name % 2] ? 1 : 0));
      const target = new PlannedBuffer(4);
      values.push(target);
      if (isKept) kept.add(target);
      if (kind === 'sum') return sum(a, b, target);
      if (kind === 'giver') return giver(`giver${name}`, [a, target]);
      return command(`op${name}`, [a, target], { repeatable: kind === 'repeatable' });
    });
    return { commands, kept, sources };
  });

describe('rewrites', () => {
  it('leave every kept result and everything outside as it was', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 2, max: 6 }), ({ commands, kept, sources }, mostBuffers) => {
        const before = run(commands, sources);
        const rewritten = withSumsInside(
          withoutRepeats(withoutUnread(commands, kept), kept),
          kept,
          mostBuffers,
        );
        const after = run(rewritten, sources);
        for (const result of [...kept, ...sources]) expect(after.get(result)).toBe(before.get(result));
        for (const { bindings, program } of rewritten) {
          if ((program as Kernel).key.endsWith(' adds'))
            expect(bindings.length).toBeLessThanOrEqual(mostBuffers);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('do repeatable work once, until what it read is written', () => {
    const [weight, x] = [outside(), outside()];
    const [first, second, third] = [new PlannedBuffer(4), new PlannedBuffer(4), new PlannedBuffer(4)];
    const [y, z, u] = [new PlannedBuffer(4), new PlannedBuffer(4), new PlannedBuffer(4)];
    const commands = [
      command('filter', [weight, first], { repeatable: true }),
      command('forward', [x, first, y]),
      command('filter', [weight, second], { repeatable: true }),
      command('backward', [y, second, z]),
      command('update', [z, weight]),
      command('filter', [weight, third], { repeatable: true }),
      command('forward', [x, third, u]),
    ];
    const rewritten = withoutRepeats(commands, new Set([u]));
    expect(keys(rewritten)).toEqual(['filter', 'forward', 'backward', 'update', 'filter', 'forward']);
    expect(rewritten[2]!.bindings).toEqual([y, first, z]);
  });

  it('let the later summand take the earlier one on', () => {
    const [x, dy] = [outside(), outside()];
    const [skip, dx, total, result] = Array.from({ length: 4 }, () => new PlannedBuffer(4)) as [
      ...[PlannedBuffer, PlannedBuffer, PlannedBuffer, PlannedBuffer],
    ];
    const commands = [
      giver('skip', [dy, skip]),
      giver('gradient', [dy, x, dx]),
      sum(skip, dx, total),
      command('next', [total, result]),
    ];
    const rewritten = withSumsInside(commands, new Set([result]), 4);
    expect(keys(rewritten)).toEqual(['skip', 'gradient adds', 'next']);
    expect(rewritten[1]!.bindings).toEqual([dy, x, total, skip]);
    expect([...rewritten[1]!.written]).toEqual([2]);
    expect(keys(withSumsInside(commands, new Set([result]), 3))).toEqual(['skip', 'gradient', 'add', 'next']);
    expect(keys(withSumsInside(commands, new Set([result, dx]), 4))).toEqual([
      'skip',
      'gradient',
      'add',
      'next',
    ]);
  });
});
