/**
 * Recognises BERT in a file of weights by its table of word embeddings, under the names of Hugging Face's BertModel, and reads its size
 * from the shapes.
 */
import { InputError } from '../../errors.ts';
import type { BertConfig } from '../text/bert.ts';
import { textNetworks } from './find-networks.ts';
import { networkAt, type Network } from './network.ts';
import { severalNetworks } from './recognise.ts';
import { countParts, sizeAlong, type TensorShape } from './weight-shapes.ts';

const words = 'embeddings.word_embeddings.weight';

/** Whether tensors of these names make a BERT, behind any prefix ("bert."). */
export function holdsBert(names: Iterable<string>): boolean {
  return textNetworks(names).length > 0;
}

/**
 * The BERT of a file; what is no part of it (a pooler, a head of masked words) is left out.
 * @param part the prefix of the one that is meant, where there are several; null where there is one.
 * @throws InputError when there is none, or several and none of them is the part.
 */
export function textNetwork<T>(
  tensors: ReadonlyMap<string, T>,
  part: string | null,
  fileName: string,
): Network<T> {
  const places = textNetworks(tensors.keys());
  if (places.length === 0)
    throw new InputError(`${fileName} holds no text encoder: no tensor is called "${words}".`);
  const place = part === null ? places[0]! : places.find(({ prefix }) => prefix === part);
  if (!place || (part === null && places.length > 1)) throw severalNetworks(places, fileName);
  return networkAt(tensors, place);
}

/**
 * The size of a BERT, without its pooler.
 * @param heads as a config.json says, or as the person answered.
 * @throws InputError when a tensor that gives a size is missing, the heads do not divide the dimensions, or it is a RoBERTa.
 */
export function recogniseBert(
  { tensors: shapes, nameInFile }: Network<TensorShape>,
  heads: number,
  fileName: string,
): BertConfig {
  const size = (name: string, axis: number): number =>
    sizeAlong(shapes, name, axis, { fileName, family: 'a BERT', nameInFile });
  const dimensions = size(words, 1);
  if (dimensions % heads !== 0)
    throw new InputError(
      `The config.json says ${heads} attention heads, which do not divide the ${dimensions} dimensions of ${fileName}. Choose the config.json of this model.`,
    );
  const config = {
    vocabularySize: size(words, 0),
    dimensions,
    depth: countParts(shapes, (i) => `encoder.layer.${i}.`),
    heads,
    intermediate: size('encoder.layer.0.intermediate.dense.weight', 0),
    maxLength: size('embeddings.position_embeddings.weight', 0),
    tokenTypes: size('embeddings.token_type_embeddings.weight', 0),
    pooler: false,
  };
  refuseRoberta(config, nameInFile(words), fileName);
  return config;
}

/** RoBERTa has BERT's names, but begins its positions at 2, has two rows more of them, and one type of tokens. */
function refuseRoberta({ maxLength, tokenTypes }: BertConfig, wordsInFile: string, fileName: string): void {
  const named = /(?:^|\.)\w*roberta\./.test(wordsInFile);
  const shaped = tokenTypes === 1 && Number.isInteger(Math.log2(maxLength - 2));
  if (!named && !shaped) return;
  throw new InputError(
    `${fileName} looks like a RoBERTa ("${wordsInFile}", ${maxLength} positions, ${tokenTypes} type of tokens), whose positions begin at 2, which is not built here. Bring a BERT.`,
  );
}
