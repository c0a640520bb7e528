/** Tuning with candidates and clocks of our own: the fastest right one wins, wrong ones are named, records keep; then on the device. */
import { describe, expect, it } from 'vitest';
import { DeviceBench } from '../../../src/kernels/tuning/autotune-bench.ts';
import {
  representatives,
  tune,
  VARIANTS_VERSION,
  type Bench,
  type Tuning,
  type TuningRecord,
} from '../../../src/kernels/tuning/autotune.ts';
import type { MatMulVariant } from '../../../src/kernels/matmul/matmul-plan.ts';
import { matMulReference, type Product } from '../../../src/kernels/matmul/matmul-product.ts';
import { registerVariant } from '../../../src/kernels/matmul/matmul-registers.ts';
import { operationClasses, operationClassOf } from '../../../src/kernels/tuning/variants.ts';
import { startWebgpu } from '../../../src/tensors/backend.ts';
import { difference, draws, hasWebgpu } from '../device.ts';

const webgpu = await hasWebgpu();
const identity = {
  adapter: 'a card',
  browser: 'a browser 1',
  code: VARIANTS_VERSION,
  reducedPrecision: false,
};

function candidate(name: string, properties: Partial<MatMulVariant> = {}): MatMulVariant {
  return { name, reducedPrecision: false, isAvailable: () => true, plan: () => null, ...properties };
}

type Spoil = (name: string, c: Float32Array, product: Product) => Float32Array | null;

/** A device whose candidates take the times that they are given, and spoil their results where asked to. */
class FakeBench implements Bench {
  clockMs = 0;
  calls = 0;
  readonly #times: Readonly<Record<string, number>>;
  readonly #spoil: Spoil;

  constructor(times: Readonly<Record<string, number>>, spoil: Spoil = (_, c) => c) {
    this.#times = times;
    this.#spoil = spoil;
  }

  operands({ rows, inner, columns }: Product): readonly [Float32Array, Float32Array] {
    return [draws([rows * inner], 'a'), draws([inner * columns], 'b')];
  }

