/**
 * Our engine: the lab's own model on our kernels, its step captured once and replayed.
 */
import * as tf from '@tensorflow/tfjs-core';
import { fusedAdamWStep } from '../../src/kernels/adamw.ts';
import { restoreStockKernels } from '../../src/kernels/override.ts';
import { registerKernels } from '../../src/kernels/registry.ts';
import type { HostTensor, HostTensors } from '../../src/tensors/host-tensor.ts';
import { compileProgram } from '../../src/tensors/program.ts';
import type { DispatchTime, Program } from '../../src/tensors/step.ts';
import { buildModel, type BenchModel, type BuiltModel } from './bench-models.ts';
import { adamSettings, timedStep, type Contender, type Gradients, type Problem } from './contender.ts';

/** Our contender, which can also say where its time goes. */
export interface OurContender extends Contender {
  /** The compiled step. */
  readonly program: Program;
  /** Times of each dispatch of one step; null without timestamps. */
  profile(): Promise<readonly DispatchTime[] | null>;
}

/** Our engine at a model. Registers our kernels while it compiles, and puts the stock ones back. */
export function ourContender(model: BenchModel, { inputs }: Problem): OurContender {
  let built: BuiltModel | undefined;
  let program: Program | undefined;
  let slots: readonly (readonly [tf.Variable, tf.Variable])[] = [];
  let step = 0;
  const nextInputs = (): HostTensors => ({ ...inputs, scalars: scalarsOf(++step) });
  return {
    engine: 'ours',
    lazy: false,
    get program() {
      return program!;
    },
    async prepare() {
      built = buildModel(model);
      slots = built.variables.map(({ variable }) => [zerosLike(variable), zerosLike(variable)]);
      program = await withOurKernels(() => compileProgram(trainingStep(built!, slots, inputs)));
    },
    async first() {
      const gradients = await withOurKernels(() => gradientsOf(built!, inputs));
      return { gradients, ...(await timedStep(this)) };
    },
    issue: () => program!.run(nextInputs()),
    loss: async () => (await program!.readScalars()).at(-1)![0]!,
    profile: () => program!.profile(nextInputs()),
    dispose() {
      program?.dispose();
      built?.dispose();
      tf.dispose(slots.flat());
    },
  };
}

async function withOurKernels<T>(make: () => Promise<T>): Promise<T> {
  registerKernels();
  try {
    return await make();
  } finally {
    restoreStockKernels();
  }
}

function zerosLike(variable: tf.Variable): tf.Variable {
  return tf.tidy(() => tf.keep(tf.variable(tf.zeros(variable.shape), false)));
}

function trainingStep(
  { variables, loss }: BuiltModel,
  slots: readonly (readonly [tf.Variable, tf.Variable])[],
  inputs: HostTensors,
) {
  const parameters = variables.map(({ variable }) => variable);
  return {
    inputs: { ...inputs, scalars: scalarsOf(1) },
    state: [...parameters, ...slots.flat()],
    scalars: ['loss'],
    compute: (tensors: Readonly<Record<string, tf.Tensor>>) => {
      const { value, grads } = tf.variableGrads(() => loss(tensors), parameters);
      const items = variables.map(({ variable, decay }, i) => ({
        ...{ parameter: variable, gradient: grads[variable.name]!, decay },
        ...{ firstMoment: slots[i]![0], secondMoment: slots[i]![1] },
      }));
      fusedAdamWStep(items, tensors['scalars'] as tf.Tensor1D);
      return { loss: value };
    },
  };
}

/** The numbers of step t as AdamW's kernel reads them; weight decay 0 makes it Adam. */
function scalarsOf(t: number): HostTensor {
  const { learningRate, beta1, beta2, epsilon } = adamSettings;
  const corrections = [1 - beta1 ** t, 1 - beta2 ** t];
  const values = Float32Array.from([learningRate, 0, beta1, beta2, epsilon, ...corrections, 1]);
  return { shape: [8], dtype: 'float32', values };
}

async function gradientsOf({ variables, loss }: BuiltModel, inputs: HostTensors): Promise<Gradients> {
  const parameters = variables.map(({ variable }) => variable);
  const program = await compileProgram({
    inputs,
    state: [],
    compute: (tensors) => {
      const { value, grads } = tf.variableGrads(() => loss(tensors), parameters);
      value.dispose();
      return Object.fromEntries(variables.map(({ name, variable }) => [name, grads[variable.name]!]));
    },
  });
  try {
    program.run(inputs);
    const gradients = new Map<string, Float32Array>();
    for (const { name } of variables) gradients.set(name, await program.read(name));
    return gradients;
  } finally {
    program.dispose();
  }
}
