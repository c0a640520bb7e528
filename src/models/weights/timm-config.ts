/**
 * The config.json that timm keeps beside its weights (`timm.models.push_to_hf_hub`), where it tells what the weights do not: how
 * intensities were normalised, how many heads there are, what an embedding is.
 */
import * as v from 'valibot';
import { InputError } from '../../errors.ts';

/** Mean and standard deviation of intensities in [0, 1], one a channel. */
export interface ChannelNormalisation {
  readonly mean: readonly number[];
  readonly standardDeviation: readonly number[];
}

/** What a config.json says; null where it says nothing. */
export interface TimmConfig {
  readonly normalisation: ChannelNormalisation | null;
  readonly heads: number | null;
  readonly pooling: 'class' | 'mean' | null;
}

const numbers = v.pipe(v.array(v.pipe(v.number(), v.finite())), v.minLength(1));
const spread = v.pipe(v.array(v.pipe(v.number(), v.finite(), v.minValue(1e-6))), v.minLength(1));
const heads = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)));
const pool = v.optional(v.string());

const pretrained = v.looseObject({ mean: v.optional(numbers), std: v.optional(spread) });

const schema = v.looseObject({
  ...pretrained.entries,
  pretrained_cfg: v.optional(pretrained),
  num_heads: heads,
  num_attention_heads: heads,
  global_pool: pool,
  model_args: v.optional(v.looseObject({ num_heads: heads, global_pool: pool })),
});

/** What is known without a config.json. */
export const noConfig: TimmConfig = { normalisation: null, heads: null, pooling: null };

/**
 * Reads a config.json.
 * @throws InputError when it is not JSON, or a value in it cannot be meant.
 */
export function parseTimmConfig(text: string, fileName: string): TimmConfig {
  const result = v.safeParse(schema, parseJson(text, fileName));
  if (!result.success) {
    const place = v.getDotPath(result.issues[0]) ?? 'the whole file';
    throw new InputError(
      `${fileName} is not the config.json of a model: ${place}, ${result.issues[0].message}. Choose the file of timm, or leave it out.`,
    );
  }
  const { model_args: args, pretrained_cfg: own, ...config } = result.output;
  return {
    normalisation: normalisationOf(own?.mean ?? config.mean, own?.std ?? config.std, fileName),
    heads: args?.num_heads ?? config.num_heads ?? config.num_attention_heads ?? null,
    pooling: poolingOf(args?.global_pool ?? config.global_pool),
  };
}

function normalisationOf(
  mean: readonly number[] | undefined,
  standardDeviation: readonly number[] | undefined,
  fileName: string,
): ChannelNormalisation | null {
  if (!mean && !standardDeviation) return null;
  if (mean?.length === standardDeviation?.length)
    return { mean: mean!, standardDeviation: standardDeviation! };
  throw new InputError(
    `${fileName} has ${mean?.length ?? 0} means and ${standardDeviation?.length ?? 0} standard deviations of intensities; there should be as many of each.`,
  );
}

/** timm's "token" and "avg"; anything else (a convolutional network's) says nothing about tokens. */
function poolingOf(said: string | undefined): TimmConfig['pooling'] {
  if (said === 'token') return 'class';
  return said === 'avg' ? 'mean' : null;
}

function parseJson(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(
      `${fileName} is not JSON: ${(error as Error).message}. Take it from the model’s folder again, or leave it out.`,
    );
  }
}
