/**
 * The kernels that are timed alone, at sizes that fit the device: small ones in software, large ones on a graphics card.
 */
import * as tf from '@tensorflow/tfjs-core';
import { groupNorm } from '../kernels/normalisation/group-norm.ts';
import { layerNorm } from '../kernels/normalisation/layer-norm.ts';
import { selfAttention } from '../kernels/attention.ts';
import { AdamW } from '../training/optimizers/adamw.ts';
import { adamSettings } from './contender.ts';

type Shape = readonly number[];
type Tensors = Readonly<Record<string, tf.Tensor>>;

/** One kernel, or the few that make one operation. */
export interface KernelCase {
  readonly name: string;
  /** Multiplications and additions. */
  readonly flop: number;
  /** Of inputs read once and outputs written once. */
  readonly bytes: number;
  /** Shapes of the inputs, which are drawn. */
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly compute: (inputs: Tensors) => Record<string, tf.Tensor>;
  /** Variables that `compute` writes, made anew for the case. */
  readonly state?: () => {
    readonly variables: readonly tf.Variable[];
    readonly compute: KernelCase['compute'];
  };
}

const size = (shape: Shape): number => shape.reduce((product, length) => product * length, 1);
const bytesOf = (...shapes: readonly Shape[]): number =>
  shapes.reduce((sum, shape) => sum + 4 * size(shape), 0);

/** All cases. @param software small sizes. */
export function kernelCases(software: boolean): readonly KernelCase[] {
  const products = software
    ? [[512, 512, 512] as const, [1024, 128, 512] as const]
    : [
        [1024, 1024, 1024] as const,
        [2048, 2048, 2048] as const,
        [4096, 4096, 4096] as const,
        [4096, 512, 2048] as const,
      ];
  const maps = software
    ? [
        [16, 32, 16, 16, 1] as const,
        [16, 16, 32, 32, 1] as const,
        [16, 4, 128, 128, 1] as const,
        [16, 32, 16, 32, 2] as const,
      ]
    : [
        [64, 56, 64, 64, 1] as const,
        [64, 28, 128, 128, 1] as const,
        [64, 14, 256, 256, 1] as const,
        [64, 7, 512, 512, 1] as const,
        [64, 56, 64, 128, 2] as const,
      ];
  return [
    ...products.flatMap(matrixProducts),
    ...maps.flatMap(convolutions),
    ...layerNorms(software ? [1024, 128] : [16384, 1024]),
    ...groupNorms(software ? [16, 32, 32, 16] : [64, 56, 56, 64]),
    ...attentions(software ? [16, 65, 128] : [32, 257, 512], software ? 4 : 8),
    adam(
      software
        ? [[1000, 700]]
        : [
            [4096, 1024],
            [2048, 2048],
            [512, 4608],
          ],
    ),
    elementwise(software ? 2 ** 20 : 2 ** 25),
  ];
}

function matrixProducts([rows, inner, columns]: readonly [number, number, number]): KernelCase[] {
  const flop = 2 * rows * inner * columns;
  const [a, b, dy]: Shape[] = [
    [rows, inner],
    [inner, columns],
    [rows, columns],
  ];
  const product = (
    name: string,
    x: Shape,
    y: Shape,
    transposeX: boolean,
    transposeY: boolean,
  ): KernelCase => ({
    name: `matmul ${name} ${rows}×${inner}×${columns}`,
    flop,
    bytes: bytesOf(a!, b!, dy!),
    inputs: { x, y },
    compute: (inputs) => ({ z: tf.matMul(inputs['x']!, inputs['y']!, transposeX, transposeY) }),
  });
  return [
    product('x·W', a!, b!, false, false),
    product('dx', dy!, b!, false, true),
    product('dW', a!, dy!, true, false),
  ];
}

function convolutions([batch, px, from, to, stride]: readonly [
  number,
  number,
  number,
  number,
  number,
]): KernelCase[] {
  const x: Shape = [batch, px, px, from];
  const w: Shape = [3, 3, from, to];
  const dy: Shape = [batch, px / stride, px / stride, to];
  const about = { flop: 2 * 9 * from * size(dy), bytes: bytesOf(x, w, dy) };
  const attrs = {
    strides: [stride, stride],
    pad: [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ],
    dataFormat: 'NHWC',
    dimRoundingMode: 'floor',
  };
  const pad = attrs.pad as [[0, 0], [number, number], [number, number], [0, 0]];
  const name = `${px} px ${from}→${to}${stride > 1 ? ` /${stride}` : ''}, batch ${batch}`;
  const run = (
    kernel: string,
    inputs: Record<string, tf.Tensor>,
    more: object,
  ): Record<string, tf.Tensor> => ({
    z: tf.engine().runKernel(kernel, inputs, { ...attrs, ...more }),
  });
  return [
    {
      ...about,
      name: `conv 3×3 ${name}`,
      inputs: { x, w },
      compute: (inputs) => ({
        z: tf.conv2d(inputs['x'] as tf.Tensor4D, inputs['w'] as tf.Tensor4D, stride, pad),
      }),
    },
    {
      ...about,
      name: `conv 3×3 dx ${name}`,
      inputs: { dy, w },
      compute: (inputs) =>
        run('Conv2DBackpropInput', { dy: inputs['dy']!, filter: inputs['w']! }, { inputShape: x }),
    },
    {
      ...about,
      name: `conv 3×3 dW ${name}`,
      inputs: { x, dy },
      compute: (inputs) =>
        run('Conv2DBackpropFilter', { x: inputs['x']!, dy: inputs['dy']! }, { filterShape: w }),
    },
  ];
}