  multiply({ name }: MatMulVariant, product: Product): Promise<Float32Array | null> {
    this.calls++;
    // The large products are only compiled, not looked at.
    const c = product.rows > 200 ? new Float32Array() : matMulReference(...this.operands(product), product);
    return new Promise((resolve) => resolve(this.#spoil(name, c, product)));
  }

  time({ name }: MatMulVariant): Promise<number> {
    const durationMs = this.#times[name]!;
    this.clockMs += durationMs;
    return Promise.resolve(durationMs);
  }

  now(): number {
    return this.clockMs;
  }
}

function tuning(bench: Bench, names: readonly string[], more: Partial<Tuning> = {}): Tuning {
  return { identity, software: false, variants: names.map((name) => candidate(name)), bench, ...more };
}

describe('tune', () => {
  it('chooses the fastest for every class', async () => {
    const record = await tune(
      tuning(new FakeBench({ reference: 3, slow: 4, fast: 2 }), ['reference', 'slow', 'fast']),
    );
    expect(record.choices).toEqual(Object.fromEntries(operationClasses.map((name) => [name, 'fast'])));
    expect(record.excluded).toEqual([]);
    expect(record.untimed).toEqual([]);
    expect(record.measured.filter(({ operation }) => operation === 'matmul skinny NN')).toMatchObject([
      { variant: 'reference', durationMs: 3 },
      { variant: 'slow', durationMs: 4 },
      { variant: 'fast', durationMs: 2 },
    ]);
  });

  it('stays with the reference for a gain within the noise', async () => {
    const record = await tune(
      tuning(new FakeBench({ reference: 100, other: 98 }), ['reference', 'other'], { budgetMs: 1e9 }),
    );
    expect(record.choices).toEqual({});
  });

  it('excludes and names what computes wrong numbers, NaN, or does not compile, in its layout only', async () => {
    const bench = new FakeBench(
      { reference: 3, wrong: 1, nan: 1, broken: 1, right: 2 },
      (name, c, product) => {
        if (name === 'broken') throw new Error('the shader does not compile');
        if (name === 'nan' && c.length > 0) c[5] = NaN;
        if (name === 'wrong' && product.transposeA && c.length > 0) c[c.length - 1]! += 0.1;
        return c;
      },
    );
    const record = await tune(tuning(bench, ['reference', 'wrong', 'nan', 'broken', 'right']));
    const reasons = (layout: string): string[] =>
      record.excluded.filter((one) => one.layout === layout).map(({ variant }) => variant);
    expect(reasons('NN')).toEqual(['nan', 'broken']);
    expect(reasons('TN')).toEqual(['wrong', 'nan', 'broken']);
    expect(record.excluded.find(({ variant }) => variant === 'broken')!.reason).toBe(
      'the shader does not compile',
    );
    expect(record.choices['matmul large NN']).toBe('wrong');
    expect(record.choices['matmul large TN']).toBe('right');
    expect(record.measured.some(({ variant }) => variant === 'nan' || variant === 'broken')).toBe(false);
  });

  it('fails when the reference itself is wrong', async () => {
    const bench = new FakeBench({ reference: 1 }, (_, c) => c.fill(0));
    await expect(tune(tuning(bench, ['reference']))).rejects.toThrow('"reference" fails');
  });

  it('stops measuring when its time is used up, and names the classes that were left out', async () => {
    const bench = new FakeBench({ reference: 40, fast: 20 });
    const record = await tune(tuning(bench, ['reference', 'fast'], { budgetMs: 100 }));
    expect(record.choices).toEqual({ 'matmul large NN': 'fast' });
    expect(record.untimed).toEqual(operationClasses.slice(1));
  });

  it('considers reduced precision and what the device lacks only where they are allowed', async () => {
    const variants = [
      candidate('reference'),
      candidate('half', { reducedPrecision: true }),
      candidate('lacking', { isAvailable: () => false }),
    ];
    const times = { reference: 3, half: 1, lacking: 1 };
    const strict = await tune({ ...tuning(new FakeBench(times), []), variants });
    expect(strict.choices).toEqual({});
    const allowed = { ...identity, reducedPrecision: true };
    const free = await tune({ ...tuning(new FakeBench(times), []), identity: allowed, variants });
    expect(new Set(Object.values(free.choices))).toEqual(new Set(['half']));
  });

  it('measures nothing on software adapters', async () => {
    const bench = new FakeBench({ reference: 3, fast: 1 });
    const record = await tune(tuning(bench, ['reference', 'fast'], { software: true }));
    expect(record).toEqual({ ...identity, choices: {}, measured: [], excluded: [], untimed: [] });
    expect(bench.calls).toBe(0);
  });

  it('gives a stored record back as it was, and measures anew for another adapter, browser, code or precision', async () => {
    const bench = new FakeBench({ reference: 3, fast: 1 });
    const first = await tune(tuning(bench, ['reference', 'fast']));
    const stored = JSON.parse(JSON.stringify(first)) as TuningRecord;
    expect(stored).toEqual(first);
    const later = new FakeBench({ reference: 1, fast: 3 });
    expect(await tune(tuning(later, ['reference', 'fast'], { stored }))).toBe(stored);
    expect(later.calls).toBe(0);
    for (const change of [
      { adapter: 'another card' },
      { browser: 'a browser 2' },
      { code: VARIANTS_VERSION + 1 },
      { reducedPrecision: true },
    ]) {
      const changed = await tune(
        tuning(later, ['reference', 'fast'], { stored, identity: { ...identity, ...change } }),
      );
      expect(changed.choices).toEqual({});
    }
  });

  it.each(operationClasses)('times products of the class itself: %s', (operation) => {
    const products = representatives(operation);
    expect(products.length).toBeGreaterThan(0);
    expect(new Set(products.map(operationClassOf))).toEqual(new Set([operation]));
  });
});

// Without an adapter there is no device to measure; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)('DeviceBench (skipped where the browser has no WebGPU adapter)', () => {
  it('multiplies, times, and tells what does not compile without harm to the device', async () => {
    await startWebgpu();
    const bench = new DeviceBench();
    const product = {
      ...{ batch: 1, rows: 9, inner: 600, columns: 12 },
      ...{ transposeA: true, transposeB: false, sharedA: false, sharedB: false },
    };
    const wanted = matMulReference(...bench.operands(product), product);
    expect(difference((await bench.multiply(registerVariant, product))!, wanted)).toBeLessThan(3e-6);
    const durationMs = await bench.time(registerVariant, product);
    expect(durationMs).toBeGreaterThan(0);
    expect(durationMs).toBeLessThan(Infinity);
    const broken = candidate('broken', {
      plan: () => ({ kernel: { key: 'broken', code: () => 'fn main(' }, workgroups: [1], splits: 1 }),
    });
    await expect(bench.multiply(broken, product)).rejects.toThrow('"broken" does not compile');
    expect(await bench.multiply(candidate('covers nothing'), product)).toBeNull();
    expect(difference((await bench.multiply(registerVariant, product))!, wanted)).toBeLessThan(3e-6);
    bench.dispose();
  });
});
