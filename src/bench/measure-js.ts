/**
 * Milliseconds of JavaScript a step, on Dawn's null backend, which takes every command and does nothing.
 */
import type { JavaScriptRow } from './bench-file.ts';
import type { BenchModel } from './bench-models.ts';
import { contenderOf, problemOf } from './measure-model.ts';
import { median } from './statistics.ts';

const warmUps = 3;
const steps = 15;

/** Times the call of a step for each engine that can run the model there (the null backend has little memory). */
export async function measureJavaScript(
  model: BenchModel,
  peers: boolean,
  say: (line: string) => void,
): Promise<JavaScriptRow[]> {
  const problem = await problemOf(model);
  const rows: JavaScriptRow[] = [];
  for (const engine of peers ? (['ours', 'stock', 'jax'] as const) : (['ours'] as const)) {
    const contender = contenderOf(engine, model, problem);
    try {
      await contender.prepare();
      const times: number[] = [];
      for (let i = 0; i < warmUps + steps; i++) {
        const begin = performance.now();
        contender.issue();
        if (contender.lazy) await contender.loss();
        times.push(performance.now() - begin);
        if (!contender.lazy) await contender.loss();
      }
      rows.push({ model: model.name, engine, ms: median(times.slice(warmUps)) });
    } catch (error) {
      say(`${model.name}: no JavaScript time for ${engine}: ${String(error).slice(0, 200)}`);
    }
    contender.dispose();
    say(`${model.name}: JavaScript of ${engine} timed`);
  }
  return rows;
}
