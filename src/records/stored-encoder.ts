/**
 * What the database keeps of a person's own model.
 */
import type { BertUse } from '../models/imported/bert-model.ts';
import type { TfjsFiles } from '../models/imported/tfjs-files.ts';
import type { WeightsUse } from '../models/imported/weights-model.ts';
import type { ScoredPiece } from '../models/text/sentencepiece-unigram.ts';
import type { EncoderInput, IntensityScaling } from '../transforms/prepare.ts';

interface About {
  readonly id: string;
  /** As the person called it. */
  readonly name: string;
  readonly dimensions: number;
  /** ISO 8601. */
  readonly addedAt: string;
}

interface AboutFilms extends About {
  /** As measured at import; where the model takes any size, at 224 px. */
  readonly input: EncoderInput;
}

/** An imported TensorFlow.js model beside its files; records from before there were other kinds do not tell theirs. */
export interface StoredTfjsEncoder extends AboutFilms {
  readonly kind?: 'tfjs';
  readonly scaling: IntensityScaling;
}

/** Imported weights beside their file. */
export interface StoredWeightsEncoder extends AboutFilms {
  readonly kind: 'safetensors';
  /** What the names of the weights say, e.g. "ResNet-18". */
  readonly architecture: string;
  readonly use: WeightsUse;
  /** What of the file is no part of the network, in words; "" for nothing. Older records do not tell. */
  readonly leftOut?: string;
}

/** An imported BERT beside its files: it reads reports. */
export interface StoredBert extends About {
  readonly kind: 'bert';
  /** With its size, e.g. "BERT 768 × 12". */
  readonly architecture: string;
  /** Tokens. */
  readonly vocabularySize: number;
  readonly use: BertUse;
  /** What of the file is no part of it, in words; "" for nothing. Older records do not tell. */
  readonly leftOut?: string;
}

/** An imported TensorFlow.js graph beside its files: it reads reports. */
export interface StoredTextGraph extends About {
  readonly kind: 'tfjsText';
  /** Pieces. */
  readonly vocabularySize: number;
}

/** An imported model as it is kept. */
export type StoredEncoder = StoredTfjsEncoder | StoredWeightsEncoder | StoredBert | StoredTextGraph;

/** The files of an imported model; those from before there were other kinds are TensorFlow.js's. */
export type StoredEncoderFiles =
  | ({ readonly kind?: 'tfjs' } & TfjsFiles)
  | { readonly kind: 'safetensors'; readonly weights: ArrayBuffer }
  | { readonly kind: 'bert'; readonly weights: ArrayBuffer; readonly vocabulary: readonly string[] }
  | ({ readonly kind: 'tfjsText'; readonly vocabulary: readonly ScoredPiece[] } & TfjsFiles);
