/**
 * One model, engine against engine in one process, turn by turn.
 */
import { insides, submitPending } from '../tensors/webgpu-insides.ts';
import { readWeights } from '../training/weights.ts';
import type { EngineRow, ModelRow } from './bench-file.ts';
import { batchOf, buildModel, type BenchModel } from './bench-models.ts';
import type { Contender, Engine, FirstStep, Gradients, Problem } from './contender.ts';
import { deviceCounts } from './device-counts.ts';
import { jaxContender } from './jax.ts';
import { ourContender, type OurContender } from './ours.ts';
import { pairedRatio, relativeError, spreadOf, type Spread } from './statistics.ts';
import { stockContender } from './stock.ts';

/** How much is measured. */
export interface Effort {
  /** Turns of every engine that is not slow. */
  readonly rounds: number;
  /** Turns of an engine whose step takes longer than `slowMs`. */
  readonly slowRounds: number;
  /** Engines beside ours. */
  readonly peers: readonly Engine[];
}

/** A step longer than this is slow. */
const slowMs = 4000;
/** Where every engine's step is shorter than this, turns are cheap and vary more, so three times as many are taken. */
const fastMs = 200;
/** A turn takes as many steps as fit into this time, at least one. */
const turnMs = 300;
const mostSteps = 50;

/** The batch and first weights of a model, from the lab's own build of it. */
export async function problemOf(model: BenchModel): Promise<Problem> {
  const built = buildModel(model);
  try {
    const values = await readWeights(built.variables);
    const weights = new Map(
      built.variables.map(({ name, variable }) => [name, { shape: variable.shape, values: values[name]! }]),
    );
    return { inputs: batchOf(model), weights };
  } finally {
    built.dispose();
  }
}

/** The contender of an engine. */
export function contenderOf(engine: Engine, model: BenchModel, problem: Problem): Contender {
  switch (engine) {
    case 'ours':
      return ourContender(model, problem);
    case 'stock':
      return stockContender(model, problem);
    case 'jax':
      return jaxContender(model, problem);
    default:
      return engine satisfies never;
  }
}

/** An engine that is ready for its turns. */
interface Runner {
  readonly contender: Contender;
  readonly first: FirstStep;
  readonly firstStepMs: number;
  readonly peakBytes: number;
  readonly stepMs: number;
  readonly losses: number[];
  readonly times: number[];
  counts: { readonly dispatches: number; readonly submits: number };
}

/**
 * Bound on the error of the gradient as a whole. Rectifiers whose input rounds to zero may be open in one engine and closed in the other,
 * so two correct engines differ by up to a few hundredths; without rectifiers they agree to rounding.
 */
export function gradientBound({ architecture: { kind } }: BenchModel): number {
  return kind === 'resnet' || kind === 'pair' ? 3e-2 : 1e-3;
}

/** Measures a model. An engine that cannot run it gets an empty column and a note that says why. */
export async function measureModel(
  model: BenchModel,
  effort: Effort,
  say: (line: string) => void,
): Promise<ModelRow> {
  const problem = await problemOf(model);
  const notes: string[] = [];
  const runners = new Map<Engine, Runner>();
  for (const engine of ['ours', ...effort.peers] as const) {
    try {
      runners.set(engine, await start(contenderOf(engine, model, problem)));
    } catch (error) {
      if (engine === 'ours') throw error;
      notes.push(`${engine} cannot run it: ${String(error).slice(0, 200)}`);
    }
    say(`${model.name}: ${engine} is ready`);
  }
  const isFast = [...runners.values()].every(({ stepMs }) => stepMs < fastMs);
  for (let round = 0; round < effort.rounds * (isFast ? 3 : 1); round++) {
    for (const runner of runners.values()) {
      if (runner.stepMs > slowMs && round >= effort.slowRounds) continue;
      await takeTurn(runner);
    }
  }
  const ours = runners.get('ours')!;
  const rows = Object.fromEntries(
    [...runners].map(([engine, runner]) => [engine, rowOf(model, runner, ours.first.gradients)]),
  );
  for (const [engine, row] of Object.entries(rows)) {
    if (row.gradientsAgree === false)
      notes.push(
        `${engine}'s gradients are wrong here: they differ by ${row.gradientError!.toExponential(1)}`,
      );
  }
  for (const { contender } of runners.values()) contender.dispose();
  return assemble(
    model,
    problem,
    { ours: rows['ours']!, stock: rows['stock'], jax: rows['jax'] },
    runners,
    notes,
  );
}

