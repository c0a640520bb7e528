/**
 * What the bench compares: one training step of one model, by one engine.
 */
import type { HostTensors } from '../tensors/host-tensor.ts';

/** First weights of a model by name, as they lie in our engine. */
export type Weights = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly values: Float32Array }
>;

/** Gradients of the loss at the first weights by weight name, as they lie in our engine. */
export type Gradients = ReadonlyMap<string, Float32Array>;

/** The engines. */
export type Engine = 'ours' | 'stock' | 'jax';

/** What the first step shows. */
export interface FirstStep {
  readonly gradients: Gradients;
  readonly loss: number;
  /** From the call to the loss on the host. Includes compiling on the way, but not reading the gradients. */
  readonly ms: number;
}

/** One engine at one model: `prepare`, then `first`, then steps. */
export interface Contender {
  readonly engine: Engine;
  /** True when the engine starts work only when a result is requested, so the time of `issue` alone means nothing. */
  readonly lazy: boolean;
  /** Builds the model from its first weights and compiles what can be compiled ahead. */
  prepare(): Promise<void>;
  /** Takes the first training step and returns the gradients that it used. */
  first(): Promise<FirstStep>;
  /** Starts a training step (loss, all gradients, Adam) on the batch and returns before the device is done. */
  issue(): void;
  /** The loss of the step issued last. */
  loss(): Promise<number>;
  dispose(): void;
}

/** Starts a step and waits for its loss. */
export async function timedStep(
  contender: Contender,
): Promise<{ readonly loss: number; readonly ms: number }> {
  const start = performance.now();
  contender.issue();
  const loss = await contender.loss();
  return { loss, ms: performance.now() - start };
}

/** The batch that every step of a model sees, and its first weights. */
export interface Problem {
  readonly inputs: HostTensors;
  readonly weights: Weights;
}

/** Adam as all three take it: Kingma and Ba 2015, https://arxiv.org/abs/1412.6980, algorithm 1. */
export const adamSettings = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
