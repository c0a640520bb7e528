/** A captured step is the step itself: the same numbers to the last bit, from new inputs each time, and no quiet mistake when it cannot be. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { adamNumbers } from '../../src/kernels/optimizer/adam-rule.ts';
import { groupNorm } from '../../src/kernels/normalisation/group-norm.ts';
import type { HostTensors } from '../../src/tensors/host-tensor.ts';
import { AdamW } from '../../src/training/optimizers/adamw.ts';
import { compileProgram, predictCost } from '../../src/tensors/program.ts';
import { keptRuns } from '../../src/tensors/scalar-ring.ts';
import type { Program, Step } from '../../src/tensors/step.ts';
import { backends, useBackend } from '../backends.ts';
import { draws, hasWebgpu } from '../kernels/device.ts';

const webgpu = await hasWebgpu();

interface Model {
  readonly step: Step;
  readonly variables: readonly tf.Variable[];
  readonly dispose: () => void;
}

/** A small convolutional net on our kernels and stock ones, its loss and AdamW. */
function model(eager: boolean): Model {
  const variable = (shape: number[], seed: string): tf.Variable => {
    const values = tf.tensor(
      draws(shape, seed).map((x) => x / 4),
      shape,
    );
    return tf.variable(values);
  };
  const parameters = [
    variable([3, 3, 1, 8], 'kernel'),
    variable([8], 'gamma'),
    variable([8], 'beta'),
    variable([8, 3], 'head'),
  ];
  const optimizer = new AdamW(
    parameters.map((parameter, i) => ({ name: `${i}`, variable: parameter, decay: true })),
  );
  const [kernel, gamma, beta, head] = parameters as [tf.Variable, tf.Variable, tf.Variable, tf.Variable];
  const loss = (films: tf.Tensor, targets: tf.Tensor): tf.Scalar => {
    const mapped = tf.conv2d(films as tf.Tensor4D, kernel as tf.Tensor4D, 2, 'same');
    const normal = groupNorm(mapped, gamma as tf.Tensor1D, beta as tf.Tensor1D, { groups: 2, relu: true });
    const logits = tf.matMul(tf.mean(normal, [1, 2]), head);
    const probabilities = tf.logSoftmax(logits);
    return tf.neg(tf.mean(tf.sum(tf.mul(probabilities, targets), -1)));
  };
  const step: Step = {
    inputs: inputsOf(0),
    state: [...parameters, ...optimizer.state],
    scalars: ['loss', 'doubled'],
    eager,
    compute: ({ films, targets, scalars }) => {
      const { value, grads } = tf.variableGrads(() => loss(films!, targets!), parameters);
      const gradients = parameters.map(({ name }) => grads[name]!);
      optimizer.apply(gradients, scalars as tf.Tensor1D, 0.5);
      return { loss: value, doubled: tf.mul(value, 2), gradient: grads[head.name]! };
    },
  };
  return { step, variables: step.state, dispose: () => tf.dispose([...step.state]) };
}

