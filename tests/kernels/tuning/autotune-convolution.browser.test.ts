/** Tuning convolutions with clocks of our own: the least size that pays is found, what is wrong is named; then on the device. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  oddConvolution,
  representative,
  tuneConvolutions,
  type ConvolutionBench,
} from '../../../src/kernels/tuning/autotune-convolution.ts';
import { VARIANTS_VERSION, type Bench, type TuningRecord } from '../../../src/kernels/tuning/autotune.ts';
import { tuneAll } from '../../../src/kernels/tuning/autotune-all.ts';
import { ConvolutionDeviceBench } from '../../../src/kernels/tuning/autotune-convolution-bench.ts';
import {
  productsOf,
  type ConvolutionGeometry,
} from '../../../src/kernels/convolution/convolution-geometry.ts';
import {
  classOf,
  convolutionClasses,
  fromPower,
  thresholds,
  underConvolutionWay,
  wayOf,
  wayOfClass,
  type ConvolutionWay,
} from '../../../src/kernels/convolution/convolution-ways.ts';
import { matMulReference } from '../../../src/kernels/matmul/matmul-product.ts';
import { registerVariant } from '../../../src/kernels/matmul/matmul-registers.ts';
import { registerKernels } from '../../../src/kernels/registry.ts';
import { chooseVariants, variantsInForce } from '../../../src/kernels/tuning/variants.ts';
import { startWebgpu } from '../../../src/tensors/backend.ts';
import { draws, hasWebgpu } from '../device.ts';

const webgpu = await hasWebgpu();

/** A device on which products take `launchMs` more and a share of the definition's time. */
function fakeBench(
  launchMs: number,
  share: number,
  errorOf: (g: ConvolutionGeometry, way: ConvolutionWay) => number = () => 1e-6,
): ConvolutionBench & { calls: number } {
  let clockMs = 0;
  const bench = {
    calls: 0,
    errorOf: (g: ConvolutionGeometry, way: ConvolutionWay) =>
      new Promise<number>((resolve) => resolve(errorOf(g, way))),
    time: (g: ConvolutionGeometry, way: ConvolutionWay) => {
      bench.calls++;
      const definitionMs = productsOf(g) / 2 ** 24;
      const durationMs = way === 'definition' ? definitionMs : launchMs + share * definitionMs;
      clockMs += durationMs;
      return Promise.resolve(durationMs);
    },
    now: () => clockMs,
  };
  return bench;
}

