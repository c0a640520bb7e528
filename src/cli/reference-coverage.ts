/**
 * Which test checks which golden numbers. Each JSON file of the reference folder stands here once: with the test that reads it, or
 * with null and the reason why nothing does yet.
 */

/** The test that covers a reference file, as a path from tests/; or why there is none. */
export type Coverage = string | { readonly test: null; readonly reason: string };

const losses = 'reference/losses.browser.test.ts';
const contrastive = 'reference/contrastive.browser.test.ts';
const pretraining = 'reference/pretraining.browser.test.ts';
const optim = 'reference/optim.browser.test.ts';
const models = 'reference/models.browser.test.ts';
const nameMaps = 'reference/models-name-maps.node.test.ts';
const text = 'reference/text.node.test.ts';
const images = 'reference/images.node.test.ts';
const binary = 'reference/metrics-binary.node.test.ts';
const inference = 'reference/metrics-inference.node.test.ts';

/** Coverage by path of the reference file, without its ending. */
export const coverage: Readonly<Record<string, Coverage>> = {
  'images/centre_crop': images,
  'images/clahe': notYet('contrast is left as it is'),
  'images/normalise': images,
  'images/resize_pil_16bit': images,
  'images/resize_pil_8bit': images,
  'images/resize_pil_float': images,
  'images/resize_torch': images,

  'losses/barlow_twins': pretraining,
  'losses/bce_logits': losses,
  'losses/clip_infonce': contrastive,
  'losses/convirt': contrastive,
  'losses/dino': pretraining,
  'losses/distillation_sigmoid': losses,
  'losses/distillation_softmax': losses,
  'losses/mae': pretraining,
  'losses/masked_lm': pretraining,
  'losses/ntxent_simclr': contrastive,
  'losses/siglip': contrastive,
  'losses/softmax_ce': losses,
  'losses/vicreg': pretraining,

  'metrics/binary': binary,
  'metrics/bootstrap': inference,
  'metrics/calibration': binary,
  'metrics/curves': binary,
  'metrics/delong': inference,
  'metrics/mcnemar': inference,
  'metrics/multi': binary,
  'metrics/multiple_testing': inference,
  'metrics/normal_distribution': inference,
  'metrics/proportion_ci': inference,
  'metrics/temperature_scaling': binary,
  'metrics/wilcoxon': inference,

  'models/name_maps/bert_base_uncased': nameMaps,
  'models/name_maps/densenet121': nameMaps,
  'models/name_maps/resnet18': nameMaps,
  'models/name_maps/resnet50': nameMaps,
  'models/name_maps/vit_small_patch14_dinov2': nameMaps,
  'models/name_maps/vit_tiny_patch16_224': nameMaps,
  'models/pos_embed_resample': 'reference/models-position-embedding.node.test.ts',
  'models/tiny_bert': models,
  'models/tiny_bert_mlm': models,
  'models/tiny_densenet': models,
  'models/tiny_resnet_basic': models,
  'models/tiny_resnet_bottleneck': models,
  'models/tiny_vit': models,
  'models/tiny_vit_dinov2_style': models,

  'optim/clip_grad_norm': optim,
  'optim/ema': optim,
  'optim/optimizers': optim,
  'optim/schedules': 'reference/optim-schedules.node.test.ts',

  'text/logistic_regression': 'reference/logistic-regression.node.test.ts',
  'text/tfidf': text,
  'text/wordpiece': text,
};

function notYet(reason: string): Coverage {
  return { test: null, reason: `not yet: ${reason}` };
}
