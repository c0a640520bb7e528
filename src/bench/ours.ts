/**
 * Our engine: the lab's own model on our kernels, its step captured once and replayed.
 */
import * as tf from '@tensorflow/tfjs-core';
import { restoreStockKernels } from '../kernels/override.ts';
import { registerKernels } from '../kernels/registry.ts';
import type { HostTensors } from '../tensors/host-tensor.ts';
import { compileProgram } from '../tensors/program.ts';
import type { DispatchTime, Program, Step } from '../tensors/step.ts';
import { AdamW } from '../training/optimizers/adamw.ts';
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
  let optimizer: AdamW | undefined;
  let step = 0;
  const nextInputs = (): HostTensors => ({ ...inputs, ...scalarsOf(optimizer!, ++step) });
  return {
    engine: 'ours',
    lazy: false,
    get program() {
      return program!;
    },
    async prepare() {
      built = buildModel(model);
      optimizer = new AdamW(built.variables, { ...adamSettings, weightDecay: 0 });
      program = await withOurKernels(() => compileProgram(trainingStep(built!, optimizer!, inputs)));
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
      optimizer?.dispose();
    },
  };
}

/** Runs with our kernels in the stock ones' place. */
export async function withOurKernels<T>(make: () => Promise<T>): Promise<T> {
  registerKernels();
  try {
    return await make();
  } finally {
    restoreStockKernels();
  }
}

function trainingStep({ variables, loss }: BuiltModel, optimizer: AdamW, inputs: HostTensors): Step {
  const parameters = variables.map(({ variable }) => variable);
  return {
    inputs: { ...inputs, ...scalarsOf(optimizer, 1) },
    state: [...parameters, ...optimizer.state],
    scalars: ['loss'],
    compute: ({ scalars, ...batch }) => {
      const { value, grads } = tf.variableGrads(() => loss(batch), parameters);
      optimizer.apply(
        parameters.map(({ name }) => grads[name]),
        scalars as tf.Tensor1D,
        null,
      );
      return { loss: value };
    },
  };
}

/** The scalars that change from step to step. */
function scalarsOf(optimizer: AdamW, step: number): HostTensors {
  return { scalars: optimizer.scalarsOfStep(step, adamSettings.learningRate) };
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
