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
import { bareBert, recogniseBert } from '../weights/recognise-bert.ts';
import { readSafetensors, type StoredTensor } from '../weights/safetensors.ts';
import { loadStateDict } from '../weights/state-dict.ts';
import { Undrawn } from '../weights/undrawn.ts';
import type { FrozenTextModel } from './text-model.ts';
import { isCased } from './vocabulary-file.ts';

/** What decides BERT's numbers beside its weights and its vocabulary. */
export interface BertUse {
  /** Null: one to 64 dimensions. */
  readonly heads: number | null;
}

/** A BERT with what was open filled in. */
export type BertModel = FrozenTextModel & {
  readonly use: BertUse;
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
  { heads }: BertUse,
  fileName: string,
): BertModel {
  return naming(fileName, () => {
    const tensors = bareBert(readSafetensors(new Uint8Array(weights)).tensors);
    const config = recogniseBert(tensors, heads, fileName);
    assertVocabularyFits(vocabulary, config, fileName);
    return build(config, vocabulary, tensors);
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
  vocabulary: readonly string[],
  tensors: ReadonlyMap<string, StoredTensor>,
): BertModel {
  const tokenizer = buildTokenizer(vocabulary, { cased: isCased(vocabulary) });
  const padding = vocabulary.indexOf(specialTokens.padding);
  const maxLength = Math.min(mostTokens, config.maxLength);
  const scope = new ParameterScope(new Undrawn());
  try {
    const bert = buildBert(scope, config);
    loadStateDict(scope.variables, tensors, { mayBeExtra: isNoPartOfEmbeddings });
    return {
      dimensions: config.dimensions,
      label: `BERT ${config.dimensions} × ${config.depth}`,
      use: { heads: config.heads },
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

/** The pooler, a counter of positions, and heads of files without a prefix. */
function isNoPartOfEmbeddings(name: string): boolean {
  return /^(pooler|cls|classifier|qa_outputs)\./.test(name) || name === 'embeddings.position_ids';
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

/** Runs what may refuse a file, and puts the file's name before what it says. */
function naming<T>(fileName: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InputError) || error.message.startsWith(fileName)) throw error;
    throw new InputError(`${fileName}: ${error.message}`);
  }
}
