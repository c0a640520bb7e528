/**
 * The bench from start to end, in a page or in Node: the same code, the same rows.
 */
import { startWebgpu } from '../../src/tensors/backend.ts';
import type { BenchRecord } from './bench-file.ts';
import { benchModels } from './bench-models.ts';
import { asksFor, type BenchOptions } from './bench-options.ts';
import { deviceCounts } from './device-counts.ts';
import { kernelCases } from './kernel-cases.ts';
import { measureInput } from './measure-input.ts';
import { measureJavaScript } from './measure-js.ts';
import { measureKernel } from './measure-kernels.ts';
import { measureModel, type Effort } from './measure-model.ts';
import { profileModel } from './measure-profile.ts';

/** Where rows and words about progress go. */
export interface BenchOutput {
  readonly record: (record: BenchRecord) => Promise<void>;
  readonly say: (line: string) => void;
}

/** Runs the parts that are asked for. `js` is for places where no device works, all other parts for places where one does. */
export async function runBench(
  options: BenchOptions,
  runtime: string,
  { record, say }: BenchOutput,
): Promise<void> {
  deviceCounts();
  const { info } = await startWebgpu();
  const adapter = [info.vendor, info.architecture, info.description].filter(Boolean).join(' ');
  await record({ kind: 'place', row: { adapter, runtime } });
  const models = benchModels.filter((model) => asksFor(options, model));
  if (options.parts.includes('models')) {
    for (const model of models) {
      await record({ kind: 'model', row: await measureModel(model, effortOf(options), say) });
    }
  }
  if (options.parts.includes('kernels')) {
    for (const kernel of kernelCases(info.software)) {
      await record({ kind: 'kernel', row: await measureKernel(kernel) });
      say(`${kernel.name}: timed`);
    }
  }
  if (options.parts.includes('input')) {
    for (const row of await measureInput(options.quick)) await record({ kind: 'rate', row });
    say('input pipeline and runs: timed');
  }
  if (options.parts.includes('profile')) {
    for (const model of models) {
      for (const row of await profileModel(model)) await record({ kind: 'profile', row });
      say(`${model.name}: profiled`);
    }
  }
  if (options.parts.includes('js')) {
    for (const model of models) {
      for (const row of await measureJavaScript(model, options.peers, say)) await record({ kind: 'js', row });
    }
  }
}

function effortOf({ quick, peers }: BenchOptions): Effort {
  return { rounds: quick ? 3 : 7, slowRounds: quick ? 2 : 3, peers: peers ? ['stock', 'jax'] : [] };
}
