/**
 * A step that TensorFlow.js runs anew each time, behind the interface of a program: the way of backends that cannot replay.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { HostTensors } from './host-tensor.ts';
import { unknownCost, type Program, type Step } from './step.ts';

/** The step itself, run by TensorFlow.js. */
export class EagerProgram implements Program {
  readonly cost = unknownCost;
  readonly #step: Step;
  #outputs: Readonly<Record<string, tf.Tensor>> = {};
  #scalars: tf.Tensor[][] = [];

  constructor(step: Step) {
    this.#step = step;
  }

  run(inputs: HostTensors): void {
    tf.dispose(Object.values(this.#outputs));
    this.#outputs = {};
    this.#outputs = tf.tidy(() => {
      const tensors = Object.entries(inputs).map(([name, { values, shape, dtype }]) => [
        name,
        tf.tensor(values.slice(), [...shape], dtype),
      ]);
      return this.#step.compute(Object.fromEntries(tensors) as Record<string, tf.Tensor>);
    });
    if (!this.#step.scalars) return;
    this.#scalars.push(this.#step.scalars.map((name) => tf.clone(this.#output(name))));
  }

  async read(name: string): Promise<Float32Array> {
    const kept = tf.clone(this.#output(name)); // the next run disposes of the output, perhaps before it is read
    try {
      return Float32Array.from(await kept.data<'float32'>());
    } finally {
      kept.dispose();
    }
  }

  async readScalars(): Promise<readonly Float32Array[]> {
    const rows = this.#scalars;
    this.#scalars = [];
    if (rows.length === 0) return [];
    const width = rows[0]!.length;
    const stacked = tf.tidy(() =>
      tf.stack(rows.flatMap((row) => row.map((scalar) => tf.reshape(scalar, [])))),
    );
    tf.dispose(rows);
    try {
      const numbers = await stacked.data<'float32'>();
      return rows.map((_, i) => Float32Array.from(numbers.subarray(i * width, (i + 1) * width)));
    } finally {
      stacked.dispose();
    }
  }

  isCurrent(): boolean {
    return true;
  }

  profile(): Promise<null> {
    return Promise.resolve(null);
  }

  dispose(): void {
    tf.dispose([...Object.values(this.#outputs), ...this.#scalars.flat()]);
    this.#outputs = {};
    this.#scalars = [];
  }

  #output(name: string): tf.Tensor {
    const output = this.#outputs[name];
    if (!output) throw new RangeError(`The step has no output "${name}", or was not run yet.`);
    return output;
  }
}
