/**
 * The config.json that timm (`timm.models.push_to_hf_hub`), transformers and open_clip keep beside their weights, where it tells what the
 * weights do not: how intensities were normalised, how many heads there are, what an embedding is.
 */
import * as v from 'valibot';
import { InputError } from '../../errors.ts';
import { parseJson } from './json-beside-weights.ts';
import { architectureSize, differenceByName, patchByName } from './timm-architectures.ts';

/** Mean and standard deviation of intensities in [0, 1], one per channel. */
export interface ChannelNormalisation {
  readonly mean: readonly number[];
  readonly standardDeviation: readonly number[];
}

/** What a config.json says; null where it says nothing. */
export interface ModelConfig {
  /** The file that says it, for messages. */
  readonly fileName: string;
  readonly normalisation: ChannelNormalisation | null;
  readonly heads: number | null;
  readonly pooling: 'class' | 'mean' | null;
  /** Length of an embedding or a token. */
  readonly dimensions: number | null;
  /** Blocks of a transformer. */
  readonly depth: number | null;
  /** Side in px of a vision transformer's patch. */
  readonly patch: number | null;
  /** What layer normalisation adds to the variance. */
  readonly epsilon: number | null;
  /** The activation's name, as it is there. */
  readonly activation: string | null;
  /** What the network does that none built here does, in words. */
  readonly difference: string | null;
}

const numbers = v.pipe(v.array(v.pipe(v.number(), v.finite())), v.minLength(1));
const spread = v.pipe(v.array(v.pipe(v.number(), v.finite(), v.minValue(1e-6))), v.minLength(1));
const count = v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1)));
const text = v.nullish(v.string());

const measures = {
  num_heads: count,
  num_attention_heads: count,
  embed_dim: count,
  hidden_size: count,
  num_features: count,
  depth: count,
  num_hidden_layers: count,
  layer_norm_eps: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(0.1))),
};

const texts = {
  hidden_act: text,
  act_layer: text,
  global_pool: text,
  architecture: text,
  arch: text,
  timm_model_name: text,
  model_type: text,
  position_embedding_type: text,
};

const network = v.looseObject({ ...measures, ...texts });

const pretrained = v.looseObject({
  mean: v.nullish(numbers),
  std: v.nullish(spread),
  architecture: text,
});

const schema = v.looseObject({
  ...network.entries,
  ...pretrained.entries,
  pretrained_cfg: v.nullish(pretrained),
  preprocess_cfg: v.nullish(pretrained),
  model_args: v.nullish(network),
  vision_config: v.nullish(network),
  text_config: v.nullish(network),
  model_cfg: v.nullish(v.looseObject({ vision_cfg: v.nullish(network) })),
});

type Said = v.InferOutput<typeof network>;

/** What is known without a config.json. */
export const noConfig: ModelConfig = {
  fileName: '',
  normalisation: null,
  heads: null,
  pooling: null,
  dimensions: null,
  depth: null,
  patch: null,
  epsilon: null,
  activation: null,
  difference: null,
};

/**
 * Reads a config.json.
 * @param reads which of its networks is meant, where it describes one that sees films and one that reads texts.
 * @throws InputError when it is not JSON, or a value in it cannot be meant.
 */
export function parseModelConfig(
  content: string,
  fileName: string,
  reads: 'films' | 'reports' = 'films',
): ModelConfig {
  const result = v.safeParse(schema, parseJson(content, fileName));
  if (!result.success) {
    const place = v.getDotPath(result.issues[0]) ?? 'the whole file';
    throw new InputError(
      `${fileName} is not the config.json of a model: ${place}, ${result.issues[0].message}. Choose the file that lies beside the weights, or leave it out.`,
    );
  }
  const { pretrained_cfg: own, preprocess_cfg: clip, ...config } = result.output;
  const sources = sourcesOf(config, reads);
  const numberOf = (...keys: (keyof typeof measures)[]): number | null =>
    sources.flatMap((source) => keys.map((key) => source[key])).find((value) => value != null) ?? null;
  const textOf = (...keys: (keyof typeof texts)[]): string | null =>
    sources.flatMap((source) => keys.map((key) => source[key])).find((value) => value != null) ?? null;
  const name = textOf('architecture', 'arch', 'timm_model_name') ?? own?.architecture ?? null;
  const size = name === null ? null : architectureSize(name);
  const [mean, std] = [own?.mean ?? clip?.mean ?? config.mean, own?.std ?? clip?.std ?? config.std];
  const heads = numberOf('num_heads', 'num_attention_heads');
  const dimensions = numberOf('embed_dim', 'hidden_size', 'num_features');
  const pool = textOf('global_pool');
  return {
    fileName,
    normalisation: normalisationOf(mean ?? undefined, std ?? undefined, fileName),
    heads: heads ?? size?.heads ?? null,
    pooling: poolingOf(pool),
    dimensions: dimensions ?? size?.dimensions ?? null,
    depth: numberOf('depth', 'num_hidden_layers'),
    patch: patchOf(sources) ?? (name === null ? null : patchByName(name)),
    epsilon: numberOf('layer_norm_eps'),
    activation: textOf('hidden_act', 'act_layer'),
    difference:
      (name === null ? null : differenceByName(name)) ??
      differenceByPooling(pool) ??
      sources.map(differenceByArguments).find((words) => words !== null) ??
      null,
  };
}

