/** Each variant of the matrix product against its definition: every layout, odd sizes, batches, splits, endings, NaN and overflow. */
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { geluReference } from '../../../src/kernels/gelu.ts';
import { matMul, type Ending } from '../../../src/kernels/matmul/matmul.ts';
import { plainEpilogue, type Epilogue } from '../../../src/kernels/matmul/matmul-epilogue.ts';
import { matMulReference, type Product } from '../../../src/kernels/matmul/matmul-product.ts';
import { registerVariant } from '../../../src/kernels/matmul/matmul-registers.ts';
import {
  chooseVariants,
  matMulVariants,
  operationClasses,
  operationClassOf,
  planMatMul,
  variantsInForce,
} from '../../../src/kernels/tuning/variants.ts';
import { deviceAbilities, startWebgpu } from '../../../src/tensors/backend.ts';
import { asTensor } from '../../../src/tensors/webgpu-dispatch.ts';
import { difference, draws, hasWebgpu } from '../device.ts';

const webgpu = await hasWebgpu();
if (webgpu) await startWebgpu();
/** float32 sums of up to 600 products of normal draws, in another order. */
const TOLERANCE = 3e-6;
/** Operands rounded to 11 bits: each product is off by at most 2⁻¹⁰, and sums of draws of either sign by less. */
const HALF_TOLERANCE = 2e-3;

/** Runs all classes by the variant, where the device has it. */
function runBy(name: string): void {
  chooseVariants(Object.fromEntries(operationClasses.map((operation) => [operation, name])));
}

function productOf(sizes: Pick<Product, 'rows' | 'inner' | 'columns'> & Partial<Product>): Product {
  return { batch: 1, transposeA: false, transposeB: false, sharedA: false, sharedB: false, ...sizes };
}

/** In every run on a second driver: what the tuner may choose in the register variant's place, with the longest endings. */
const isPart = import.meta.env['LAB_DRIVER_PART'] !== undefined;
const tested = isPart ? matMulVariants.slice(1) : matMulVariants;

const layouts = [{}, { transposeB: true }, { transposeA: true }];
const sizes: [rows: number, inner: number, columns: number][] = [
  [1, 1, 1],
  [3, 5, 7],
  [33, 600, 12], // splits the inner axis
  [5, 16, 300],
  [132, 21, 140], // passes the largest tile both ways
];

interface Results {
  readonly c: Float32Array;
  readonly activationInput?: Float32Array;
  readonly columnSums?: Float32Array;
}

async function multiply(
  a: Float32Array,
  b: Float32Array,
  product: Product,
  ending: Ending = {},
): Promise<Results> {
  const { batch, rows, columns, sharedA, sharedB } = product;
  const left = tf.tensor(a, [sharedA ? 1 : batch, a.length / (sharedA ? 1 : batch)]);
  const right = tf.tensor(b, [sharedB ? 1 : batch, b.length / (sharedB ? 1 : batch)]);
  const results = matMul(left, right, product, [batch, rows, columns], ending);
  const entries = Object.entries(results).map(async ([name, info]: [string, tf.TensorInfo]) => {
    const tensor = asTensor(info);
    const values = await tensor.data<'float32'>();
    tensor.dispose();
    return [name, values] as const;
  });
  const values = Object.fromEntries(await Promise.all(entries)) as unknown as Results;
  tf.dispose([left, right]);
  return values;
}

function inputs(product: Product): [a: Float32Array, b: Float32Array] {
  const { batch, rows, inner, columns, sharedA, sharedB } = product;
  return [
    draws([(sharedA ? 1 : batch) * rows * inner], 'a'),
    draws([(sharedB ? 1 : batch) * inner * columns], 'b'),
  ];
}

