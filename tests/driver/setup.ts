/**
 * Puts Node in the browser's place for the tests of kernels: WebGPU by Dawn, on the driver that VK_ICD_FILENAMES names or on Mesa's
 * llvmpipe. Kernels take the settings that they take on graphics cards, although llvmpipe runs on the processor.
 */
import { appendFileSync } from 'node:fs';
import { afterAll } from 'vitest';
import { dawnFile } from '../../src/cli/dawn-file.ts';
import { pipelineTimesVariable } from '../../src/cli/pipeline-times.ts';
import { presentDriver } from '../../src/cli/vulkan-driver.ts';
import { PipelineClock } from './pipeline-clock.ts';

process.env['DAWN_NODE'] ??= dawnFile();
process.env['VK_ICD_FILENAMES'] ??= presentDriver() ?? '';
// Narrow vectors keep llvmpipe's compiling short, which is most of the time here. Subgroups then have four lanes; set 256 to test eight.
process.env['LP_NATIVE_VECTOR_WIDTH'] ??= '128';
await import('../../src/bench/dawn-globals.ts');

const timesFile = process.env[pipelineTimesVariable];
const clocks: PipelineClock[] = [];

const requestAdapter = navigator.gpu.requestAdapter.bind(navigator.gpu);
navigator.gpu.requestAdapter = async (options) => {
  const adapter = await requestAdapter(options);
  if (adapter) nameAsCard(adapter);
  if (adapter && timesFile !== undefined) timePipelines(adapter);
  return adapter;
};

/** Takes the words out of an adapter's name by which it is known for software. */
function nameAsCard(adapter: GPUAdapter): void {
  const { vendor } = adapter.info;
  const info = { vendor, architecture: 'driver test', device: '', description: 'driver test' };
  Object.defineProperty(adapter, 'info', { value: info });
}

function timePipelines(adapter: GPUAdapter): void {
  const requestDevice = adapter.requestDevice.bind(adapter);
  adapter.requestDevice = async (descriptor) => {
    const device = await requestDevice(descriptor);
    clocks.push(new PipelineClock(device));
    return device;
  };
}

afterAll(async () => {
  for (const clock of clocks) {
    const times = await clock.take();
    appendFileSync(timesFile!, times.map((time) => `${JSON.stringify(time)}\n`).join(''));
  }
});