function inputsOf(run: number): HostTensors {
  const targets = new Float32Array(4 * 3);
  for (let row = 0; row < 4; row++) targets[3 * row + ((row + run) % 3)] = 1;
  const t = run + 1;
  const scalars = adamNumbers({
    ...{ learningRate: 0.01 / t, weightDecay: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    ...{ biasCorrection1: 1 - 0.9 ** t, biasCorrection2: 1 - 0.999 ** t },
  });
  return {
    films: { shape: [4, 9, 9, 1], dtype: 'float32', values: draws([4, 9, 9, 1], run) },
    targets: { shape: [4, 3], dtype: 'float32', values: targets },
    scalars: { shape: [7], dtype: 'float32', values: scalars },
  };
}

/** Everything that a training of some runs leaves. */
async function trained(eager: boolean, runs: number): Promise<Record<string, unknown>> {
  const { step, variables, dispose } = model(eager);
  const program = await compileProgram(step);
  const gradients: Promise<Float32Array>[] = [];
  for (let run = 0; run < runs; run++) {
    program.run(inputsOf(run));
    if (run % 7 === 0) gradients.push(program.read('gradient'));
  }
  const scalars = (await program.readScalars()).map((row) => [...row]);
  const weights = await Promise.all(variables.map(async (variable) => [...(await variable.data())]));
  const read = (await Promise.all(gradients)).map((values) => [...values]);
  program.dispose();
  dispose();
  return { scalars, weights, gradients: read };
}

/** A step of one input on the current backend. */
function compile(compute: Step['compute'], state: readonly tf.Variable[] = []): Promise<Program> {
  const inputs: HostTensors = { x: { shape: [3], dtype: 'float32', values: new Float32Array(3) } };
  return compileProgram({ inputs, state, compute, scalars: [] });
}

const x = (values: readonly number[]): HostTensors => ({
  x: { shape: [values.length], dtype: 'float32', values: Float32Array.from(values) },
});

describe.each(backends.filter((name) => name === 'cpu' || webgpu))('a program on %s', (backend) => {
  beforeEach(() => useBackend(backend));

  it('trains as the eager step does, to the last bit, and keeps each run’s scalars', async () => {
    const [eager, replayed] = [await trained(true, 30), await trained(false, 30)];
    expect(replayed).toEqual(eager);
    const scalars = replayed['scalars'] as number[][];
    expect(scalars).toHaveLength(30);
    for (const [loss, doubled] of scalars) expect(doubled).toBe(2 * loss!);
    expect(scalars.at(-1)![0]).not.toBe(scalars[0]![0]);
  });

  it('reads the run made last, also when others follow at once', async () => {
    const program = await compile(({ x }) => ({ y: tf.mul(x!, x!), n: tf.cast(tf.ones([2]), 'int32') }));
    program.run(x([1, 2, 3]));
    const first = program.read('y');
    program.run(x([4, 5, 6]));
    expect([...(await first)]).toEqual([1, 4, 9]);
    expect([...(await program.read('y'))]).toEqual([16, 25, 36]);
    expect([...(await program.read('n'))]).toEqual([1, 1]);
    await expect(async () => program.read('z')).rejects.toThrow('no output "z"');
    program.dispose();
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const program = await compile(({ x }) => ({ y: tf.add(tf.relu(x!), tf.scalar(1)) }));
    program.run(x([1, 2, 3]));
    await program.read('y');
    program.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

// Without an adapter there is nothing to capture for.
describe.skipIf(!webgpu)('a captured step (skipped where the browser has no WebGPU adapter)', () => {
  beforeEach(() => useBackend('webgpu'));

  it('says what it costs before the first run: no more than 15 % from what the device is then asked for', async () => {
    const { step, dispose } = model(false);
    const predicted = predictCost(step);
    let [held, most] = [0, 0];
    const sizes = new WeakMap<GPUBuffer, number>();
    const original = Object.getOwnPropertyDescriptor(GPUDevice.prototype, 'createBuffer')!;
    const destroy = Object.getOwnPropertyDescriptor(GPUBuffer.prototype, 'destroy')!;
    GPUDevice.prototype.createBuffer = function (descriptor) {
      const buffer = (original.value as GPUDevice['createBuffer']).call(this, descriptor);
      sizes.set(buffer, descriptor.size);
      most = Math.max(most, (held += descriptor.size));
      return buffer;
    };
    GPUBuffer.prototype.destroy = function () {
      held -= sizes.get(this) ?? 0;
      return (destroy.value as GPUBuffer['destroy']).call(this);
    };
    try {
      const program = await compileProgram(step);
      for (let run = 0; run < 20; run++) program.run(inputsOf(run));
      await program.readScalars();
      expect(program.cost).toEqual(predicted);
      expect(most).toBeGreaterThan(0.85 * predicted.bytes);
      expect(most).toBeLessThan(1.15 * predicted.bytes);
      program.dispose();
    } finally {
      Object.defineProperty(GPUDevice.prototype, 'createBuffer', original);
      Object.defineProperty(GPUBuffer.prototype, 'destroy', destroy);
    }
    expect(predicted.dispatches).toBeGreaterThan(5);
    expect(predicted.dispatches).toBeLessThan(60);
    dispose();
  });

  it('refuses inputs of another shape', async () => {
    const program = await compile(({ x }) => ({ y: tf.relu(x!) }));
    expect(() => program.run(x([1, 2]))).toThrow(
      'Input "x" of the step must be float32 [3], got float32 [2]',
    );
    expect(() => program.run({})).toThrow('got nothing');
    program.dispose();
  });

  it('refuses steps that read numbers back or assign a variable, and goes on working', async () => {
    const variable = tf.variable(tf.tensor1d([1, 2, 3]));
    await expect(compile(({ x }) => ({ y: tf.scalar(tf.relu(x!).dataSync()[0]!) }))).rejects.toThrow(
      'must not read numbers back',
    );
    await expect(
      compile(
        ({ x }) => {
          variable.assign(tf.add(variable, x!));
          return { y: tf.relu(x!) };
        },
        [variable],
      ),
    ).rejects.toThrow('must write it in place');
    const sum = tf.add(tf.tensor1d([1, 2]), 1);
    expect([...(await sum.data())]).toEqual([2, 3]);
    tf.dispose([sum]);
  });

  it('notices that a variable moved, and runs again once captured anew', async () => {
    const variable = tf.variable(tf.tensor1d([1, 2, 3]));
    const step = ({ x }: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> => ({
      y: tf.mul(x!, variable),
    });
    const program = await compile(step, [variable]);
    expect(program.isCurrent()).toBe(true);
    tf.tidy(() => variable.assign(tf.tensor1d([4, 5, 6])));
    expect(program.isCurrent()).toBe(false);
    expect(() => program.run(x([1, 1, 1]))).toThrow('capture it again');
    program.dispose();
    const again = await compile(step, [variable]);
    again.run(x([1, 1, 2]));
    expect([...(await again.read('y'))]).toEqual([4, 5, 12]);
    again.dispose();
    variable.dispose();
  });

  it('refuses to lose scalars', async () => {
    const inputs = x([1, 2, 3]);
    const compute: Step['compute'] = ({ x }) => ({ sum: tf.sum(x!) });
    const program = await compileProgram({ inputs, state: [], compute, scalars: ['sum'] });
    for (let run = 0; run <= keptRuns; run++) program.run(inputs);
    await expect(program.readScalars()).rejects.toThrow(`only ${keptRuns} are kept`);
    for (let run = 0; run < keptRuns; run++) program.run(x([run, 0, 0]));
    expect((await program.readScalars()).map(([sum]) => sum)).toEqual(
      Array.from({ length: keptRuns }, (_, i) => i),
    );
    program.dispose();
  });
});
