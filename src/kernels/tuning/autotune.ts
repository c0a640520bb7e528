/**
 * Chooses a variant for each class of products by measuring, and keeps what it found as plain data.
 *
 * A candidate is first checked, then timed: one that does not compile or that computes wrong numbers on this device is excluded and named.
 * Software adapters are not measured: there the register variant, which has no barrier, wins by far.
 */
import { canonicalJson } from '../../identity/fingerprint.ts';
import type { ConvolutionTuning } from './autotune-convolution.ts';
import type { MatMulVariant } from '../matmul/matmul-plan.ts';
import { matMulReference, type Product } from '../matmul/matmul-product.ts';
import { relativeError } from '../relative-error.ts';
import {
  operationClasses,
  operationClassOf,
  type Layout,
  type OperationClass,
  type VariantChoices,
} from './variants.ts';

/** The conditions under which a record is valid; when any of these changes, variants are measured again. */
export interface TuningIdentity {
  /** Vendor, architecture, description (with the driver, where the browser tells it) and features. */
  readonly adapter: string;
  /** The browser with its version, because its shader compiler affects the result. */
  readonly browser: string;
  /** Raised with the code of variants: `VARIANTS_VERSION`. */
  readonly code: number;
  /** Whether a person allowed variants with 16-bit operands. */
  readonly reducedPrecision: boolean;
}

/** Raise it when a variant's code changes, so that it is checked and measured anew. */
export const VARIANTS_VERSION = 2;

/** The median time of one dispatch. */
export interface Measurement {
  readonly operation: OperationClass;
  readonly variant: string;
  readonly product: Product;
  readonly durationMs: number;
}

/** A candidate that must not run here. */
export interface Exclusion {
  readonly layout: Layout;
  readonly variant: string;
  readonly reason: string;
}

/** What was found on a device. Plain data, to be stored and handed to `chooseVariants`. */
export interface TuningRecord extends TuningIdentity {
  readonly choices: VariantChoices;
  readonly measured: readonly Measurement[];
  readonly excluded: readonly Exclusion[];
  /** Classes for which there was no time; they run the register variant. */
  readonly untimed: readonly OperationClass[];
  /** How the choices for convolutions, which follow those for products, were found. */
  readonly convolutions?: ConvolutionTuning;
}

/** The device, as tuning sees it. */
export interface Bench {
  /** The operands of a product, the same at each call. */
  operands(product: Product): readonly [a: Float32Array, b: Float32Array];
  /** C by the variant, or null where it does not cover the product. @throws when the variant does not compile. */
  multiply(variant: MatMulVariant, product: Product): Promise<Float32Array | null>;
  /** Median milliseconds of one dispatch; `multiply` has compiled it. */
  time(variant: MatMulVariant, product: Product): Promise<number>;
  now(): number;
}

/** What tuning needs. */
export interface Tuning {
  readonly identity: TuningIdentity;
  readonly software: boolean;
  /** What was found earlier, if anything. */
  readonly stored?: TuningRecord | undefined;
  /** The first is the reference. */
  readonly variants: readonly MatMulVariant[];
  readonly bench: Bench;
  /** Time on the device for measuring; compiling and checking come on top. */
  readonly budgetMs?: number;
}

/** Another variant must be this much faster than the reference, so that noise alone changes nothing. */
const WORTHWHILE = 0.97;
/** Of the largest number: other orders of additions; operands rounded to 11 bits. */
const TOLERANCE = 1e-5;
const REDUCED_TOLERANCE = 5e-3;

/**
 * The stored record when it is valid, else a new one. The current choices do not change.
 * @throws Error when the register variant itself computes wrong numbers.
 */
export async function tune(tuning: Tuning): Promise<TuningRecord> {
  const { identity, software, stored, variants, bench, budgetMs = 300 } = tuning;
  if (stored && holdsGood(stored, identity)) return stored;
  const empty = { ...identity, choices: {}, measured: [], excluded: [], untimed: [] };
  if (software) return empty;
  const [reference, ...others] = variants.filter(
    (variant) => variant.isAvailable() && (identity.reducedPrecision || !variant.reducedPrecision),
  );
  const excluded: Exclusion[] = [];
  const right = new Map<Layout, MatMulVariant[]>();
  for (const layout of Object.keys(transpositions) as Layout[]) {
    const found = await check(reference!, others, layout, bench);
    excluded.push(...found.excluded);
    right.set(layout, found.right);
  }
  const choices: Partial<Record<OperationClass, string>> = {};
  const measured: Measurement[] = [];
  const untimed: OperationClass[] = [];
  let spentMs = 0;
  for (const operation of operationClasses) {
    if (spentMs > budgetMs) {
      untimed.push(operation);
      continue;
    }
    const candidates = [reference!, ...right.get(layoutOf(operation))!];
    const times = await measure(operation, candidates, bench);
    spentMs += times.spentMs;
    measured.push(...times.measured);
    excluded.push(...times.excluded);
    const failed = times.excluded.map(({ variant }) => variant);
    const usable = candidates.filter(({ name }) => !failed.includes(name));
    const fastest = fastestOf(usable, times.measured);
    if (fastest !== reference) choices[operation] = fastest.name;
  }
  return { ...identity, choices, measured, excluded, untimed };
}

