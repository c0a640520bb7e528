/**
 * Masked record modelling: masked patches are drawn from the visible ones, and masked words of the report are told from the other words and
 * from what V makes of the film, so V must encode what the report is about.
 *
 * H.-Y. Zhou, C. Lian, L. Wang, Y. Yu, "Advancing radiograph representation learning with masked record modeling", ICLR 2023,
 * https://arxiv.org/abs/2301.13155. Here films are drawn at the size at which they are read.
 */
import * as tf from '@tensorflow/tfjs-core';
import { gatherTokens } from '../kernels/embedding.ts';
import { maskedLanguageLoss } from '../losses/masked-language.ts';
import { completeSettings } from '../models/field.ts';
import { buildLinear } from '../models/layers/linear.ts';
import type { ParameterScope } from '../models/parameter-scope.ts';
import { buildMaskedLanguageHead } from '../models/text/bert-masked-language-model.ts';
import { buildBert } from '../models/text/bert.ts';
import { tokenMask } from '../models/text/text-transformer.ts';
import type { Tensors } from './forward-pass.ts';
import { decoderFields } from './fields.ts';
import { buildMaskedImages } from './masked-images.ts';
import type { Objective } from './objective.ts';
import { objectiveFacts } from './objective-facts.ts';
import type { ReportTokens } from './text-side.ts';
import { drawTokenMasks } from './token-masks.ts';

const fields = [
  {
    name: 'maskedPatches',
    label: 'Share of the patches that is removed',
    unit: 'share',
    low: 0.1,
    high: 0.95,
    step: 0.05,
    value: 0.75,
    why: 'The paper’s.',
  },
  {
    name: 'maskedTokens',
    label: 'Share of the words that is hidden',
    unit: 'share',
    low: 0.05,
    high: 0.9,
    step: 0.05,
    value: 0.5,
    why: 'As in the paper: so many that the film is needed.',
  },
  ...decoderFields,
  {
    name: 'textDimensions',
    label: 'Length of a word’s token',
    unit: 'dimensions',
    low: 16,
    high: 512,
    step: 16,
    value: 64,
    why: 'As the text transformer’s default.',
  },
  {
    name: 'textDepth',
    label: 'Layers of the reader of words',
    unit: 'layers',
    low: 1,
    high: 6,
    step: 1,
    value: 1,
    why: 'Small, so that most of the information must come from the film’s features.',
  },
] as const;

const textHeads = 4;

/** Both halves weigh alike, as in the paper. */
export const mrm: Objective = {
  name: 'mrm',
  label: 'MRM',
  paper: 'https://arxiv.org/abs/2301.13155',
  fields,
  smoke: { decoderDimensions: 16, decoderDepth: 1, decoderHeads: 2, textDimensions: 16, textDepth: 1 },
  ...objectiveFacts.mrm,
  couplesExamples: false,
  build(context, settings) {
    const complete = completeSettings('mrm', fields, settings);
    const { encoder, text, scope } = context;
    const masked = { ...complete, maskedShare: complete.maskedPatches, normalised: true };
    const films = buildMaskedImages(context, scope.within('film'), mrm.needs, masked);
    const tokens = text.tokens();
    const wordLoss = buildReader(scope.within('report'), encoder.dimensions, tokens, {
      dimensions: complete.textDimensions,
      depth: complete.textDepth,
    });
    const masking = { share: complete.maskedTokens, mixed: false };
    return {
      views: 1,
      variables: encoder.variables.map(({ variable }) => variable),
      load: ({ rows, reports, random }) => ({
        ...films.draw(rows.length, random.fork('patches')),
        ...drawTokenMasks(reports, tokens, masking, random.fork('tokens')),
      }),
      loss: (forward, inputs) => {
        const seen = films.see(forward, inputs);
        return tf.add<tf.Scalar>(seen.loss(), wordLoss(seen.patches, inputs));
      },
      reconstruct: (forward, inputs) => films.see(forward, inputs).reconstruct(),
    };
  },
};

/** The mean of the visible patches' tokens is added to each word's embedding; a small BERT tells the hidden words from that. */
function buildReader(
  scope: ParameterScope,
  filmDimensions: number,
  { fitted, vocabulary, padding }: ReportTokens,
  { dimensions, depth }: { readonly dimensions: number; readonly depth: number },
): (patches: tf.Tensor3D, inputs: Tensors) => tf.Scalar {
  const bert = buildBert(scope, {
    vocabularySize: vocabulary.length,
    dimensions,
    depth,
    heads: textHeads,
    intermediate: 4 * dimensions,
    maxLength: fitted.width,
    tokenTypes: 1,
    pooler: false,
  });
  const project = buildLinear(scope.within('film'), filmDimensions, dimensions);
  const predict = buildMaskedLanguageHead(scope, bert.words.table, {
    dimensions,
    vocabularySize: vocabulary.length,
  });
  return (patches, { ids, asked, labels }) => {
    const film = tf.expandDims(project(tf.mean<tf.Tensor2D>(patches, 1)), 1); // [films, 1, dimensions]
    const mask = tokenMask(ids as tf.Tensor2D, padding);
    const words = bert.embed({ ids: ids as tf.Tensor2D, mask, typeIds: null });
    const hidden = bert.encode(tf.add(words, film), mask);
    const logits = predict(gatherTokens(hidden, asked as tf.Tensor2D));
    return maskedLanguageLoss(
      tf.reshape(logits, [-1, vocabulary.length]),
      tf.reshape<tf.Rank.R1>(labels!, [-1]),
    );
  };
}
