/**
 * What an objective of pre-training is. One file per objective, one registry line each; a recipe is a weighted sum of them.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { ImageEncoder } from '../models/encoder.ts';
import type { Field, FieldSettings } from '../models/field.ts';
import type { ParameterScope } from '../models/parameter-scope.ts';
import type { NamedVariable } from '../models/parameters.ts';
import type { Random } from '../random/random.ts';
import type { HostTensors } from '../tensors/host-tensor.ts';
import type { AugmentationSettings } from '../transforms/augment.ts';
import type { EncoderInput } from '../transforms/prepare.ts';
import type { ForwardPass, Tensors } from './forward-pass.ts';
import type { ObjectiveFacts } from './objective-facts.ts';
import type { TextSide } from './text-side.ts';

/** A kind of objective. */
export interface Objective extends ObjectiveFacts {
  readonly name: string;
  readonly label: string;
  readonly paper: string;
  readonly fields: readonly Field[];
  /** Settings of a tiny twin for tests. */
  readonly smoke: FieldSettings;
  /** True when the loss of an example depends on the others of its batch, see `Task.couplesExamples`. */
  readonly couplesExamples: boolean;
  /**
   * Builds the objective's own weights in `context.scope`.
   * @throws InputError when an encoder is not of the kind that it needs; RangeError when a setting is out of its range.
   */
  build(context: ObjectiveContext, settings: FieldSettings): BuiltObjective | Promise<BuiltObjective>;
}

/** What an objective is built of. */
export interface ObjectiveContext {
  /** V, whose weights pre-training produces. */
  readonly encoder: ImageEncoder;
  /** Films as V reads them. */
  readonly input: EncoderInput;
  /** T and its tokens, built when first asked for and shared by the objectives of a recipe. */
  readonly text: TextSide;
  /** Where the objective's weights and buffers are made; names begin with the objective's. */
  readonly scope: ParameterScope;
  /** Another encoder with V's first weights, and a scope of its own with the first weights of `scope`; the objective disposes of both. */
  readonly buildTwin: () => Promise<{ readonly encoder: ImageEncoder; readonly scope: ParameterScope }>;
  /** Steps of the whole run. */
  readonly totalSteps: number;
  /** Of views. */
  readonly augmentation: AugmentationSettings;
}

/** What the host knows of a batch. */
export interface ObjectiveBatch {
  readonly rows: readonly number[];
  /** The report of each row. */
  readonly reports: readonly string[];
  /** For this objective and this batch. */
  readonly random: Random;
  /** Counted from 1. */
  readonly step: number;
}

/** An objective with its weights. */
export interface BuiltObjective {
  /** Views of a film, each augmented anew, that it asks the forward pass for. */
  readonly views: number;
  /** Variables that its loss depends on beside those of its scope. */
  readonly variables: readonly tf.Variable[];
  /** What it changes in place and never trains, beside the buffers of its scope. */
  readonly buffers?: readonly NamedVariable[];
  /** What it needs beside films and reports, under names of its own; the batch is the first axis unless named in `sharedInputs`. */
  load?(batch: ObjectiveBatch): HostTensors;
  readonly sharedInputs?: readonly string[];
  /**
   * Mean loss of the batch, a scalar; called while gradients are recorded.
   * @param inputs what `load` gave, on the device.
   */
  loss(forward: ForwardPass, inputs: Tensors): tf.Scalar;
  /** What follows the change of the weights, in place. */
  afterUpdate?(inputs: Tensors): void;
  /** Where films and reports are compared, for objectives that align them. */
  readonly alignment?: Alignment;
  /** What the objective drew in place of what it was not shown, for objectives that reconstruct films. */
  readonly reconstruct?: (forward: ForwardPass, inputs: Tensors) => Reconstructed;
  dispose?(): void;
}

/** Maps of embeddings into the space in which films and reports are compared by their cosine. */
export interface Alignment {
  /** @param embedding V's [films, dimensions]. @returns [films, shared dimensions] */
  readonly image: (embedding: tf.Tensor2D) => tf.Tensor2D;
  /** @param embedding T's [reports, dimensions]. @returns [reports, shared dimensions] */
  readonly text: (embedding: tf.Tensor2D) => tf.Tensor2D;
}

/** Films as a masked autoencoder saw and drew them, in the scale of V's input. */
export interface Reconstructed {
  /** [films, patches], 1 for removed patches. */
  readonly mask: tf.Tensor2D;
  /** [films, side, side, channels]: removed patches as they were drawn, the others as they are. */
  readonly films: tf.Tensor4D;
}
