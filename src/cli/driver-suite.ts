/**
 * The kernels, the tuner and whole models on a second Vulkan driver: the tests of the Vitest project `driver`, which run in Node on Dawn
 * with the settings that kernels take on graphics cards. Where there is no driver and none can be installed, the suite is skipped.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipelineTimesVariable, readPipelineTimes, slowLines } from './pipeline-times.ts';
import { runVitest, type SuiteOutcome } from './suites.ts';
import { findDriver, type VulkanDriver } from './vulkan-driver.ts';

/** The tests of what a graphics card's settings change, which every run of `npm test` takes along. */
export const cardTests = [
  'tests/kernels/tuning/',
  'tests/kernels/convolution-products',
  'tests/models/hardware-settings',
];

/** Runs the whole suite, or the part of it whose paths hold one of the filters. */
export async function runDriverSuite(
  suite: string,
  filters: readonly string[],
  say: (line: string) => void,
  driver: VulkanDriver = findDriver(say),
): Promise<SuiteOutcome> {
  if (driver.kind === 'absent') return skippedSuite(suite, driver.reason);
  say(`${suite}: ${driver.name}`);
  const folder = mkdtempSync(join(tmpdir(), 'reading-room-driver-'));
  const timesFile = join(folder, 'pipelines.jsonl');
  try {
    const environment = { VK_ICD_FILENAMES: driver.file, [pipelineTimesVariable]: timesFile };
    const outcome = await runVitest('driver', filters, 'whenDone', environment);
    slowLines(readPipelineTimes(timesFile)).forEach(say);
    return { ...outcome, suite };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A suite that cannot run here: one skipped test with the reason, and no failure. */
export function skippedSuite(suite: string, reason: string): SuiteOutcome {
  const skipped = [{ name: `the suite ${suite}`, note: reason }];
  return { suite, passed: 0, failed: 0, skipped, problems: [], slowest: [] };
}
