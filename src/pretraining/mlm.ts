/**
 * Masked language modelling: T alone learns to predict masked words. It does not train V, so it is useful only together with an alignment.
 *
 * J. Devlin, M.-W. Chang, K. Lee, K. Toutanova, "BERT", 2018, https://arxiv.org/abs/1810.04805, section 3.1, task 1.
 */
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../errors.ts';
import { gatherTokens } from '../kernels/embedding.ts';
import { maskedLanguageLoss } from '../losses/masked-language.ts';
import { completeSettings } from '../models/field.ts';
import { buildMaskedLanguageHead } from '../models/text/bert-masked-language-model.ts';
import type { Objective } from './objective.ts';
import { objectiveFacts } from './objective-facts.ts';
import { drawTokenMasks } from './token-masks.ts';

const fields = [
  {
    name: 'maskedShare',
    label: 'Share of the tokens that is hidden',
    unit: 'share',
    low: 0.05,
    high: 0.6,
    step: 0.05,
    value: 0.15,
    why: 'BERT’s.',
  },
] as const;

/** BERT's first task for the text encoder of the study. */
export const mlm: Objective = {
  name: 'mlm',
  label: 'Masked language modelling',
  paper: 'https://arxiv.org/abs/1810.04805',
  fields,
  smoke: { maskedShare: 0.3 },
  ...objectiveFacts.mlm,
  couplesExamples: false,
  build({ text, scope }, settings) {
    const { maskedShare } = completeSettings('mlm', fields, settings);
    const encoder = text.encoder();
    const reader = encoder.tokens;
    if (!reader) throw new InputError(`${mlm.needs} Choose it for the reports, or leave the recipe out.`);
    const tokens = text.tokens();
    const shape = { dimensions: encoder.dimensions, vocabularySize: tokens.vocabulary.length };
    const predict = buildMaskedLanguageHead(scope, reader.words, shape);
    return {
      views: 0,
      variables: encoder.variables.map(({ variable }) => variable),
      load: ({ reports, random }) =>
        drawTokenMasks(reports, tokens, { share: maskedShare, mixed: true }, random),
      loss: (_forward, { ids, asked, labels }) => {
        const hidden = reader.hidden(ids as tf.Tensor2D);
        const logits = predict(gatherTokens(hidden, asked as tf.Tensor2D)); // [reports, places, vocabulary]
        return maskedLanguageLoss(
          tf.reshape(logits, [-1, shape.vocabularySize]),
          tf.reshape<tf.Rank.R1>(labels!, [-1]),
        );
      },
    };
  },
};