async function start(contender: Contender): Promise<Runner> {
  emptyPool();
  const counts = deviceCounts();
  const before = counts.liveBytes;
  counts.peakBytes = before;
  const begin = performance.now();
  await contender.prepare();
  const prepareMs = performance.now() - begin;
  const first = await contender.first();
  const runner: Runner = {
    ...{ contender, first, firstStepMs: prepareMs + first.ms, losses: [first.loss], times: [] },
    ...{ peakBytes: 0, stepMs: first.ms, counts: { dispatches: 0, submits: 0 } },
  };
  if (first.ms > slowMs) return { ...runner, peakBytes: counts.peakBytes - before };
  await takeTurn(runner); // the first turns after compiling are slower
  await takeTurn(runner);
  const stepMs = runner.times.pop()!;
  runner.times.length = 0;
  return { ...runner, stepMs, peakBytes: counts.peakBytes - before };
}

/** Steps one after another, the loss read at the end: as in training, where nobody waits for each loss. */
async function takeTurn(runner: Runner): Promise<void> {
  const { contender, stepMs, losses, times } = runner;
  const steps = Math.min(mostSteps, Math.max(1, Math.floor(turnMs / stepMs)));
  const counts = deviceCounts();
  const before = { ...counts };
  const begin = performance.now();
  for (let i = 0; i < steps; i++) contender.issue();
  const issued = { ...counts };
  losses.push(await contender.loss());
  times.push((performance.now() - begin) / steps);
  const counted = contender.lazy ? counts : issued;
  runner.counts = {
    dispatches: Math.round((counted.dispatches - before.dispatches) / steps),
    submits: Math.round((counted.submits - before.submits) / steps),
  };
}

/** Frees the buffers that TensorFlow.js keeps for reuse; they would hide how much the next engine needs. */
function emptyPool(): void {
  submitPending(insides());
  const pool = insides().bufferManager as unknown as {
    freeBuffers: Map<string, GPUBuffer[]>;
    numFreeBuffers: number;
    numBytesAllocated: number;
  };
  for (const buffers of pool.freeBuffers.values()) {
    for (const buffer of buffers) {
      pool.numBytesAllocated -= buffer.size;
      buffer.destroy();
    }
    buffers.length = 0;
  }
  pool.numFreeBuffers = 0;
}

function rowOf(model: BenchModel, runner: Runner, wanted: Gradients): EngineRow {
  const { contender, first, firstStepMs, peakBytes, times, losses, counts } = runner;
  const names = [...wanted.keys()];
  const error = relativeError(
    names.map((name) => first.gradients.get(name)),
    names.map((name) => wanted.get(name)!),
  );
  const peer = contender.engine !== 'ours';
  return {
    ms: spreadOf(times),
    firstStepMs,
    ...counts,
    jsMs: null,
    peakBytes,
    gradientError: peer ? error : null,
    gradientsAgree: peer ? error <= gradientBound(model) : null,
    losses,
  };
}

function assemble(
  model: BenchModel,
  { weights }: Problem,
  rows: {
    readonly ours: EngineRow;
    readonly stock: EngineRow | undefined;
    readonly jax: EngineRow | undefined;
  },
  runners: ReadonlyMap<Engine, Runner>,
  notes: readonly string[],
): ModelRow {
  const ratioTo = (engine: Engine): Spread | null => {
    const peer = runners.get(engine);
    return peer ? pairedRatio(peer.times, runners.get('ours')!.times) : null;
  };
  const { ours } = rows;
  const [stock, jax] = [ratioTo('stock'), ratioTo('jax')];
  return {
    architecture: model.architecture,
    ...{ model: model.name, batch: model.batch, gflop: model.gflop },
    parameters: [...weights.values()].reduce((sum, { values }) => sum + values.length, 0),
    ...{ ms: ours.ms.median, gflopPerSecond: (1000 * model.gflop) / ours.ms.median },
    ...{ ratioToStock: stock?.median ?? null, ratioToStockSpread: stock },
    ...{ ratioToJax: jax?.median ?? null, ratioToJaxSpread: jax },
    ...{ dispatches: ours.dispatches, submits: ours.submits, jsMs: null, peakBytes: ours.peakBytes },
    ...{ ours, stock: rows.stock ?? null, jax: rows.jax ?? null, notes },
  };
}

/** Our contender alone, ready to be profiled. */
export async function readyOurs(model: BenchModel): Promise<OurContender> {
  const contender = ourContender(model, await problemOf(model));
  await contender.prepare();
  return contender;
}
