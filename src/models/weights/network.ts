/**
 * One network out of a file: its tensors under the names that it is built with here, and what of the file is no part of it.
 */
import { withoutInterludes, type NetworkFamily, type NetworkPlace } from './find-networks.ts';
import { blocksInARow } from './block-chunks.ts';
import { readFloats, type StoredTensor } from './safetensors.ts';
import { timmName } from './transformers-names.ts';

/** A network's tensors. */
export interface Network<T> {
  readonly family: NetworkFamily;
  /** What stands before its names in the file. */
  readonly prefix: string;
  /** Whose names its tensors bear. */
  readonly names: NetworkPlace['names'];
  /** By the names that the network's variables have here. */
  readonly tensors: ReadonlyMap<string, T>;
  /** Names of the file that are no part of the network: heads, losses, counters, other networks. */
  readonly leftOut: readonly string[];
  /** What the file calls a tensor of the network; for one that it lacks, what it would call it. */
  readonly nameInFile: (name: string) => string;
}

/**
 * Modules that belong to a network, under timm's names or a BERT's. What stands in its way but is not built here (a norm before the
 * blocks, a distillation token, tokens of a prompt) is among them, so that loading refuses it by name instead of leaving it out.
 */
const parts: Readonly<Record<NetworkFamily, RegExp>> = {
  resnet:
    /^(?:conv\d*|bn\d*|norm\d*|layer\d+|stem|maxpool|avgpool|attn_?pool|transition\d+|stage\d+)(?:\.|$)/,
  densenet: /^features\./,
  vit: /^(?:cls_token|cls_pos|reg_token|register_tokens|storage_tokens|dist_token|detection_tokens|(?:\w+_)?prompts?(?:_\w+)?|(?:\w+_)?pos_embed|(?:patch|time|temporal|channel|abs|rel)_\w*embed\w*|blocks|blocks_\w+|layers|stages?|stem|neck|norm|fc_norm|norm_pre|pre_norm|norm_embed|ln_pre|attn_?pool|pool|cls_norm|rope\w*|rel_pos\w*|shared_rel_pos\w*|relative_position\w*)(?:\.|$)/,
  bert: /^(?:embed\w*|encoder)(?:\.|$)/,
};

/** What is left of transformers' own names, so that it is refused by name: types of tokens, biases by place. */
const unknownToTransformers = /^(?:embeddings|encoder)\./;

/** Parts of vision transformers that only pre-training uses. */
const pretrainingOnly = /^decoder_/;

/** Counters that do not affect the network's output. */
const counter = /(?:^|\.)(?:num_batches_tracked|embeddings\.position_ids)$/;

/** A network's tensors by its own names. @param tensors those of the whole file, by their names there. */
export function networkAt<T>(tensors: ReadonlyMap<string, T>, place: NetworkPlace): Network<T> {
  const plain = withoutInterludes(tensors.keys());
  const under = [...plain].filter(([name, bare]) => bare.startsWith(place.prefix) && !counter.test(name));
  const rename = renaming(
    place,
    under.map(([, bare]) => bare.slice(place.prefix.length)),
  );
  const files = new Map<string, string>();
  for (const [name, bare] of under) {
    const own = rename(bare.slice(place.prefix.length));
    if (own !== null) files.set(own, name);
  }
  const taken = new Set(files.values());
  return {
    ...place,
    tensors: new Map([...files].map(([own, name]) => [own, tensors.get(name)!])),
    leftOut: [...tensors.keys()].filter((name) => !taken.has(name)),
    nameInFile: (name) => files.get(name) ?? besideOthers(name, files) ?? place.prefix + name,
  };
}

/** A network with its numbers, out of the file that its names and shapes are from. @throws InputError as `readFloats`. */
export function withNumbers(network: Network<unknown>, bytes: Uint8Array): Network<StoredTensor> {
  const names = [...network.tensors.keys()];
  const read = readFloats(bytes, names.map(network.nameInFile));
  const tensors = new Map(names.map((name) => [name, read.get(network.nameInFile(name))!]));
  return { ...network, tensors };
}

/** From names without prefix to those that the network is built with; null for what is no part of it. */
function renaming(
  { family, names, prefix }: NetworkPlace,
  bare: readonly string[],
): (name: string) => string | null {
  const isPart = (name: string): boolean => parts[family].test(name) && !pretrainingOnly.test(name);
  switch (family) {
    case 'resnet':
      return (name) => (isPart(name) ? name : null);
    case 'densenet':
      // All that lies in "features." is the network; where the prefix is another, a classifier may lie beside it.
      return (name) =>
        /(?:^|\.)features\.$/.test(prefix) || /^(?:conv|norm|denseblock|transition|pool)\d/.test(name)
          ? `features.${inOldDenseLayers(name)}`
          : null;
    case 'vit': {
      const renumbered = names === 'timm' ? blocksInARow(bare) : new Map<string, string>();
      const ofTimm = (name: string): string =>
        names === 'timm' ? (renumbered.get(name) ?? name) : timmName(name);
      const isOurs = (name: string): boolean =>
        isPart(name) || (names === 'transformers' && unknownToTransformers.test(name));
      return (name) => (isOurs(ofTimm(name)) ? ofTimm(name) : null);
    }
    case 'bert':
      return (name) => (isPart(name) ? inOldNorms(name) : null);
    default:
      return family satisfies never;
  }
}

/** torchvision's names before 2018 ("denselayer1.norm.1") and MONAI's ("denselayer1.layers.norm1") as they are called now. */
function inOldDenseLayers(name: string): string {
  return name
    .replace(/^(denseblock\d+\.denselayer\d+)\.layers\./, '$1.')
    .replace(/^(denseblock\d+\.denselayer\d+\.(?:norm|conv))\.([12])\./, '$1$2.');
}

/** Layer norms of old BERTs as new ones call them. */
function inOldNorms(name: string): string {
  return name.replace(/LayerNorm\.gamma$/, 'LayerNorm.weight').replace(/LayerNorm\.beta$/, 'LayerNorm.bias');
}

/** What the file would call a tensor that it lacks, after one that lies closest to it. */
function besideOthers(name: string, files: ReadonlyMap<string, string>): string | null {
  for (let end = name.lastIndexOf('.'); end > 0; end = name.lastIndexOf('.', end - 1)) {
    const module = name.slice(0, end + 1);
    for (const [own, file] of files) {
      const rest = own.slice(module.length);
      if (own.startsWith(module) && file.endsWith(rest))
        return file.slice(0, -rest.length) + name.slice(module.length);
    }
  }
  return null;
}
