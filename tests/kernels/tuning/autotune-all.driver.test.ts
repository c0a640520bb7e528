/**
 * The whole tuner on a device with all that a graphics card has: every variant computes what it should, is timed, and the choices run. What
 * is timed is small, since whole products take minutes where the device is the processor.
 */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { classOf, convolutionClasses } from '../../../src/kernels/convolution/convolution-ways.ts';
import type { Product } from '../../../src/kernels/matmul/matmul-product.ts';
import { registerKernels } from '../../../src/kernels/registry.ts';
import { tuneAll } from '../../../src/kernels/tuning/autotune-all.ts';
import { DeviceBench } from '../../../src/kernels/tuning/autotune-bench.ts';
import { ConvolutionDeviceBench } from '../../../src/kernels/tuning/autotune-convolution-bench.ts';
import { oddConvolution, type ConvolutionBench } from '../../../src/kernels/tuning/autotune-convolution.ts';
import { VARIANTS_VERSION, type Bench } from '../../../src/kernels/tuning/autotune.ts';
import { chooseVariants, matMulVariants, variantsInForce } from '../../../src/kernels/tuning/variants.ts';
import { deviceAbilities, startWebgpu } from '../../../src/tensors/backend.ts';
import { difference, draws, hasWebgpu, on } from '../device.ts';

const webgpu = await hasWebgpu();
/** float32 sums of up to 256 products of normal draws, in another order. */
const TOLERANCE = 3e-6;

beforeAll(async () => {
  if (!webgpu) return;
  await startWebgpu();
  registerKernels();
});
afterAll(() => chooseVariants({}));

/** Products of 256 rows and more are only timed; in their place come the odd sizes that the check has compiled already. */
function shrunk(product: Product): Product {
  return product.rows < 256 ? product : { ...product, rows: 131, inner: 75, columns: 141 };
}

function smallBench(device: DeviceBench): Bench {
  return {
    operands: (product) => device.operands(product),
    multiply: (variant, product) => device.multiply(variant, shrunk(product)),
    time: (variant, product) => device.time(variant, shrunk(product)),
    now: () => device.now(),
  };
}

function smallConvolutionBench(device: ConvolutionDeviceBench): ConvolutionBench {
  return {
    errorOf: (g, way) => device.errorOf(g, way),
    time: (g, way) => device.time(oddConvolution(classOf(g)!), way),
    now: () => 0, // its time never ends: compiling alone would use it up
  };
}

// Without an adapter there is nothing to tune.
it.skipIf(!webgpu)(
  'excludes nothing that the device can run, and its choices compute what they should',
  async () => {
    const identity = { adapter: 'a', browser: 'b', code: VARIANTS_VERSION, reducedPrecision: true };
    const bench = new DeviceBench();
    const variants = matMulVariants;
    // The first class is measured whatever it takes, which is enough here.
    const tuning = { identity, software: false, variants, bench: smallBench(bench), budgetMs: 0 };
    const record = await tuneAll(tuning, smallConvolutionBench(new ConvolutionDeviceBench()));
    bench.dispose();

    expect(variantsInForce()).toEqual({});
    expect(record.excluded.filter(({ reason }) => reason !== 'does not cover it')).toEqual([]);
    expect(record.convolutions!.excluded).toEqual([]);
    const available = variants.filter((variant) => variant.isAvailable()).map(({ name }) => name);
    const timed = record.measured.filter(({ operation }) => operation === 'matmul large NN');
    expect(new Set(timed.map(({ variant }) => variant))).toEqual(new Set(available));
    expect(timed.every(({ durationMs }) => durationMs > 0 && durationMs < Infinity)).toBe(true);
    expect(new Set(record.convolutions!.measured.map(({ operation }) => operation))).toEqual(
      new Set(convolutionClasses),
    );
    if (deviceAbilities().features.includes('shader-f16')) expect(available).toContain('half 128x128');

    // The choices of full precision run: what is chosen in reduced precision has a bound of its own in variants.browser.test.ts.
    const reduced = variants.filter(({ reducedPrecision }) => reducedPrecision).map(({ name }) => name);
    const exact = Object.entries(record.choices).filter(([, name]) => !reduced.includes(name));
    chooseVariants(Object.fromEntries(exact));
    const compute = (): tf.Tensor[] => {
      const x = tf.tensor4d(draws([2, 24, 24, 8], 'x'), [2, 24, 24, 8]);
      const filter = tf.tensor4d(draws([3, 3, 8, 16], 'filter'), [3, 3, 8, 16]);
      const [a, b] = [
        tf.tensor2d(draws([70, 256], 'a'), [70, 256]),
        tf.tensor2d(draws([256, 36], 'b'), [256, 36]),
      ];
      return [tf.matMul(a, b), tf.conv2d(x, filter, 1, 'same'), tf.conv2d(x, filter, 2, 'same')];
    };
    const [ours, cpu] = [await on('webgpu', compute), await on('cpu', compute)];
    // Winograd's sums lose another digit, which the tuner's own bound grants them.
    ours.forEach((values, i) => expect(difference(values, cpu[i]!)).toBeLessThan(i === 0 ? TOLERANCE : 2e-5));
  },
);
