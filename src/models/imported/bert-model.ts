/**
 * A person's own BERT as a frozen text encoder: the weights of Hugging Face's BertModel and their vocabulary. A report's embedding is the
 * mean of the last hidden states over its tokens, [CLS] and [SEP] among them.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { buildTokenizer, specialTokens } from '../../cohort/tokenizer.ts';
import { InputError } from '../../errors.ts';
import { ParameterScope } from '../parameter-scope.ts';
import { buildBert, type BertConfig } from '../text/bert.ts';
import { meanOverTokens, tokenMask } from '../text/text-transformer.ts';
import { leftOutWords } from '../weights/left-out.ts';
import { withNumbers, type Network } from '../weights/network.ts';
import { recogniseBert, textNetwork } from '../weights/recognise-bert.ts';
import { readSafetensorsHeader, type StoredTensor } from '../weights/safetensors.ts';
import { loadStateDict } from '../weights/state-dict.ts';
import { Undrawn } from '../weights/undrawn.ts';
import type { FrozenTextModel } from './text-model.ts';
import { isCased } from './vocabulary-file.ts';

/** What decides BERT's numbers beside its weights and its vocabulary. */
export interface BertUse {
  readonly heads: number;
  /** What stands before its names, where the file holds several; left out where it holds one. */
  readonly part?: string;
  /** What layer normalisation adds to the variance, where its config says so. */
  readonly epsilon?: number;
}

/** A BERT with how it is used. */
export type BertModel = FrozenTextModel & {
  readonly use: BertUse;
  /** What of the file is no part of it, in words; "" for nothing. */
  readonly leftOut: string;
  readonly vocabularySize: number;
};

/** Tokens of a report that are read at most; also where a file has more positions. */
const mostTokens = 512;

/** Batches are as wide as their longest report, rounded up to this, so that few programs are compiled. */
const widthStep = 32;

/** Rows that tables of words have at most beyond their vocabulary: some are filled up to a multiple of 64 or 128. */
const mostSpareRows = 127;

/**
 * Builds BERT and loads its weights.
 * @param vocabulary tokens by id.
 * @throws InputError when the weights are no BERT's, or the vocabulary is another model's; nothing of it stays on the device then.
 */
export function loadBertModel(
  weights: ArrayBuffer,
  vocabulary: readonly string[],
  use: BertUse,
  fileName: string,
): BertModel {
  return naming(fileName, () => {
    const bytes = new Uint8Array(weights);
    const { shapes } = readSafetensorsHeader(bytes);
    const network = withNumbers(textNetwork(shapes, use.part ?? null, fileName), bytes);
    const { epsilon } = use;
    const size = recogniseBert(network, use.heads, fileName);
    const config = { ...size, ...(epsilon !== undefined && { epsilon }) };
    assertVocabularyFits(vocabulary, config, fileName);
    return build(config, use, vocabulary, network);
  });
}

function assertVocabularyFits(
  vocabulary: readonly string[],
  { vocabularySize }: BertConfig,
  fileName: string,
): void {
  const spare = vocabularySize - vocabulary.length;
  if (spare >= 0 && spare <= mostSpareRows) return;
  throw new InputError(
    `${fileName} has ${vocabularySize} tokens, but the vocabulary has ${vocabulary.length}, so it belongs to another model. Choose the vocabulary that stands beside these weights.`,
  );
}

function build(
  config: BertConfig,
  use: BertUse,
  vocabulary: readonly string[],
  { tensors, nameInFile, leftOut, prefix }: Network<StoredTensor>,
): BertModel {
  const tokenizer = buildTokenizer(vocabulary, { cased: isCased(vocabulary) });
  const padding = vocabulary.indexOf(specialTokens.padding);
  const maxLength = Math.min(mostTokens, config.maxLength);
  const scope = new ParameterScope(new Undrawn());
  try {
    const bert = buildBert(scope, config);
    loadStateDict(scope.variables, tensors, { nameInFile });
    return {
      dimensions: config.dimensions,
      label: `BERT ${config.dimensions} × ${config.depth}`,
      use,
      leftOut: leftOutWords(leftOut, prefix),
      vocabularySize: vocabulary.length,
      graph: 'fixed',
      tokenise: (report) => tokenizer.encode(report, { maxLength }).ids,
      batch: (reports) => ({ ids: padded(reports, padding, maxLength) }),
      embed: ({ ids }) => {
        const mask = tokenMask(ids as tf.Tensor2D, padding);
        return meanOverTokens(bert.hidden({ ids: ids as tf.Tensor2D, mask, typeIds: null }), mask);
      },
      dispose: () => scope.dispose(),
    };
  } catch (error) {
    scope.dispose();
    throw error;
  }
}

function padded(
  reports: readonly (readonly number[])[],
  padding: number,
  maxLength: number,
): { shape: number[]; dtype: 'int32'; values: Int32Array } {
  const longest = Math.max(...reports.map(({ length }) => length));
  const width = Math.min(maxLength, Math.ceil(longest / widthStep) * widthStep);
  const values = new Int32Array(reports.length * width).fill(padding);
  reports.forEach((ids, row) => values.set(ids, row * width));
  return { shape: [reports.length, width], dtype: 'int32', values };
}

/** Runs a check that may refuse a file, and puts the file's name before the error. */
function naming<T>(fileName: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InputError) || error.message.startsWith(fileName)) throw error;
    throw new InputError(`${fileName}: ${error.message}`);
  }
}