function holdsGood(record: TuningRecord, identity: TuningIdentity): boolean {
  const { adapter, browser, code, reducedPrecision } = record;
  return canonicalJson({ adapter, browser, code, reducedPrecision }) === canonicalJson({ ...identity });
}

const transpositions = {
  NN: { transposeA: false, transposeB: false },
  NT: { transposeA: false, transposeB: true },
  TN: { transposeA: true, transposeB: false },
} as const satisfies Record<Layout, object>;

function layoutOf(operation: OperationClass): Layout {
  return operation.slice(-2) as Layout;
}

function productOf([rows, inner, columns]: readonly [number, number, number], layout: Layout): Product {
  return { batch: 1, rows, inner, columns, sharedA: false, sharedB: false, ...transpositions[layout] };
}

/** Their sizes are odd, so that guards, endings and scalar reads are tested. */
const oddShape = [131, 75, 141] as const;
/** With vectors throughout, and a split inner axis. */
const evenShape = [64, 1024, 96] as const;

async function check(
  reference: MatMulVariant,
  others: readonly MatMulVariant[],
  layout: Layout,
  bench: Bench,
): Promise<{ right: MatMulVariant[]; excluded: Exclusion[] }> {
  const products = [oddShape, evenShape].map((shape) => productOf(shape, layout));
  const wanted = products.map((product) => matMulReference(...bench.operands(product), product));
  const problemOf = async (variant: MatMulVariant): Promise<string | null> => {
    try {
      const results = await Promise.all(products.map((product) => bench.multiply(variant, product)));
      if (results.includes(null)) return 'does not cover it';
      const tolerance = variant.reducedPrecision ? REDUCED_TOLERANCE : TOLERANCE;
      const worst = Math.max(...results.map((result, i) => relativeError(result!, wanted[i]!)));
      return worst <= tolerance ? null : `computes wrong numbers (relative error ${worst})`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  const problem = await problemOf(reference);
  if (problem) throw new Error(`The variant "${reference.name}" fails on this device: ${problem}`);
  // All at once: the browser compiles them side by side.
  const problems = await Promise.all(others.map(problemOf));
  return {
    right: others.filter((_, i) => problems[i] === null),
    excluded: others.flatMap(({ name }, i) => {
      const reason = problems[i] ?? null;
      return reason === null ? [] : [{ layout, variant: name, reason }];
    }),
  };
}

const shapes = {
  large: [
    [1024, 1024, 1024],
    [4096, 256, 512],
  ],
  small: [
    [1024, 128, 384],
    [256, 512, 256],
  ],
  skinny: [[1024, 512, 8]],
} as const;

/** Products that stand for a class. */
export function representatives(operation: OperationClass): readonly Product[] {
  const size = operation.split(' ')[1] as keyof typeof shapes;
  const products = shapes[size].map((shape) => productOf(shape, layoutOf(operation)));
  return products.filter((product) => operationClassOf(product) === operation);
}

async function measure(
  operation: OperationClass,
  candidates: readonly MatMulVariant[],
  bench: Bench,
): Promise<{ measured: Measurement[]; excluded: Exclusion[]; spentMs: number }> {
  const measured: Measurement[] = [];
  const excluded: Exclusion[] = [];
  let spentMs = 0;
  for (const product of representatives(operation)) {
    for (const variant of candidates) {
      if (excluded.some(({ variant: name }) => name === variant.name)) continue;
      try {
        await bench.multiply(variant, product); // compiles it
        const started = bench.now();
        const durationMs = await bench.time(variant, product);
        spentMs += bench.now() - started;
        measured.push({ operation, variant: variant.name, product, durationMs });
      } catch (error) {
        // The first candidate is the default; if it fails here, it would fail in training too, so the error is thrown.
        if (variant === candidates[0]) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        excluded.push({ layout: layoutOf(operation), variant: variant.name, reason });
      }
    }
  }
  return { measured, excluded, spentMs };
}

/** The candidate with the lowest mean of log time over the shapes, if it is faster than the first by enough. */
function fastestOf(candidates: readonly MatMulVariant[], measured: readonly Measurement[]): MatMulVariant {
  const score = ({ name }: MatMulVariant): number => {
    const own = measured.filter(({ variant }) => variant === name);
    return own.reduce((sum, { durationMs }) => sum + Math.log(durationMs), 0) / own.length;
  };
  const [reference] = candidates;
  const fastest = candidates.reduce((best, one) => (score(one) < score(best) ? one : best));
  return score(fastest) < score(reference!) + Math.log(WORTHWHILE) ? fastest : reference!;
}