/** Forward alone, and forward with all gradients: what a case takes to `f` with the weights `dy` for the gradient. */
function bothWays(
  about: Pick<KernelCase, 'name' | 'flop' | 'bytes'>,
  inputs: Readonly<Record<string, Shape>>,
  output: Shape,
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
): KernelCase[] {
  const names = Object.keys(inputs);
  const values = (tensors: Tensors): tf.Tensor[] => names.map((name) => tensors[name]!);
  return [
    { ...about, inputs, compute: (tensors) => ({ z: f(...values(tensors)) }) },
    {
      name: `${about.name}, both ways`,
      flop: 3 * about.flop,
      bytes: 3 * about.bytes,
      inputs: { ...inputs, dy: output },
      compute: (tensors) => {
        const { value, grads } = tf.valueAndGrads(f)(values(tensors), tensors['dy']);
        return { z: value, ...Object.fromEntries(names.map((name, i) => [name, grads[i]!])) };
      },
    },
  ];
}

function layerNorms(x: Shape): KernelCase[] {
  const channels: Shape = [x.at(-1)!];
  const about = { name: `layer norm ${x.join('×')}`, flop: 8 * size(x), bytes: bytesOf(x, x) };
  return bothWays(about, { x, gamma: channels, beta: channels }, x, (value, gamma, beta) =>
    layerNorm(value, gamma as tf.Tensor1D, beta as tf.Tensor1D),
  );
}

function groupNorms(x: Shape): KernelCase[] {
  const channels: Shape = [x.at(-1)!];
  const about = { name: `group norm, ReLU ${x.join('×')}`, flop: 9 * size(x), bytes: bytesOf(x, x) };
  return bothWays(about, { x, gamma: channels, beta: channels }, x, (value, gamma, beta) =>
    groupNorm(value, gamma as tf.Tensor1D, beta as tf.Tensor1D, { groups: channels[0]! / 8, relu: true }),
  );
}

function attentions(x: Shape, heads: number): KernelCase[] {
  const [batch, tokens, dimensions] = x as [number, number, number];
  const about = {
    name: `attention ${x.join('×')}, ${heads} heads`,
    flop: 4 * batch * tokens ** 2 * dimensions,
    bytes: bytesOf(x, x, x, x),
  };
  const qkv: Shape = [batch, tokens, 3 * dimensions];
  return bothWays(about, { qkv }, x, (packed) => selfAttention(packed as tf.Tensor3D, heads));
}

/** Weights and both moments are read and written, gradients read. */
function adam(shapes: readonly Shape[]): KernelCase {
  const inputs = Object.fromEntries(shapes.map((shape, i) => [`g${i}`, shape]));
  const count = shapes.reduce((sum, shape) => sum + size(shape), 0);
  return {
    name: `AdamW ${(count / 1e6).toFixed(1)} M weights`,
    flop: 12 * count,
    bytes: 7 * bytesOf(...shapes),
    inputs,
    compute: () => ({}),
    state: () => {
      const variables = shapes.map((shape, i) => ({
        name: `w${i}`,
        variable: tf.tidy(() => tf.variable(tf.ones([...shape]))),
        decay: true,
      }));
      const optimizer = new AdamW(variables, adamSettings);
      const numbers = optimizer.scalarsOfStep(1, adamSettings.learningRate);
      return {
        variables: [...variables.map(({ variable }) => variable), ...optimizer.state],
        compute: (tensors) => {
          const scalars = tf.tensor1d(numbers.values as Float32Array);
          optimizer.apply(
            shapes.map((_, i) => tensors[`g${i}`]),
            scalars,
            null,
          );
          return {};
        },
      };
    },
  };
}

function elementwise(count: number): KernelCase {
  return {
    name: `x + y, ${count / 2 ** 20} Mi numbers`,
    flop: count,
    bytes: bytesOf([count], [count], [count]),
    inputs: { x: [count], y: [count] },
    compute: ({ x, y }) => ({ z: tf.add(x!, y!) }),
  };
}