describe('tuneConvolutions', () => {
  it('finds the least size from which a way pays', async () => {
    // 2^22.8 multiplications take 0.44 ms, 2^24.8 take 1.7: half of it is worth a launch of 0.5 ms from the second on.
    const { choices, measured, excluded, untimed } = await tuneConvolutions(fakeBench(0.5, 0.5));
    expect(choices).toEqual({
      'convolution 3×3': 'winograd from 2^24 multiplications',
      'convolution strided': 'patches from 2^24 multiplications',
    });
    expect([excluded, untimed]).toEqual([[], []]);
    expect(measured.map(({ power }) => power).slice(0, 8)).toEqual([28, 28, 26, 26, 24, 24, 22, 22]);
  });

  it('leaves the definition everywhere or nowhere where that is fastest', async () => {
    const everywhere = await tuneConvolutions(fakeBench(0, 0.5));
    expect(everywhere.choices['convolution 3×3']).toBe(fromPower('convolution 3×3', thresholds[0]));
    const slow = fakeBench(0, 0.98);
    expect((await tuneConvolutions(slow)).choices).toEqual({
      'convolution 3×3': 'definition',
      'convolution strided': 'definition',
    });
    expect(slow.calls).toBe(4);
  });

  it('stops when its time is used up, with what it has found', async () => {
    // The largest alone takes 27 ms and 13; the second class has no time left.
    const { choices, untimed } = await tuneConvolutions(fakeBench(0, 0.5), 30);
    expect(choices).toEqual({ 'convolution 3×3': 'winograd from 2^28 multiplications' });
    expect(untimed).toEqual(['convolution strided']);
  });

  it('excludes and names a way that computes wrong numbers or does not compile', async () => {
    const wrong = fakeBench(0, 0.5, (_, way) => (way === 'winograd' ? NaN : 1e-6));
    const { choices, excluded } = await tuneConvolutions(wrong);
    expect(choices['convolution 3×3']).toBe('definition');
    expect(choices['convolution strided']).toBe('patches from 2^20 multiplications');
    expect(excluded).toEqual([
      { operation: 'convolution 3×3', reason: 'computes wrong numbers (relative error NaN)' },
    ]);
    const broken = fakeBench(0, 0.5, (_, way) => {
      if (way === 'patches') throw new Error('the shader does not compile');
      return 1e-6;
    });
    expect((await tuneConvolutions(broken)).excluded[0]!.reason).toBe('the shader does not compile');
  });

  it('leaves no record when the definition fails, or the device is gone meanwhile', async () => {
    const never = fakeBench(0, 0.5, () => 1);
    await expect(tuneConvolutions(never)).rejects.toThrow('computes convolutions wrongly');
    let calls = 0;
    const lost = fakeBench(0, 0.5, () => {
      if (++calls > 1) throw new Error('the device was lost');
      return 1e-6;
    });
    await expect(tuneConvolutions(lost)).rejects.toThrow('the device was lost');
  });

  it('follows the choice of products, is kept with it, and measures nothing in software or where a record holds good', async () => {
    const identity = { adapter: 'a card', browser: 'one', code: VARIANTS_VERSION, reducedPrecision: false };
    const products: Bench = {
      operands: ({ rows, inner, columns }) => [draws([rows * inner], 'a'), draws([inner * columns], 'b')],
      multiply(_, product) {
        const isChecked = product.rows <= 200; // the large ones are only compiled, not looked at
        return Promise.resolve(
          isChecked ? matMulReference(...this.operands(product), product) : new Float32Array(),
        );
      },
      time: () => Promise.resolve(1),
      now: () => 0,
    };
    const tuning = { identity, software: false, variants: [registerVariant], bench: products };
    const record = await tuneAll(tuning, fakeBench(0, 0.5));
    expect(record.choices).toEqual({
      'convolution 3×3': 'winograd from 2^20 multiplications',
      'convolution strided': 'patches from 2^20 multiplications',
    });
    expect(record.convolutions!.measured).toHaveLength(20);
    expect(variantsInForce()).toEqual({});
    const stored = JSON.parse(JSON.stringify(record)) as TuningRecord;
    expect(stored).toEqual(record);
    const later = fakeBench(0, 2);
    expect(await tuneAll({ ...tuning, stored }, later)).toBe(stored);
    expect((await tuneAll({ ...tuning, software: true }, later)).choices).toEqual({});
    expect(later.calls).toBe(0);
  });

  it.each(convolutionClasses)('times convolutions of the class itself: %s', (operation) => {
    expect(classOf(oddConvolution(operation))).toBe(operation);
    expect(productsOf(oddConvolution(operation))).toBeGreaterThanOrEqual(2 ** thresholds[0]);
    for (const power of thresholds) {
      const g = representative(operation, power);
      expect(classOf(g)).toBe(operation);
      expect(Math.floor(Math.log2(productsOf(g)))).toBe(power);
    }
  });
});

// Without an adapter there is no device to measure; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)('on the device (skipped where the browser has no WebGPU adapter)', () => {
  afterEach(() => chooseVariants({}));

  it('runs each way as it is asked to, finds both right, and leaves the choice in force', async () => {
    await startWebgpu();
    registerKernels();
    const bench = new ConvolutionDeviceBench();
    for (const operation of convolutionClasses) {
      const g = oddConvolution(operation);
      const before = wayOf(g);
      const errors = [await bench.errorOf(g, 'definition'), await bench.errorOf(g, wayOfClass[operation])];
      for (const error of errors) expect(error).toBeLessThan(2e-5);
      const asked = underConvolutionWay(operation, fromPower(operation, thresholds[0]), () => wayOf(g));
      expect(asked).toBe(wayOfClass[operation]);
      // Winograd's additions are others: had both run in one way, their errors would be the same.
      if (asked === 'winograd') expect(errors[0]).not.toBe(errors[1]);
      const durationMs = await bench.time(g, wayOfClass[operation]);
      expect(durationMs).toBeGreaterThan(0);
      expect(durationMs).toBeLessThan(Infinity);
      expect(wayOf(g)).toBe(before);
    }
  });

  it('puts choices in force and takes them back', async () => {
    await startWebgpu();
    const g = representative('convolution 3×3', 22);
    expect(wayOf(g)).toBe('definition');
    const choices = { 'convolution 3×3': fromPower('convolution 3×3', 22) };
    chooseVariants(choices);
    expect(wayOf(g)).toBe('winograd');
    expect(variantsInForce()).toEqual(choices);
    chooseVariants({ 'convolution 3×3': 'definition' });
    expect(wayOf(representative('convolution 3×3', 28))).toBe('definition');
    chooseVariants({});
    expect(wayOf(representative('convolution 3×3', 28))).toBe('winograd');
    expect(() => chooseVariants({ 'convolution 3×3': 'by magic' })).toThrow(
      'There is no way "by magic" for convolution 3×3.',
    );
  });
});
