/**
 * BERT among files of weights: told by its table of words, under the names of Hugging Face's BertModel, and sized by its shapes.
 */
import { InputError } from '../../errors.ts';
import type { BertConfig } from '../text/bert.ts';
import { countParts, sizeAlong, type WeightShapes } from './weight-shapes.ts';

const words = 'embeddings.word_embeddings.weight';

/** Dimensions of a head in every BERT that its authors published. */
const headDimensions = 64;

/** Whether tensors of these names make a BERT, behind any prefix ("bert."). */
export function holdsBert(names: Iterable<string>): boolean {
  return prefixOf(names) !== null;
}

/**
 * The tensors of BERT alone, under their bare names; those that do not bear its prefix (a head of masked words) are left out. Layer norms
 * of old files are called as new ones call them.
 */
export function bareBert<T>(tensors: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const prefix = prefixOf(tensors.keys()) ?? '';
  return new Map(
    [...tensors]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [
        name
          .slice(prefix.length)
          .replace(/LayerNorm\.gamma$/, 'LayerNorm.weight')
          .replace(/LayerNorm\.beta$/, 'LayerNorm.bias'),
        tensor,
      ]),
  );
}

/**
 * The size of a BERT, without its pooler.
 * @param shapes under bare names (`bareBert`).
 * @param heads as a config.json says; null: one to 64 dimensions.
 * @throws InputError when a tensor that gives a size is missing, or the heads do not divide the dimensions.
 */
export function recogniseBert(shapes: WeightShapes, heads: number | null, fileName: string): BertConfig {
  const size = (name: string, axis: number): number =>
    sizeAlong(shapes, name, axis, { fileName, family: 'a BERT' });
  const dimensions = size(words, 1);
  return {
    vocabularySize: size(words, 0),
    dimensions,
    depth: countParts(shapes, (i) => `encoder.layer.${i}.`),
    heads: headsOf(dimensions, heads, fileName),
    intermediate: size('encoder.layer.0.intermediate.dense.weight', 0),
    maxLength: size('embeddings.position_embeddings.weight', 0),
    tokenTypes: size('embeddings.token_type_embeddings.weight', 0),
    pooler: false,
  };
}

function headsOf(dimensions: number, said: number | null, fileName: string): number {
  const heads = said ?? dimensions / headDimensions;
  if (Number.isInteger(heads) && heads > 0 && dimensions % heads === 0) return heads;
  throw new InputError(
    said === null
      ? `${fileName} does not tell how many attention heads share its ${dimensions} dimensions. Choose its config.json with it, which says so under "num_attention_heads".`
      : `The config.json says ${said} attention heads, which do not divide the ${dimensions} dimensions of ${fileName}. Choose the config.json of this model.`,
  );
}

function prefixOf(names: Iterable<string>): string | null {
  for (const name of names) {
    if (name === words || name.endsWith(`.${words}`)) return name.slice(0, -words.length);
  }
  return null;
}