// Without an adapter there is no kernel to test; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)(
  'variants of the matrix product (skipped where the browser has no WebGPU adapter)',
  () => {
    afterEach(() => chooseVariants({}));

    // Software compiles large tiles slowly; their text is that of the smallest, which is tested in full.
    for (const variant of tested) {
      const large = /(128|64)x/.test(variant.name);
      const available = webgpu && variant.isAvailable();
      const tolerance = variant.reducedPrecision ? HALF_TOLERANCE : TOLERANCE;
      const covers = (product: Product): boolean =>
        variant.plan({ product, epilogue: plainEpilogue, sumsColumns: false }) !== null;

      // No device has every feature; the text of what is skipped is still checked below.
      describe.skipIf(!available)(`${variant.name} (skipped where the device lacks what it needs)`, () => {
        it.each(large ? sizes.slice(-1) : sizes)(
          'multiplies [%i, %i] × [%i] in each layout that it covers',
          async (rows, inner, columns) => {
            runBy(variant.name);
            for (const layout of layouts) {
              const product = productOf({ rows, inner, columns, ...layout });
              if (!covers(product)) continue;
              const [a, b] = inputs(product);
              const { c } = await multiply(a, b, product);
              expect(difference(c, matMulReference(a, b, product)), JSON.stringify(layout)).toBeLessThan(
                tolerance,
              );
            }
          },
        );

        // The text is that of the smallest tile.
        it.skipIf(large).each([{}, { sharedA: true }, { sharedB: true }])(
          'multiplies batches, %j',
          async (shared) => {
            runBy(variant.name);
            for (const layout of layouts) {
              const product = productOf({ batch: 3, rows: 10, inner: 20, columns: 12, ...layout, ...shared });
              if (!covers(product)) continue;
              const [a, b] = inputs(product);
              const { c } = await multiply(a, b, product);
              expect(difference(c, matMulReference(a, b, product))).toBeLessThan(tolerance);
            }
          },
        );

        // The text is that of the smallest tile.
        it.skipIf(large).each([20, 19])('ends in every epilogue, %i columns', async (columns) => {
          runBy(variant.name);
          for (const layout of layouts) {
            const product = productOf({ rows: 37, inner: 24, columns, ...layout });
            if (!covers(product)) continue;
            // Single columns take the same statements one lane at a time, which compiles slowly.
            const some = columns % 4 === 0 && !isPart ? epilogues : epilogues.slice(-2);
            for (const epilogue of some) await checkEpilogue(product, epilogue, tolerance);
          }
        });

        it.each([
          [40, 36],
          [600, 7],
        ])(
          'sums the columns of B over %i rows beside a weight gradient, %i columns',
          async (inner, columns) => {
            runBy(variant.name);
            const product = productOf({ rows: 9, inner, columns, transposeA: true });
            const [a, b] = inputs(product);
            const { c, columnSums } = await multiply(a, b, product, { sumsColumns: true });
            expect(difference(c, matMulReference(a, b, product))).toBeLessThan(tolerance);
            const sums = Array.from({ length: columns }, (_, j) =>
              b.reduce((sum, value, i) => (i % columns === j ? sum + value : sum), 0),
            );
            expect(difference(columnSums!, sums)).toBeLessThan(tolerance);
          },
        );

        // The text is that of the smallest tile.
        it.skipIf(large)('lets NaN and overflow through, in their rows and columns only', async () => {
          runBy(variant.name);
          for (const layout of layouts) {
            const product = productOf({ rows: 20, inner: 18, columns: 8, ...layout });
            if (!covers(product)) continue;
            const [a, b] = inputs(product);
            const placeA = (i: number, k: number): number => (product.transposeA ? k * 20 + i : i * 18 + k);
            a[placeA(0, 17)] = NaN;
            for (let k = 0; k < 18; k++) a[placeA(18, k)] = 3e38;
            b[product.transposeB ? 3 * 18 + 2 : 2 * 8 + 3] = NaN;
            const { c } = await multiply(a, b, product);
            const wanted = matMulReference(a, b, product);
            for (let i = 0; i < 20; i++) {
              for (let j = 0; j < 8; j++) {
                const value = c[i * 8 + j]!;
                if (i === 0 || j === 3) expect(value).toBeNaN();
                else if (i === 18) expect(Number.isFinite(value)).toBe(false);
                else expect(Math.abs(value - wanted[i * 8 + j]!)).toBeLessThan(20 * tolerance);
              }
            }
          }
        });
      });
    }

    it('classes products by layout, size and narrowness', () => {
      expect(operationClassOf(productOf({ rows: 1024, inner: 4, columns: 1024 }))).toBe('matmul large NN');
      expect(operationClassOf(productOf({ rows: 64, inner: 4096, columns: 64, transposeA: true }))).toBe(
        'matmul small TN',
      );
      expect(operationClassOf(productOf({ rows: 16, inner: 512, columns: 512, transposeB: true }))).toBe(
        'matmul skinny NT',
      );
    });

    it('runs the register variant unless chosen otherwise, and where the chosen one does not cover a product', () => {
      const request = {
        product: productOf({ rows: 64, inner: 64, columns: 64, transposeB: true }),
        epilogue: plainEpilogue,
        sumsColumns: false,
      };
      const reference = registerVariant.plan(request).kernel.key;
      expect(planMatMul(request).kernel.key).toBe(reference);
      const tiled = { 'matmul small NT': 'tiled 32x32' };
      chooseVariants(tiled);
      expect(variantsInForce()).toEqual(tiled);
      expect(planMatMul(request).kernel.key).toContain('tiled 32x32');
      if (!deviceAbilities().features.includes('subgroups')) return;
      chooseVariants({ 'matmul small NT': 'subgroups' });
      expect(planMatMul(request).kernel.key).toBe(reference);
    });

    it('refuses a variant that does not exist or that the device lacks', () => {
      expect(() => chooseVariants({ 'matmul small NN': 'tiled 7x7' })).toThrow(RangeError);
      const lacking = matMulVariants.find((variant) => !variant.isAvailable());
      if (lacking) expect(() => chooseVariants({ 'matmul small NN': lacking.name })).toThrow(RangeError);
    });

    it('writes 16-bit strips and 32-bit sums where precision may be reduced', () => {
      const half = matMulVariants.filter(({ reducedPrecision }) => reducedPrecision);
      expect(half.map(({ name }) => name)).toEqual(['half 128x128', 'half 64x64']);
      for (const variant of half) {
        for (const layout of layouts) {
          const product = productOf({ rows: 130, inner: 33, columns: 66, ...layout });
          const code = variant.plan({ product, epilogue: plainEpilogue, sumsColumns: false })!.kernel.code();
          expect(code.startsWith('enable f16;')).toBe(true);
          expect(code).toMatch(/var<workgroup> stripA: array<vec4<f16>, \d+>/);
          expect(code).toMatch(/var<workgroup> stripB: array<vec4<f16>, \d+>/);
          expect(code.match(/strip[AB]\[[^\]]*\] = vec4<f16>\(/g)!.length).toBeGreaterThan(1);
          expect(code).toContain('var s0_0 = vec4f(0);');
          expect(code).toContain('= vec4f(stripA[');
          expect(code).not.toContain('var<storage, read> a: array<f16>');
        }
      }
    });
  },
);

