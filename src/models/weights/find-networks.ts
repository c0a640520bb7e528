/**
 * Where networks lie among the tensors of a file: each is told by names that only its family has, whatever wrappers stand before them.
 */

/** Networks whose weights are read here. */
export type NetworkFamily = 'resnet' | 'densenet' | 'vit' | 'bert';

/** One network of a file. */
export interface NetworkPlace {
  readonly family: NetworkFamily;
  /** What stands before each of its names, e.g. "model.backbone."; empty where nothing does. */
  readonly prefix: string;
  /** Whose names its tensors bear. */
  readonly names: 'timm' | 'transformers';
}

interface Sign extends Omit<NetworkPlace, 'prefix'> {
  /** A name that tells the family; its first group is the prefix. */
  readonly name: RegExp;
  /** What names with the same prefix begin with too; left out where the name is enough. */
  readonly beside?: string;
}

const signs: readonly Sign[] = [
  { family: 'resnet', names: 'timm', name: /^(.*\.)?layer1\.0\.conv[12]\.weight$/ },
  { family: 'densenet', names: 'timm', name: /^(.*\.)?denseblock1\.denselayer1\./ },
  { family: 'vit', names: 'timm', name: /^(.*\.)?patch_embed\.proj\.weight$/, beside: 'blocks.' },
  {
    family: 'vit',
    names: 'transformers',
    name: /^(.*\.)?embeddings\.patch_embeddings\.projection\.weight$/,
    beside: 'encoder.layer.',
  },
  { family: 'bert', names: 'transformers', name: /^(.*\.)?embeddings\.word_embeddings\.weight$/ },
];

/** What torch.compile, FSDP and activation checkpointing put into names, at their start or in the midst of them. */
const interludes = /(^|\.)(?:(?:_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\.)+/g;

/**
 * Names without what training tools put into them, by the names of the file. Where two tensors would then have one name, all are left as
 * they are, so that none is lost.
 */
export function withoutInterludes(names: Iterable<string>): ReadonlyMap<string, string> {
  const plain = new Map([...names].map((name) => [name, name.replaceAll(interludes, '$1')]));
  const distinct = new Set(plain.values()).size === plain.size;
  return distinct ? plain : new Map([...plain.keys()].map((name) => [name, name]));
}

/** The networks of a file, in its own order; two where it holds a teacher and a student, a network and its moving average. */
export function findNetworks(names: Iterable<string>): NetworkPlace[] {
  const plain = [...withoutInterludes(names).values()];
  const found = plain.flatMap((name) =>
    signs.flatMap(({ family, names: writer, name: sign, beside }) => {
      const match = sign.exec(name);
      if (!match) return [];
      const prefix = match[1] ?? '';
      if (beside !== undefined && !plain.some((other) => other.startsWith(prefix + beside))) return [];
      return [{ family, prefix, names: writer }];
    }),
  );
  return [...new Map(found.map((place) => [`${place.family} ${place.prefix}`, place])).values()];
}

/** The networks that see images. */
export function imageNetworks(names: Iterable<string>): NetworkPlace[] {
  return findNetworks(names).filter(({ family }) => family !== 'bert');
}

/** The networks that read texts. */
export function textNetworks(names: Iterable<string>): NetworkPlace[] {
  return findNetworks(names).filter(({ family }) => family === 'bert');
}
