/**
 * What an image encoder and a text encoder are. One file per encoder, one registry line each.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../random/random.ts';
import type { EncoderInput } from '../transforms/prepare.ts';
import type { ImageEncoderFacts, TextEncoderFacts } from './encoder-facts.ts';
import type { Field, FieldSettings } from './field.ts';
import type { NamedVariable } from './parameters.ts';

/** Encoders that cut films into patches can also read some of the patches only, which masked autoencoders need. */
export interface PatchEncoder {
  /** Side of a patch in px. */
  readonly patch: number;
  /** Patches of a film, row by row. */
  readonly count: number;
  /** Tokens that stand before the patches and belong to none: the class token, registers. */
  readonly prefix: number;
  /**
   * @param films [batch, side, side, channels]
   * @param places int32 [batch, prefix + visible]: of each film the tokens that are seen, those of the prefix first, then prefix + p for each
   *   patch p
   * @returns [batch, prefix + visible, dimensions], after the last norm
   */
  encode(films: tf.Tensor4D, places: tf.Tensor2D): tf.Tensor3D;
}

/** V: films to embeddings. */
export interface ImageEncoder {
  /** Length of an embedding. */
  readonly dimensions: number;
  readonly variables: readonly NamedVariable[];
  /** What the encoder keeps beside its weights (running statistics of batch normalisation): saved and loaded, never trained. */
  readonly buffers?: readonly NamedVariable[];
  /** The input that the encoder was made for; left out by encoders that take standardised grey squares of the study's side. */
  readonly input?: EncoderInput;
  /** Left out by encoders that do not read patches. */
  readonly patches?: PatchEncoder;
  /**
   * @param films [batch, side, side, 1], intensities normalised to about zero mean and unit variance; or as `input` says.
   * @returns embeddings [batch, dimensions]
   */
  forward(films: tf.Tensor4D, training: boolean): tf.Tensor2D;
  dispose(): void;
}

/** A kind of image encoder. */
export interface ImageEncoderEntry extends ImageEncoderFacts {
  readonly name: string;
  readonly label: string;
  readonly paper: string;
  readonly fields: readonly Field[];
  /** Settings of a tiny twin for tests. */
  readonly smoke: FieldSettings;
  /** @param side of the films in px. @throws RangeError when side or a setting does not fit. */
  build(settings: FieldSettings, side: number, random: Random): ImageEncoder;
}

/** A report as features that have names: a bag of words. */
export interface NamedFeatures {
  /** What each feature stands for: a word, a pair of words. */
  readonly names: readonly string[];
  /**
   * A report as one number ≥ 0 for each name, 0 where the report does not hold it. The encoder's `forward` takes rows of these too, and
   * only these are sure to have a gradient.
   */
  read(report: string): Float32Array;
}

/** What was learned from the training reports before any training: a vocabulary, document frequencies. */
export interface FittedText {
  /** Numbers that a report becomes. */
  readonly width: number;
  readonly dtype: 'float32' | 'int32';
  /** One report as `width` numbers, for predictions; for training too, unless it has named features. @throws RangeError for one that is longer than all that fit was told of. */
  encode(report: string): Float32Array | Int32Array;
  /** Features with names, where the encoder sees reports as such. */
  readonly named: NamedFeatures | null;
  /** Tokens by id, where the numbers are token ids. */
  readonly vocabulary?: readonly string[];
}

/** Text encoders that read tokens can also return a vector for each token. */
export interface TokenReader {
  /** @param ids int32 [batch, tokens]. @returns the last hidden states [batch, tokens, dimensions] */
  hidden(ids: tf.Tensor2D): tf.Tensor3D;
  /** The table of token embeddings [vocabulary, dimensions], to which a decoder can be tied. */
  readonly words: tf.Variable;
}

/** T: reports to embeddings. */
export interface TextEncoder {
  readonly dimensions: number;
  /** Left out by encoders that do not read tokens. */
  readonly tokens?: TokenReader;
  readonly variables: readonly NamedVariable[];
  /**
   * @param reports [batch, width] as FittedText.encode gives them, one per row.
   * @returns embeddings [batch, dimensions]
   */
  forward(reports: tf.Tensor2D, training: boolean): tf.Tensor2D;
  dispose(): void;
}

/** A kind of text encoder. */
export interface TextEncoderEntry extends TextEncoderFacts {
  readonly name: string;
  readonly label: string;
  readonly paper: string;
  readonly fields: readonly Field[];
  readonly smoke: FieldSettings;
  /**
   * Learns from the reports of the training patients only. @param toRead all reports that will be encoded, where that is known; affects
   * only how they are laid out in memory.
   * @throws InputError when no report has a word.
   */
  fit(trainingReports: readonly string[], settings: FieldSettings, toRead?: readonly string[]): FittedText;
  build(fitted: FittedText, settings: FieldSettings, random: Random): TextEncoder;
}
