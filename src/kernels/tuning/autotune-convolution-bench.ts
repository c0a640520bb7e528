/**
 * The bench of tuning convolutions on the running device: each is captured once in the way that is asked for and replayed.
 */
import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../../random/random.ts';
import { compileProgram } from '../../tensors/program.ts';
import type { Program } from '../../tensors/step.ts';
import { insides } from '../../tensors/webgpu-insides.ts';
import type { ConvolutionBench } from './autotune-convolution.ts';
import { convolutionReference } from '../convolution/convolution.ts';
import { convolutionFilterGradientReference } from '../convolution/convolution-filter-gradient.ts';
import type { ConvolutionGeometry } from '../convolution/convolution-geometry.ts';
import { convolutionInputGradientReference } from '../convolution/convolution-input-gradient.ts';
import {
  byDefinition,
  classOf,
  fromPower,
  thresholds,
  underConvolutionWay,
  type ConvolutionWay,
} from '../convolution/convolution-ways.ts';
import { relativeError } from '../relative-error.ts';
import { sampledTime } from './sampled-time.ts';

interface Operands {
  readonly x: Float32Array;
  readonly filter: Float32Array;
  readonly dy: Float32Array;
}

/** A bench on the device that TensorFlow.js runs on, with our kernels in the stock ones' place. */
export class ConvolutionDeviceBench implements ConvolutionBench {
  async errorOf(g: ConvolutionGeometry, way: ConvolutionWay): Promise<number> {
    const operands = operandsOf(g);
    const { x, filter, dy } = operands;
    const wanted = {
      y: convolutionReference(x, filter, g),
      dx: convolutionInputGradientReference(dy, filter, g),
      dFilter: convolutionFilterGradientReference(x, dy, g),
    };
    return withProgram(g, way, operands, async (program) => {
      program.run({});
      const errors: number[] = [];
      for (const [name, values] of Object.entries(wanted)) {
        errors.push(relativeError(await program.read(name), values));
      }
      return Math.max(...errors);
    });
  }

  async time(g: ConvolutionGeometry, way: ConvolutionWay): Promise<number> {
    return withProgram(g, way, operandsOf(g), async (program) => {
      await sample(program, 1); // what happens at a first run only
      return sampledTime((repetitions) => sample(program, repetitions), { sampleMs: 4, most: 32 });
    });
  }

  now(): number {
    return performance.now();
  }
}

/** Milliseconds of so many runs, one after another. */
async function sample(program: Program, repetitions: number): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < repetitions; i++) program.run({});
  await insides().queue.onSubmittedWorkDone();
  return performance.now() - started;
}

/** Normal draws. */
function operandsOf(g: ConvolutionGeometry): Operands {
  const random = new Random(`autotune ${JSON.stringify(g)}`);
  const draw = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
  return {
    x: draw(g.batch * g.inHeight * g.inWidth * g.inChannels),
    filter: draw(g.filterHeight * g.filterWidth * g.inChannels * g.outChannels),
    dy: draw(g.batch * g.outHeight * g.outWidth * g.outChannels),
  };
}

/** Compiles the value and both gradients, which need no inputs, and frees them once `use` is done. */
async function withProgram<T>(
  g: ConvolutionGeometry,
  way: ConvolutionWay,
  operands: Operands,
  use: (program: Program) => Promise<T>,
): Promise<T> {
  const tensors = [
    tf.tensor(operands.x, [g.batch, g.inHeight, g.inWidth, g.inChannels]),
    tf.tensor(operands.filter, [g.filterHeight, g.filterWidth, g.inChannels, g.outChannels]),
  ];
  const dy = tf.tensor(operands.dy, [g.batch, g.outHeight, g.outWidth, g.outChannels]);
  const convolve = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
    tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, g.strideX, g.padTop);
  const operation = classOf(g)!;
  const name = way === 'definition' ? byDefinition : fromPower(operation, thresholds[0]);
  try {
    // A step is captured before its program is waited for, so that the choice holds for it and for nothing else.
    const compiling = underConvolutionWay(operation, name, () =>
      compileProgram({
        ...{ inputs: {}, state: [] },
        compute: () => {
          const { value, grads } = tf.valueAndGrads(convolve)(tensors, dy);
          return { y: value, dx: grads[0]!, dFilter: grads[1]! };
        },
      }),
    );
    const program = await compiling;
    try {
      return await use(program);
    } finally {
      program.dispose();
    }
  } finally {
    tf.dispose([...tensors, dy]);
  }
}