const epilogues: Epilogue[] = [
  { ...plainEpilogue, bias: true },
  { ...plainEpilogue, activation: 'relu' },
  { ...plainEpilogue, residual: true },
  { bias: true, activation: 'gelu', residual: false, input: 'written' },
  { bias: true, activation: 'relu', residual: true, input: 'none' },
  { ...plainEpilogue, input: 'gelu gradient' },
];

async function checkEpilogue(product: Product, epilogue: Epilogue, tolerance: number): Promise<void> {
  const { rows, columns } = product;
  const [a, b] = inputs(product);
  const [bias, residual, at] = [
    draws([columns], 'bias'),
    draws([rows * columns], 'r'),
    draws([rows * columns], 'g'),
  ];
  const tensors = [
    tf.tensor1d(bias),
    tf.tensor(residual, [1, rows, columns]),
    tf.tensor(at, [1, rows, columns]),
  ];
  const { c, activationInput } = await multiply(a, b, product, {
    bias: epilogue.bias ? tensors[0] : undefined,
    residual: epilogue.residual ? tensors[1] : undefined,
    activation: epilogue.activation,
    keepsInput: epilogue.input === 'written',
    ...(epilogue.input === 'gelu gradient' ? { geluGradientAt: tensors[2]! } : {}),
  });
  tf.dispose(tensors);
  const sums = matMulReference(a, b, product);
  const wanted = sums.map((sum, i) => {
    if (epilogue.input === 'gelu gradient') return sum * geluReference(at[i]!).gradient;
    const v = sum + (epilogue.bias ? bias[i % columns]! : 0);
    const activated = { linear: v, relu: Math.max(v, 0), gelu: geluReference(v).value }[epilogue.activation];
    return activated + (epilogue.residual ? residual[i]! : 0);
  });
  expect(difference(c, wanted), JSON.stringify(epilogue)).toBeLessThan(tolerance);
  if (epilogue.input === 'written') {
    const before = sums.map((sum, i) => sum + bias[i % columns]!);
    expect(difference(activationInput!, before)).toBeLessThan(tolerance);
  }
}
