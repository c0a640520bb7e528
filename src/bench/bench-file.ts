/**
 * bench.json: what a bench writes. Plain data, read by people, by scripts and by the PyTorch twin.
 */
import type { Architecture } from './bench-models.ts';
import type { Spread } from './statistics.ts';

/** What one engine needs for a step of a model. */
export interface EngineRow {
  /** Milliseconds of a step, from the call to the loss on the host. */
  readonly ms: Spread;
  /** From the first call to the first loss, with all that is compiled on the way. */
  readonly firstStepMs: number;
  readonly dispatches: number;
  readonly submits: number;
  /** Milliseconds of JavaScript (and of WebGPU's front end) a step, measured where no device works; null where that was not measured. */
  readonly jsMs: number | null;
  /** Most bytes of buffers at a time, from building the model to the end of the second step. */
  readonly peakBytes: number;
  /** ‖gradient − ours‖ / ‖ours‖ over all parameters at the first weights; 0 for ours. */
  readonly gradientError: number | null;
  /** Whether that is within the bound of `gradientBound`. */
  readonly gradientsAgree: boolean | null;
  readonly losses: readonly number[];
}

/** A model's row. */
export interface ModelRow {
  readonly model: string;
  /** By which the model can be built anew. */
  readonly architecture: Architecture;
  readonly batch: number;
  readonly parameters: number;
  /** Of convolutions and matrix products, forward and backward. */
  readonly gflop: number;
  readonly ms: number;
  readonly gflopPerSecond: number;
  /** Median of stock / ours over paired turns; null where stock was not run. */
  readonly ratioToStock: number | null;
  readonly ratioToStockSpread: Spread | null;
  readonly ratioToJax: number | null;
  readonly ratioToJaxSpread: Spread | null;
  readonly dispatches: number;
  readonly submits: number;
  readonly jsMs: number | null;
  readonly peakBytes: number;
  readonly ours: EngineRow;
  readonly stock: EngineRow | null;
  readonly jax: EngineRow | null;
  /** Why a column is empty or unreliable. */
  readonly notes: readonly string[];
}

/** A kernel's row. */
export interface KernelRow {
  readonly kernel: string;
  /** Of all its dispatches, the least of several runs. */
  readonly ms: number;
  readonly dispatches: number;
  readonly gflopPerSecond: number;
  /** Inputs read once and outputs written once. */
  readonly gbPerSecond: number;
  readonly clock: 'timestamps' | 'wall';
}

/** One line of a step's profile: all dispatches of a kind. */
export interface ProfileRow {
  readonly model: string;
  readonly kernel: string;
  readonly dispatches: number;
  readonly ms: number;
  /** Of the step's sum, in [0, 1]. */
  readonly share: number;
  /** Of all buffers bound. */
  readonly gbPerSecond: number;
}

/** A single number, such as the speed of the input pipeline or of a study. */
export interface RateRow {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly note: string;
}

/** Where a bench ran. */
export interface BenchPlace {
  readonly adapter: string;
  readonly runtime: string;
}

/** JavaScript's part of a step, measured in a process of its own. */
export interface JavaScriptRow {
  readonly model: string;
  readonly engine: 'ours' | 'stock' | 'jax';
  readonly ms: number;
}

/** The rows by kind. */
export interface BenchRows {
  readonly place: BenchPlace;
  readonly model: ModelRow;
  readonly kernel: KernelRow;
  readonly profile: ProfileRow;
  readonly rate: RateRow;
  readonly js: JavaScriptRow;
}

/** One line of a running bench. */
export type BenchRecord = {
  [Kind in keyof BenchRows]: { readonly kind: Kind; readonly row: BenchRows[Kind] };
}[keyof BenchRows];

/** The whole file. */
export interface BenchFile extends BenchPlace {
  readonly createdAt: string;
  readonly machine: string;
  readonly quick: boolean;
  readonly versions: Readonly<Record<string, string>>;
  readonly models: readonly ModelRow[];
  readonly kernels: readonly KernelRow[];
  readonly profile: readonly ProfileRow[];
  readonly rates: readonly RateRow[];
  /** Also in the models' rows, where these were measured too. */
  readonly javaScript: readonly JavaScriptRow[];
}

/** Gathers the records of a run; JavaScript times, measured in a process of their own, go into their models' rows. */
export function benchFile(
  records: readonly BenchRecord[],
  about: Pick<BenchFile, 'createdAt' | 'machine' | 'quick' | 'versions'>,
): BenchFile {
  const of = <Kind extends keyof BenchRows>(kind: Kind): BenchRows[Kind][] =>
    records.filter((record) => record.kind === kind).map(({ row }) => row as BenchRows[Kind]);
  const place = of('place')[0];
  const js = of('js');
  const jsMs = (model: string, engine: string): number | null =>
    js.find((one) => one.model === model && one.engine === engine)?.ms ?? null;
  const withJs = (model: string, engine: string, row: EngineRow): EngineRow => ({
    ...row,
    jsMs: jsMs(model, engine) ?? row.jsMs,
  });
  return {
    ...about,
    adapter: place?.adapter ?? 'unknown',
    runtime: place?.runtime ?? 'unknown',
    models: of('model').map((row) => ({
      ...row,
      jsMs: jsMs(row.model, 'ours') ?? row.jsMs,
      ours: withJs(row.model, 'ours', row.ours),
      stock: row.stock && withJs(row.model, 'stock', row.stock),
      jax: row.jax && withJs(row.model, 'jax', row.jax),
    })),
    kernels: of('kernel'),
    profile: of('profile'),
    rates: of('rate'),
    javaScript: js,
  };
}
