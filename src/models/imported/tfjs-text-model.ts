/**
 * A person's own TensorFlow.js graph as a frozen text encoder: one that takes the pieces of many reports as one list, with SentencePiece's
 * vocabulary, as the lite Universal Sentence Encoder does (Cer et al., 2018, https://arxiv.org/abs/1803.11175). Its first output is one
 * embedding a report.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { GraphModel } from '@tensorflow/tfjs';
import { InputError } from '../../errors.ts';
import { withIntegersOnHost } from '../../tensors/host-integers.ts';
import { buildUnigramTokenizer, unknownPiece, type ScoredPiece } from '../text/sentencepiece-unigram.ts';
import { listPieces, reportsInList } from './piece-batch.ts';
import type { FrozenTextModel, ReportReader } from './text-model.ts';
import { embeddingRows, textInputsOf, type TextGraphInputs } from './text-graph.ts';
import { parseModelJson, type ModelJson, type TfjsFiles } from './tfjs-files.ts';
import { loadGraph, refusal } from './tfjs-loading.ts';
import { trialReading } from './trial-reading.ts';

/** Pieces of a report that are read at most: the lite encoder leaves out what comes after, and other graphs are given no more either. */
const mostPieces = 128;

/** Rows that the table of pieces has at most beyond the vocabulary: some are filled up to a multiple of 64 or 128. */
const mostSpareRows = 127;

/**
 * Loads the graph and reads two reports with it.
 * @param vocabulary pieces by id.
 * @throws InputError when the graph cannot be loaded or run here, reads no texts, belongs to another vocabulary, or gives no embedding for
 *   each report; nothing of it stays on the device then.
 */
export async function loadTfjsTextModel(
  files: TfjsFiles,
  vocabulary: readonly ScoredPiece[],
  fileName: string,
): Promise<FrozenTextModel> {
  const json = parseModelJson(files.modelJson, fileName);
  const inputs = textInputsOf(json);
  if (!inputs) throw new InputError(`${fileName} is not a graph that reads texts.`);
  assertVocabularyFits(vocabulary, json, inputs, fileName);
  const model = await loadGraph(json, files.weights, fileName);
  try {
    const reader = readerOf(model, inputs, vocabulary, fileName);
    const dimensions = await trialReading(reader, fileName);
    return { ...reader, dimensions, label: 'Text graph', dispose: () => model.dispose() };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function assertVocabularyFits(
  vocabulary: readonly ScoredPiece[],
  json: ModelJson,
  inputs: TextGraphInputs,
  fileName: string,
): void {
  const rows = embeddingRows(json, inputs);
  if (rows === null || (vocabulary.length <= rows && rows - vocabulary.length <= mostSpareRows)) return;
  throw new InputError(
    `${fileName} has a table of ${rows} pieces, but the vocabulary has ${vocabulary.length}, so it belongs to another model. Choose the vocab.json that lies beside this model.json.`,
  );
}

function readerOf(
  model: GraphModel,
  names: TextGraphInputs,
  vocabulary: readonly ScoredPiece[],
  fileName: string,
): ReportReader {
  const tokenizer = buildUnigramTokenizer(vocabulary);
  return {
    graph: 'dynamic',
    tokenise: (report) => {
      const ids = tokenizer.encode(report).slice(0, mostPieces);
      // A report without a word still has an embedding: the graph gives one only to what has a piece.
      return ids.length > 0 ? ids : [unknownPiece];
    },
    batch: listPieces,
    embed: ({ indices, values }) =>
      leavingResult(async () => {
        const counts = reportsInList(await indices!.data());
        try {
          const outputs = await model.executeAsync({ [names.indices]: indices!, [names.values]: values! });
          return embeddingsOf(outputs, counts);
        } catch (error) {
          throw refusal(error, fileName);
        }
      }),
  };
}

/** The first output, without the rows of the reports that fill the batch up. */
function embeddingsOf(
  outputs: tf.Tensor | tf.Tensor[],
  { asked, all }: ReturnType<typeof reportsInList>,
): tf.Tensor2D {
  const first = outputs instanceof tf.Tensor ? outputs : outputs[0];
  if (!first) throw new InputError('The model has no output.');
  // An output of another shape is left as it is, for the trial reading to tell.
  if (first.rank !== 2 || first.shape[0] !== all) return first as tf.Tensor2D;
  return tf.slice(first as tf.Tensor2D, [0, 0], [asked, first.shape[1]!]);
}

/**
 * Runs a graph so that nothing but its result stays on the device, also when it fails midway: TensorFlow.js disposes of what lies between
 * only at the end. The scope spans waits for the device; that is safe while one piece of work at a time has it, as in the trainer.
 */
async function leavingResult(work: () => Promise<tf.Tensor2D>): Promise<tf.Tensor2D> {
  const engine = tf.engine();
  engine.startScope('reading');
  let result: tf.Tensor2D | undefined;
  try {
    return (result = await withIntegersOnHost(work));
  } finally {
    engine.endScope(result && [result]);
  }
}
