/**
 * The bench in a page; run by `npm run bench`, no part of the tests.
 */
import { it } from 'vitest';
import { commands as testCommands } from 'vitest/browser';
import type { BenchRecorder } from './record.ts';
import { runBench } from './run-bench.ts';

const commands = testCommands as unknown as BenchRecorder;

it('bench', async () => {
  const version = /Chrome\/[\d.]+/.exec(navigator.userAgent)?.[0] ?? navigator.userAgent;
  await runBench(await commands.benchOptions(), version, {
    record: (record) => commands.recordBench(record),
    say: (line) => void commands.sayBench(line),
  });
});
