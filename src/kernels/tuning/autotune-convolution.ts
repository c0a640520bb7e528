/**
 * Measures from how many multiplications on convolutions use another algorithm than the definition, once the variants of matrix products
 * are set. An algorithm that computes wrong numbers or does not compile is excluded and named. Software adapters are not measured: the
 * defaults were measured in software.
 */
import type { ConvolutionGeometry } from '../convolution/convolution-geometry.ts';
import {
  byDefinition,
  convolutionClasses,
  fromPower,
  thresholds,
  wayOfClass,
  type ConvolutionClass,
  type ConvolutionWay,
} from '../convolution/convolution-ways.ts';
import type { VariantChoices } from './variants.ts';

/** The time of a convolution forward and both ways back. */
export interface ConvolutionMeasurement {
  readonly operation: ConvolutionClass;
  readonly way: ConvolutionWay;
  /** The convolution has between 2^power and 2^(power + 1) multiplications. */
  readonly power: number;
  readonly durationMs: number;
}

/** What was found on a device. Plain data. */
export interface ConvolutionTuning {
  readonly choices: VariantChoices;
  readonly measured: readonly ConvolutionMeasurement[];
  /** Ways that must not run here. */
  readonly excluded: readonly { readonly operation: ConvolutionClass; readonly reason: string }[];
  /** Classes for which there was no time; they use the default. */
  readonly untimed: readonly ConvolutionClass[];
}

/** The device, as tuning of convolutions sees it. */
export interface ConvolutionBench {
  /** Largest difference from the definition in double precision, of the value and both gradients, over the largest number of each. */
  errorOf(g: ConvolutionGeometry, way: ConvolutionWay): Promise<number>;
  /** Milliseconds of the value and both gradients, the cost of launching them included. */
  time(g: ConvolutionGeometry, way: ConvolutionWay): Promise<number>;
  now(): number;
}

/** Another way must be this much faster than the definition. */
const WORTHWHILE = 0.97;
const TOLERANCE = 2e-5;

/**
 * Measures each class of convolutions. The current choices do not change.
 * @param budgetMs after which nothing more is begun; compiling takes most of it
 * @throws Error when the definition itself computes wrong numbers or does not run.
 */
export async function tuneConvolutions(bench: ConvolutionBench, budgetMs = 3000): Promise<ConvolutionTuning> {
  const choices: Partial<Record<ConvolutionClass, string>> = {};
  const measured: ConvolutionMeasurement[] = [];
  const excluded: { operation: ConvolutionClass; reason: string }[] = [];
  const untimed: ConvolutionClass[] = [];
  const started = bench.now();
  for (const operation of convolutionClasses) {
    await assertDefinition(bench, operation);
    try {
      const error = await bench.errorOf(oddConvolution(operation), wayOfClass[operation]);
      if (!(error <= TOLERANCE)) throw new Error(`computes wrong numbers (relative error ${error})`);
      const found = await measure(bench, operation, started + budgetMs);
      measured.push(...found.measured);
      if (found.choice === undefined) untimed.push(operation);
      else choices[operation] = found.choice;
    } catch (error) {
      // When the device is lost, no record is kept, because the failures say nothing about the device.
      await assertDefinition(bench, operation);
      excluded.push({ operation, reason: error instanceof Error ? error.message : String(error) });
      choices[operation] = byDefinition;
    }
  }
  return { choices, measured, excluded, untimed };
}

async function assertDefinition(bench: ConvolutionBench, operation: ConvolutionClass): Promise<void> {
  const error = await bench.errorOf(oddConvolution(operation), 'definition');
  if (error <= TOLERANCE) return;
  throw new Error(
    `This graphics card computes convolutions wrongly (relative error ${error}), so that nothing can be trained on it. Update its driver or the browser, then open the page again.`,
  );
}

/**
 * The smallest size from which the class's other algorithm is faster. The largest size is measured first: if it is not faster there, it is
 * not faster anywhere.
 */
async function measure(
  bench: ConvolutionBench,
  operation: ConvolutionClass,
  until: number,
): Promise<{ readonly choice: string | undefined; readonly measured: readonly ConvolutionMeasurement[] }> {
  const way = wayOfClass[operation];
  const measured: ConvolutionMeasurement[] = [];
  let choice: string | undefined;
  for (const power of [...thresholds].reverse()) {
    if (bench.now() > until) break;
    const g = representative(operation, power);
    const definitionMs = await bench.time(g, 'definition');
    const durationMs = await bench.time(g, way);
    measured.push({ operation, way: 'definition', power, durationMs: definitionMs });
    measured.push({ operation, way, power, durationMs });
    if (durationMs >= WORTHWHILE * definitionMs) return { choice: choice ?? byDefinition, measured };
    choice = fromPower(operation, power);
  }
  return { choice, measured };
}

/** Its sizes are odd, so that guards and leftover pixels are tested. */
export function oddConvolution(operation: ConvolutionClass): ConvolutionGeometry {
  return geometry(
    operation === 'convolution strided'
      ? { films: 4, side: 11, channels: 36, stride: 2 }
      : { films: 2, side: 9, channels: 36, stride: 1 },
  );
}

const sizes: Readonly<Record<number, readonly [films: number, side: number, channels: number]>> = {
  20: [1, 14, 32],
  22: [4, 14, 32],
  24: [4, 14, 64],
  26: [4, 28, 64],
  28: [4, 28, 128],
};

/** A convolution of the class with between 2^power and 2^(power + 1) multiplications. @param power one of `thresholds` */
export function representative(operation: ConvolutionClass, power: number): ConvolutionGeometry {
  const [films, side, channels] = sizes[power]!;
  const stride = operation === 'convolution strided' ? 2 : 1;
  return geometry({ films, side: side * stride, channels, stride });
}

/** 3×3, as many channels out as in, one pixel of padding. */
function geometry({
  films,
  side,
  channels,
  stride,
}: {
  readonly films: number;
  readonly side: number;
  readonly channels: number;
  readonly stride: number;
}): ConvolutionGeometry {
  const out = Math.floor((side - 1) / stride) + 1;
  return {
    ...{ batch: films, inHeight: side, inWidth: side, inChannels: channels },
    ...{ outHeight: out, outWidth: out, outChannels: channels },
    ...{ filterHeight: 3, filterWidth: 3, strideY: stride, strideX: stride, padTop: 1, padLeft: 1 },
  };
}
