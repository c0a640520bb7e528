/**
 * How a person's weights are to be used: from their shapes, their config.json and what the person answered; or the question that is open.
 */
import type { IntensityScaling } from '../../transforms/prepare.ts';
import { assertConfigFits } from '../weights/config-fits.ts';
import { imageNetworks, textNetworks, type NetworkPlace } from '../weights/find-networks.ts';
import type { ModelConfig } from '../weights/model-config.ts';
import type { Network } from '../weights/network.ts';
import { imageNetwork, recognise } from '../weights/recognise.ts';
import { recogniseBert, textNetwork } from '../weights/recognise-bert.ts';
import { tokenLength } from '../weights/recognise-vit.ts';
import type { TensorShape, WeightShapes } from '../weights/weight-shapes.ts';
import type { BertUse } from './bert-model.ts';
import { answerTo, type ImportAnswers, type ImportQuestion } from './import-question.ts';
import { headsQuestion, partQuestion, scalingQuestion, torchxrayvisionQuestion } from './import-questions.ts';
import type { WeightsUse } from './weights-model.ts';

/** What is known of a file before it is used. */
export interface KnownOfWeights {
  readonly fileName: string;
  readonly shapes: WeightShapes;
  readonly config: ModelConfig;
  readonly answers: ImportAnswers;
}

/** The use of a file, or the first question that is open. */
export type UseOrQuestion<Use> =
  | { readonly kind: 'use'; readonly use: Use }
  | { readonly kind: 'question'; readonly question: ImportQuestion };

/**
 * The use of a network that sees films.
 * @param chosen intensities by the person; null to have them told by the config or asked for.
 * @throws InputError when the file holds no such network, or the config belongs to another.
 */
export function useOfImageWeights(
  known: KnownOfWeights,
  chosen: IntensityScaling | null,
): UseOrQuestion<WeightsUse> {
  const { fileName, shapes, config } = known;
  const part = openPart(imageNetworks(shapes.keys()), known);
  if (part.kind === 'question') return part;
  const network = imageNetwork(shapes, part.use, fileName);
  const heads = openHeads(network, known);
  if (heads.kind === 'question') return heads;
  const scaling = openScaling(network, known, chosen);
  if (scaling.kind === 'question') return scaling;
  return {
    kind: 'use',
    use: {
      scaling: scaling.use,
      heads: heads.use,
      pooling: config.pooling,
      ...(part.use !== null && { part: part.use }),
      ...(config.epsilon !== null && network.family === 'vit' && { epsilon: config.epsilon }),
    },
  };
}

/** The use of a BERT. @throws InputError when the config belongs to another network. */
export function useOfBert(known: KnownOfWeights): UseOrQuestion<BertUse> {
  const { fileName, shapes, config } = known;
  const part = openPart(textNetworks(shapes.keys()), known);
  if (part.kind === 'question') return part;
  const network = textNetwork(shapes, part.use, fileName);
  const { dimensions, depth } = recogniseBert(network, 1, fileName);
  assertConfigFits(config, { family: 'bert', dimensions, depth }, fileName);
  const attention = network.nameInFile('encoder.layer.0.attention.self.query.weight');
  const heads = headsFrom(known, dimensions, attention);
  if (heads.kind === 'question') return heads;
  return {
    kind: 'use',
    use: {
      heads: heads.use,
      ...(part.use !== null && { part: part.use }),
      ...(config.epsilon !== null && { epsilon: config.epsilon }),
    },
  };
}

/** The prefix of the network that is meant; null where there is one at most, so that there is nothing to choose. */
function openPart(
  places: readonly NetworkPlace[],
  { fileName, answers }: KnownOfWeights,
): UseOrQuestion<string | null> {
  if (places.length < 2) return { kind: 'use', use: null };
  const question = partQuestion(places, fileName);
  const answer = answerTo(question, answers);
  return answer === null ? { kind: 'question', question } : { kind: 'use', use: answer };
}

/** Heads of a vision transformer; null for networks without. */
function openHeads(network: Network<TensorShape>, known: KnownOfWeights): UseOrQuestion<number | null> {
  const { fileName, config } = known;
  if (network.family !== 'vit') return { kind: 'use', use: null };
  // Builds with one head, which always divides the dimensions, so that a network that cannot be built is refused before the person is
  // asked.
  const recognised = recognise(network, { heads: 1, pooling: config.pooling }, fileName);
  const dimensions = tokenLength(network, fileName);
  const { depth, patch } = recognised.kind === 'vit' ? recognised.config : { depth: null, patch: undefined };
  assertConfigFits(
    config,
    { family: 'vit', dimensions, depth, ...(patch !== undefined && { patch }) },
    fileName,
  );
  const attention = ['attn.qkv.weight', 'attn.query.weight'].map((name) => `blocks.0.${name}`);
  const name = attention.find((own) => network.tensors.has(own)) ?? attention[0]!;
  return headsFrom(known, dimensions, network.nameInFile(name));
}

function headsFrom(
  { fileName, config, answers }: KnownOfWeights,
  dimensions: number,
  attention: string,
): UseOrQuestion<number> {
  if (config.heads !== null) return { kind: 'use', use: config.heads };
  const question = headsQuestion(dimensions, attention, fileName);
  const answer = answerTo(question, answers);
  return answer === null ? { kind: 'question', question } : { kind: 'use', use: Number(answer) };
}

function openScaling(
  { leftOut }: Pick<Network<TensorShape>, 'leftOut'>,
  { fileName, config, answers }: KnownOfWeights,
  chosen: IntensityScaling | null,
): UseOrQuestion<WeightsUse['scaling']> {
  if (config.normalisation) return { kind: 'use', use: config.normalisation };
  const thresholds = leftOut.find((name) => /(?:^|\.)op_threshs$/.test(name));
  if (thresholds === undefined) return scalingFrom(fileName, answers, chosen);
  if (chosen === 'minus1024To1024') return { kind: 'use', use: chosen };
  return answered(torchxrayvisionQuestion(thresholds, chosen, fileName), answers);
}

/** The intensities that the person chose, or answers with. */
export function scalingFrom(
  fileName: string,
  answers: ImportAnswers,
  chosen: IntensityScaling | null,
): UseOrQuestion<IntensityScaling> {
  return chosen === null ? answered(scalingQuestion(fileName), answers) : { kind: 'use', use: chosen };
}

function answered(question: ImportQuestion, answers: ImportAnswers): UseOrQuestion<IntensityScaling> {
  const answer = answerTo(question, answers) as IntensityScaling | null;
  return answer === null ? { kind: 'question', question } : { kind: 'use', use: answer };
}
