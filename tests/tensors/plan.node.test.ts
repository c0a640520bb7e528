/** A planned step computes what the recorded one computes, in less memory, without what nobody reads. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kernel, MergeableJob } from '../../src/tensors/kernel.ts';
import { planOf, type Plan } from '../../src/tensors/plan.ts';
import { PlannedBuffer, type Binding, type Command, type Recording } from '../../src/tensors/recording.ts';

/** Stands for a buffer outside the step. */
const outside = (): GPUBuffer => ({ size: 4 }) as GPUBuffer;

const kernel = (key: string, mergeable?: MergeableJob): Kernel => ({
  key,
  code: () => '',
  ...(mergeable && { mergeable }),
});

const sumOf = (size: number): MergeableJob => ({
  key: `${size}`,
  threads: size,
  reads: 'f32',
  writes: 'f32',
  text: (parts, sum) => `${sum}[thread] = ${parts}[2u * thread] + ${parts}[2u * thread + 1u];`,
  merge: (sums) => ({
    kernel: kernel(`sums ${sums.map(({ key }) => key).join()}`),
    workgroups: [sums.length],
  }),
});

/** Reads all bindings but the last, writes the last. */
function command(key: string, bindings: readonly Binding[], mergeable?: MergeableJob): Command {
  return {
    program: kernel(key, mergeable),
    bindings,
    workgroups: [1],
    written: new Set([bindings.length - 1]),
  };
}

function recording(
  commands: readonly Command[],
  outputs: readonly PlannedBuffer[],
): Pick<Recording, 'commands' | 'outputs'> {
  const named = outputs.map((binding, i) => [`${i}`, { binding, shape: [1], dtype: 'float32' }]);
  return { commands, outputs: Object.fromEntries(named) as Recording['outputs'] };
}

/** Runs commands on words instead of numbers: each writes the sentence of what it reads. */
function run(commands: readonly Command[], cell: (binding: Binding) => unknown): Map<unknown, string> {
  const memory = new Map<unknown, string>();
  const read = (binding: Binding): string => memory.get(cell(binding)) ?? '?';
  for (const { program, bindings, written } of commands) {
    const key = (program as Kernel).key;
    if (key.startsWith('sums')) {
      for (let i = 0; i < bindings.length; i += 2)
        memory.set(cell(bindings[i + 1]!), `sum(${read(bindings[i]!)})`);
      continue;
    }
    const inputs = bindings.filter((_, i) => !written.has(i)).map(read);
    for (const i of written) memory.set(cell(bindings[i]!), `${key.split(' ')[0]}(${inputs.join()})`);
  }
  return memory;
}

const inPlan = (plan: Plan) => (binding: Binding) =>
  binding instanceof PlannedBuffer ? plan.slotOf.get(binding) : binding;

/** Random steps: each command reads earlier results and writes a new one; some are sums that may be joined. */
const steps = fc
  .array(
    fc.record({
      reads: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
      words: fc.integer({ min: 1, max: 50 }),
      isSum: fc.boolean(),
      isOutput: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((draws) => {
    const source = outside();
    const made: PlannedBuffer[] = [];
    const commands = draws.map(({ reads, words, isSum }, i) => {
      const target = new PlannedBuffer(4 * words);
      const inputs = [
        ...new Set(reads.map((read) => (made.length > 0 ? made[read % made.length]! : source))),
      ];
      made.push(target);
      return isSum
        ? command(`sum ${i}`, [inputs[0]!, target], sumOf(words))
        : command(`op${i}`, [...inputs, target]);
    });
    const outputs = made.filter((_, i) => draws[i]!.isOutput);
    return { commands, outputs, made };
  });

describe('planOf', () => {
  it('keeps what every output is, whatever shares memory and is joined', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 2, max: 9 }), ({ commands, outputs }, buffers) => {
        const plan = planOf(recording(commands, outputs), { buffers });
        const expected = run(commands, (binding) => binding);
        const got = run(plan.commands, inPlan(plan));
        for (const output of outputs) expect(got.get(plan.slotOf.get(output))).toBe(expected.get(output));
      }),
      { numRuns: 300 },
    );
  });

  it('never takes more memory than one buffer for each result, and lets a chain live in two', () => {
    fc.assert(
      fc.property(steps, ({ commands, outputs, made }) => {
        const { slots } = planOf(recording(commands, outputs), { buffers: 8 });
        const total = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0);
        expect(total(slots)).toBeLessThanOrEqual(total(made.map(({ bytes }) => bytes)));
      }),
    );
    const chain = Array.from({ length: 10 }, () => new PlannedBuffer(400));
    const commands = chain.map((target, i) => command(`op${i}`, [chain[i - 1] ?? outside(), target]));
    expect(planOf(recording(commands, [chain[9]!]), { buffers: 8 }).slots).toEqual([400, 400]);
  });

  it('drops commands that neither an output nor a variable depends on', () => {
    const [used, unused, variable] = [new PlannedBuffer(4), new PlannedBuffer(4), outside()];
    const commands = [
      command('used', [outside(), used]),
      command('unused', [used, unused]),
      command('update', [used, variable]),
    ];
    const kept = planOf(recording(commands, []), { buffers: 8 }).commands;
    expect(kept.map(({ program }) => (program as Kernel).key)).toEqual(['used', 'update']);
  });

  it('joins sums up to what one dispatch may bind, before the first that reads one', () => {
    const parts = Array.from({ length: 5 }, () => new PlannedBuffer(8));
    const sums = parts.map(() => new PlannedBuffer(4));
    const result = new PlannedBuffer(4);
    const commands = [
      ...parts.flatMap((part, i) => [
        command(`part${i}`, [outside(), part]),
        command(`sum ${i}`, [part, sums[i]!], sumOf(1)),
      ]),
      command('norm', [...sums, result]),
    ];
    const plan = planOf(recording(commands, [result]), { buffers: 5 });
    const keys = plan.commands.map(({ program }) => (program as Kernel).key);
    expect(keys).toEqual([
      'part0',
      'part1',
      'part2',
      'part3',
      'part4',
      'sums 1,1',
      'sums 1,1',
      'sum 4',
      'norm',
    ]);
    expect([...plan.commands[5]!.written]).toEqual([1, 3]);
  });

  it('ends a sum before its parts are written again', () => {
    const [parts, sum, result] = [new PlannedBuffer(8), new PlannedBuffer(4), new PlannedBuffer(4)];
    const commands = [
      command('part', [outside(), parts]),
      command('sum 0', [parts, sum], sumOf(1)),
      command('again', [outside(), parts]),
      command('result', [parts, sum, result]),
    ];
    const plan = planOf(recording(commands, [result]), { buffers: 8 });
    const keys = plan.commands.map(({ program }) => (program as Kernel).key);
    expect(keys).toEqual(['part', 'sum 0', 'again', 'result']);
  });

  it('does not keep parts waiting beyond a bound of memory', () => {
    const big = 48 * 2 ** 20;
    const parts = Array.from({ length: 4 }, () => new PlannedBuffer(big));
    const sums = parts.map(() => new PlannedBuffer(4));
    const commands = parts.flatMap((part, i) => [
      command(`part${i}`, [outside(), part]),
      command(`sum ${i}`, [part, sums[i]!], sumOf(1)),
    ]);
    const { slots } = planOf(recording(commands, sums), { buffers: 16 });
    expect(slots.filter((bytes) => bytes === big)).toHaveLength(2);
  });
});
