/**
 * Where layers register their weights. A scope knows the path of names down to its layer ("layer1.0.conv1") and draws every weight
 * from a stream of its own, named by that path: the first weights of a layer do not depend on which layers were built before it.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../random/random.ts';
import type { Initializer } from './layers/initializers.ts';
import type { NamedVariable, WeightLayout } from './parameters.ts';

/** What is said of a weight beside its shape and first values. */
export interface ParameterOptions {
  /** Whether weight decay applies; true for weights of linear maps and convolutions only. */
  readonly decay?: boolean;
  readonly layout?: WeightLayout;
}

interface Collection {
  readonly variables: NamedVariable[];
  readonly buffers: NamedVariable[];
}

/** A place in the tree of names under which weights are created and collected. */
export class ParameterScope {
  readonly #random: Random;
  readonly #prefix: string;
  readonly #collection: Collection;

  /** @param prefix path of names that ends without a dot; empty at the root. */
  constructor(random: Random, prefix = '', collection: Collection = { variables: [], buffers: [] }) {
    this.#random = random;
    this.#prefix = prefix;
    this.#collection = collection;
  }

  /** The scope of a part; its weights are collected here too. */
  within(name: string | number): ParameterScope {
    return new ParameterScope(this.#random, this.#path(String(name)), this.#collection);
  }

  /** A trainable weight. @throws RangeError when the name is taken. */
  weight(
    name: string,
    shape: readonly number[],
    initial: Initializer,
    options: ParameterOptions = {},
  ): tf.Variable {
    const parameter = this.#create(name, shape, initial, true, options);
    this.#collection.variables.push(parameter);
    return parameter.variable;
  }

  /** A tensor that is kept with the weights and never trained. @throws RangeError when the name is taken. */
  buffer(name: string, shape: readonly number[], initial: Initializer): tf.Variable {
    const parameter = this.#create(name, shape, initial, false, {});
    this.#collection.buffers.push(parameter);
    return parameter.variable;
  }

  /** All weights below the root, in order of creation. */
  get variables(): readonly NamedVariable[] {
    return this.#collection.variables;
  }

  /** All buffers below the root, in order of creation. */
  get buffers(): readonly NamedVariable[] {
    return this.#collection.buffers;
  }

  /** Frees every weight and buffer below the root. */
  dispose(): void {
    for (const { variable } of [...this.variables, ...this.buffers]) variable.dispose();
  }

  #path(name: string): string {
    return this.#prefix === '' ? name : `${this.#prefix}.${name}`;
  }

  #create(
    name: string,
    shape: readonly number[],
    initial: Initializer,
    trainable: boolean,
    options: ParameterOptions,
  ): NamedVariable {
    const path = this.#path(name);
    if ([...this.variables, ...this.buffers].some((other) => other.name === path)) {
      throw new RangeError(`ParameterScope: two weights would be named "${path}"`);
    }
    const count = shape.reduce((product, size) => product * size, 1);
    const first = tf.tensor(initial(count, this.#random.fork(path)), [...shape], 'float32');
    const variable = tf.variable(first, trainable);
    first.dispose();
    return {
      name: path,
      variable,
      decay: options.decay ?? false,
      ...(options.layout ? { layout: options.layout } : {}),
    };
  }
}
