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

/** The tests of what a graphics card's settings change: the part of the suite that every run of `npm test` takes along. */
export const cardTests = [
  'tests/kernels/tuning/',
  'tests/kernels/convolution-products',
  'tests/models/hardware-settings',
];

/** The variable that tells tests of many cases to take those that the part needs. */
const partVariable = 'LAB_DRIVER_PART';

/** Runs the whole suite `driver`, or its part `card`. @param driver the one to run on; found or installed when left out. */
export async function runDriverSuite(
  suite: 'driver' | 'card',
  say: (line: string) => void,
  driver: VulkanDriver = findDriver(say),
): Promise<SuiteOutcome> {
  if (driver.kind === 'absent') return skippedSuite(suite, driver.reason);
  say(`${suite}: ${driver.name}`);
  const folder = mkdtempSync(join(tmpdir(), 'reading-room-driver-'));
  const timesFile = join(folder, 'pipelines.jsonl');
  try {
    const outcome = await runVitest('driver', suite === 'card' ? cardTests : [], 'whenDone', {
      VK_ICD_FILENAMES: driver.file,
      [pipelineTimesVariable]: timesFile,
      ...(suite === 'card' ? { [partVariable]: '1' } : {}),
    });
    slowLines(readPipelineTimes(timesFile)).forEach((line) => say(line));
    return { ...outcome, suite };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A suite that cannot run here: one skipped test with the reason, and no failure. */
function skippedSuite(suite: string, reason: string): SuiteOutcome {
  const skipped = [{ name: `the suite ${suite}`, note: reason }];
  return { suite, passed: 0, failed: 0, skipped, problems: [], slowest: [] };
}
