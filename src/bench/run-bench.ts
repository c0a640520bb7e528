/**
 * The bench from start to end, in a page or in Node: the same code, the same rows.
 */
import { startWebgpu } from '../tensors/backend.ts';
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
  const failures: unknown[] = [];
  /** When one model or kernel fails, the others still get their rows. */
  const attempt = async (what: string, measure: () => Promise<readonly BenchRecord[]>): Promise<void> => {
    try {
      for (const row of await measure()) await record(row);
      say(`${what}: done`);
    } catch (error) {
      failures.push(error);
      say(`${what}: failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  };
  for (const part of options.parts) {
    switch (part) {
      case 'models':
        for (const model of models) {
          await attempt(model.name, async () => [
            { kind: 'model', row: await measureModel(model, effortOf(options), say) },
          ]);
        }
        break;
      case 'kernels':
        for (const kernel of kernelCases(info.software)) {
          await attempt(kernel.name, async () => [{ kind: 'kernel', row: await measureKernel(kernel) }]);
        }
        break;
      case 'input':
        await attempt('input pipeline and runs', async () =>
          (await measureInput(options.quick)).map((row) => ({ kind: 'rate', row })),
        );
        break;
      case 'profile':
        for (const model of models) {
          await attempt(`profile of ${model.name}`, async () =>
            (await profileModel(model)).map((row) => ({ kind: 'profile', row })),
          );
        }
        break;
      case 'js':
        for (const model of models) {
          await attempt(`JavaScript of ${model.name}`, async () =>
            (await measureJavaScript(model, options.peers, say)).map((row) => ({ kind: 'js', row })),
          );
        }
        break;
      case 'intake':
        break; // In processes of its own (`measure-intake.mjs`), never in a page.
      default:
        part satisfies never;
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} measurements failed; see above.`);
}

function effortOf({ quick, peers }: BenchOptions): Effort {
  return { rounds: quick ? 3 : 7, slowRounds: quick ? 2 : 3, peers: peers ? ['stock', 'jax'] : [] };
}