/** The parts of a config that speak of the network that is meant, the first being right where they differ. */
function sourcesOf(config: v.InferOutput<typeof schema>, reads: 'films' | 'reports'): Said[] {
  const own = reads === 'films' ? config.vision_config : config.text_config;
  if (own) return [own];
  const inClip = reads === 'films' ? config.model_cfg?.vision_cfg : null;
  // Length of the space that images and texts share, not of a token.
  if (inClip) return [{ ...inClip, embed_dim: null }];
  return config.model_args ? [config.model_args, config] : [config];
}

/** How far from 0 a mean may be, in intensities from 0 to 1, before it is one of bytes from 0 to 255. */
export const largestMean = 1.5;

function normalisationOf(
  mean: readonly number[] | undefined,
  standardDeviation: readonly number[] | undefined,
  fileName: string,
): ChannelNormalisation | null {
  if (!mean && !standardDeviation) return null;
  if (mean?.length !== standardDeviation?.length)
    throw new InputError(
      `${fileName} has ${mean?.length ?? 0} means and ${standardDeviation?.length ?? 0} standard deviations of intensities; there should be as many of each.`,
    );
  if (mean!.some((value) => Math.abs(value) > largestMean))
    throw new InputError(
      `${fileName} has means of ${mean!.join(', ')}, as of intensities from 0 to 255. Divide means and standard deviations by 255, so that they are of intensities from 0 to 1.`,
    );
  return { mean: mean!, standardDeviation: standardDeviation! };
}

/** A number, or one for each of two sides; what is written otherwise, or for oblong patches, says nothing. */
function patchOf(sources: readonly Said[]): number | null {
  const said = sources.map(({ patch_size: size }) => size).find((size) => size != null);
  const sides = Array.isArray(said) ? (said as unknown[]) : [said];
  const [side] = sides;
  return typeof side === 'number' && sides.every((other) => other === side) ? side : null;
}

/** timm's "token" and "avg"; anything else (a convolutional network's) says nothing about tokens. */
function poolingOf(said: string | null): ModelConfig['pooling'] {
  if (said === 'token') return 'class';
  return said === 'avg' ? 'mean' : null;
}

function differenceByPooling(said: string | null): string | null {
  const isOther = said !== null && ['max', 'avgmax', 'catavgmax', 'map', 'gem', 'prr'].includes(said);
  return isOther ? `its embedding is pooled by "${said}" ("global_pool")` : null;
}

/** Arguments of timm's and transformers' networks that change what equal weights compute. */
function differenceByArguments(said: Said): string | null {
  const { aa_layer: blur, output_stride: stride, block_fn: block, attn_layer: attention } = said;
  if (blur != null) return 'it blurs its maps before it halves them ("aa_layer")';
  if (typeof stride === 'number' && stride !== 32)
    return `it halves its maps less often ("output_stride" ${stride})`;
  if (typeof block === 'string' && block !== 'block') return `its blocks are "${block}" ("block_fn")`;
  if (typeof attention === 'string' && attention !== 'attn' && attention !== '')
    return `its attention is "${attention}" ("attn_layer")`;
  if (said['reduce_include_prefix'] === true)
    return 'its mean takes in the class token ("reduce_include_prefix")';
  if (said['is_decoder'] === true) return 'its tokens see only those before them ("is_decoder")';
  const positions = said.position_embedding_type;
  if (positions != null && positions !== 'absolute')
    return `its positions are "${positions}" ("position_embedding_type")`;
  return differenceByModelType(said.model_type ?? '');
}

/** Text encoders whose weights bear BERT's names, but whose positions begin at 2. */
function differenceByModelType(type: string): string | null {
  return /roberta|camembert|longformer|^data2vec-text|^mpnet/.test(type)
    ? `its positions begin at 2 ("model_type" ${type})`
    : null;
}

/**
 * What a file of weights says of itself in the header ("__metadata__"), where its writer left such words as a config.json has.
 * @returns nothing known where it holds other things.
 */
export function configInMetadata(
  metadata: Readonly<Record<string, string>>,
  fileName: string,
  reads: 'films' | 'reports' = 'films',
): ModelConfig {
  const { config, ...single } = metadata;
  const values = Object.entries(single).map(([key, value]) => [key, parsedOrText(value)] as const);
  const whole = parsedOrText(config ?? '{}');
  const said = { ...(typeof whole === 'object' ? whole : {}), ...Object.fromEntries(values) };
  try {
    return parseModelConfig(JSON.stringify(said), `The header of ${fileName}`, reads);
  } catch (error) {
    // The header is free text, so values that make no sense are ignored.
    if (error instanceof InputError) return noConfig;
    throw error;
  }
}

function parsedOrText(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/**
 * What two files say together, the first being right where only one can be.
 * @throws InputError when they disagree on heads.
 */
export function withMore(config: ModelConfig, more: ModelConfig): ModelConfig {
  if (config.heads !== null && more.heads !== null && config.heads !== more.heads)
    throw new InputError(
      `${config.fileName} says ${config.heads} attention heads, but ${more.fileName} says ${more.heads}. Leave out the one that is wrong, or correct it.`,
    );
  const merged = Object.entries(config).map(([key, value]) => [
    key,
    (value as unknown) ?? more[key as keyof ModelConfig],
  ]);
  return { ...(Object.fromEntries(merged) as ModelConfig), fileName: config.fileName || more.fileName };
}
