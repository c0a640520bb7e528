/**
 * jax-js on WebGPU, its whole training step under jit.
 */
import { init, defaultDevice, jit, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import type { HostTensor } from '../tensors/host-tensor.ts';
import type { BenchModel } from './bench-models.ts';
import { adamSettings, timedStep, type Contender, type Problem } from './contender.ts';
import { jaxLoss } from './models-jax.ts';

type Arrays = Record<string, np.Array>;

/** jax-js at a model. */
export function jaxContender({ architecture }: BenchModel, { inputs, weights }: Problem): Contender {
  const loss = (parameters: Arrays, batch: Arrays): np.Array =>
    jaxLoss(architecture, (name) => parameters[name]!, batch);
  const step = jit(adamStep(loss));
  let [parameters, first, second, batch]: Arrays[] = [{}, {}, {}, {}];
  let value: np.Array | undefined;
  let steps = 0;
  return {
    engine: 'jax',
    lazy: true,
    async prepare() {
      const devices = await init('webgpu');
      if (!devices.includes('webgpu')) throw new Error('jax-js found no WebGPU device');
      defaultDevice('webgpu');
      for (const [name, { shape, values }] of weights) {
        parameters![name] = toJax(shape, values);
        first![name] = np.zeros(parameters![name].shape);
        second![name] = np.zeros(parameters![name].shape);
      }
      batch = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, inputToJax(input)]));
    },
    async first() {
      const [one, gradients] = jit(valueAndGrad(loss))(tree.ref(parameters!), tree.ref(batch!));
      one.dispose();
      const read = new Map<string, Float32Array>();
      for (const [name, { shape }] of weights)
        read.set(name, fromJax(shape, await numbers(gradients[name]!)));
      return { gradients: read, ...(await timedStep(this)) };
    },
    issue() {
      steps++;
      value?.dispose();
      const { beta1, beta2 } = adamSettings;
      const corrections = np.array(new Float32Array([1 / (1 - beta1 ** steps), 1 / (1 - beta2 ** steps)]));
      [value, parameters, first, second] = step(parameters!, first!, second!, tree.ref(batch!), corrections);
    },
    loss: async () => (await numbers(value!.ref))[0]!,
    dispose() {
      tree.dispose([parameters!, first!, second!, batch!]);
      value?.dispose();
      step.dispose();
    },
  };
}

function adamStep(loss: (parameters: Arrays, batch: Arrays) => np.Array) {
  const withGradients = valueAndGrad(loss);
  const { learningRate, beta1, beta2, epsilon } = adamSettings;
  return (
    parameters: Arrays,
    first: Arrays,
    second: Arrays,
    batch: Arrays,
    corrections: np.Array,
  ): [np.Array, Arrays, Arrays, Arrays] => {
    const [value, gradients] = withGradients(tree.ref(parameters), batch);
    const [c1, c2] = np.split(corrections, 2, 0) as [np.Array, np.Array];
    const next: [Arrays, Arrays, Arrays] = [{}, {}, {}];
    for (const name of Object.keys(parameters)) {
      const g = gradients[name]!;
      const m = first[name]!.mul(beta1).add(g.ref.mul(1 - beta1));
      const v = second[name]!.mul(beta2).add(np.square(g).mul(1 - beta2));
      const root = np.sqrt(v.ref.mul(c2.ref)).add(epsilon);
      next[0][name] = parameters[name]!.sub(m.ref.mul(c1.ref).div(root).mul(learningRate));
      next[1][name] = m;
      next[2][name] = v;
    }
    c1.dispose();
    c2.dispose();
    return [value, ...next];
  };
}

async function numbers(array: np.Array): Promise<Float32Array> {
  return Float32Array.from((await array.data()) as Float32Array);
}

/** Films [batch, height, width, channels] to [batch, channels, height, width]; one channel needs no move. */
function inputToJax({ shape, dtype, values }: HostTensor): np.Array {
  if (dtype === 'int32') return np.array(values, { shape: [...shape], dtype: np.int32 });
  const [batch, height, width, channels] = shape;
  if (shape.length === 4 && channels !== 1) throw new RangeError('inputToJax: films must have one channel');
  const moved = shape.length === 4 ? [batch!, 1, height!, width!] : [...shape];
  return np.array(values.slice(), { shape: moved });
}

/** Filters [height, width, inputs, outputs] to [outputs, inputs, height, width]. */
function toJax(shape: readonly number[], values: Float32Array): np.Array {
  if (shape.length !== 4) return np.array(values.slice(), { shape: [...shape] });
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  const moved = new Float32Array(values.length);
  forFilter(shape, (ours, theirs) => (moved[theirs] = values[ours]!));
  return np.array(moved, { shape: [outputs, inputs, height, width] });
}

function fromJax(shape: readonly number[], values: Float32Array): Float32Array {
  if (shape.length !== 4) return values;
  const moved = new Float32Array(values.length);
  forFilter(shape, (ours, theirs) => (moved[ours] = values[theirs]!));
  return moved;
}

/** Index of each filter value in our layout and in jax's. */
function forFilter(shape: readonly number[], visit: (ours: number, theirs: number) => void): void {
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        visit((pixel * inputs + i) * outputs + o, (o * inputs + i) * height * width + pixel);
      }
    }
  }
}
