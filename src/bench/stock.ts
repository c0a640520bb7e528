/**
 * TensorFlow.js unchanged: its own kernels, its own Adam, default flags.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BenchModel } from './bench-models.ts';
import { adamSettings, timedStep, type Contender, type Problem } from './contender.ts';
import { stockLoss } from './models-stock.ts';

/** Stock TensorFlow.js at a model. The stock kernels must stand. */
export function stockContender({ architecture }: BenchModel, { inputs, weights }: Problem): Contender {
  const variables = new Map<string, tf.Variable>();
  let tensors: Record<string, tf.Tensor> = {};
  let optimizer: tf.Optimizer | undefined;
  let loss: tf.Scalar | undefined;
  let keepGradients = false;
  let kept: tf.NamedTensorMap = {};
  const compute = (): tf.Scalar =>
    stockLoss(
      architecture,
      <T extends tf.Tensor>(name: string) => variables.get(name)! as tf.Tensor as T,
      tensors,
    );
  const all = (): tf.Variable[] => [...variables.values()];
  return {
    engine: 'stock',
    lazy: false,
    prepare() {
      for (const [name, { shape, values }] of weights) {
        variables.set(
          name,
          tf.tidy(() => tf.variable(tf.tensor(values, [...shape]))),
        );
      }
      tensors = Object.fromEntries(
        Object.entries(inputs).map(([name, { shape, dtype, values }]) => [
          name,
          tf.tensor(values, [...shape], dtype),
        ]),
      );
      const { learningRate, beta1, beta2, epsilon } = adamSettings;
      optimizer = tf.train.adam(learningRate, beta1, beta2, epsilon);
      return Promise.resolve();
    },
    async first() {
      keepGradients = true;
      const step = await timedStep(this);
      keepGradients = false;
      const gradients = new Map<string, Float32Array>();
      for (const [name, variable] of variables) {
        gradients.set(name, Float32Array.from(await kept[variable.name]!.data()));
      }
      tf.dispose(kept);
      return { gradients, ...step };
    },
    issue() {
      loss?.dispose();
      withDefaultFlags(() => {
        loss = tf.tidy(() => {
          const { value, grads } = tf.variableGrads(compute, all());
          optimizer!.applyGradients(grads);
          if (keepGradients)
            kept = Object.fromEntries(Object.entries(grads).map(([name, g]) => [name, tf.keep(g)]));
          return value;
        });
      });
    },
    loss: async () => (await loss!.data())[0]!,
    dispose() {
      tf.dispose([...all(), ...Object.values(tensors)]);
      loss?.dispose();
      optimizer?.dispose();
    },
  };
}

/** Our engine keeps small tensors off the CPU; TensorFlow.js by default does not. */
function withDefaultFlags<T>(run: () => T): T {
  const ours = tf.env().getBool('WEBGPU_CPU_FORWARD');
  tf.env().set('WEBGPU_CPU_FORWARD', true);
  try {
    return run();
  } finally {
    tf.env().set('WEBGPU_CPU_FORWARD', ours);
  }
}
