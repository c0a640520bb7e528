/**
 * Vision transformers under the names of Hugging Face's transformers (ViTModel, Dinov2Model) as timm calls their tensors. There queries, keys
 * and values have a map each; timm keeps the three as one, one after the other.
 */
import type { StoredTensor } from './safetensors.ts';

/** What a name begins with, and what timm's begins with instead. */
const beginnings: readonly (readonly [theirs: RegExp, timm: string])[] = [
  [/^embeddings\.patch_embeddings\.projection\./, 'patch_embed.proj.'],
  [/^embeddings\.position_embeddings$/, 'pos_embed'],
  [/^embeddings\.distillation_token$/, 'dist_token'],
  [/^embeddings\.(cls_token|mask_token|register_tokens)$/, '$1'],
  [/^encoder\.layer\.(\d+)\./, 'blocks.$1.'],
  [/^layernorm\./, 'norm.'],
];

/** What stands after a block's number, and what timm has there. */
const inBlocks: readonly (readonly [theirs: RegExp, timm: string])[] = [
  [/^attention\.attention\./, 'attn.'],
  [/^attention\.output\.dense\./, 'attn.proj.'],
  [/^layernorm_before\./, 'norm1.'],
  [/^layernorm_after\./, 'norm2.'],
  [/^intermediate\.dense\./, 'mlp.fc1.'],
  [/^output\.dense\./, 'mlp.fc2.'],
  [/^layer_scale([12])\.lambda1$/, 'ls$1.gamma'],
];

/** timm's name for a tensor of transformers; queries, keys and values stay apart ("blocks.0.attn.query.weight"). */
export function timmName(name: string): string {
  const renamed = replaced(name, beginnings);
  const block = /^blocks\.\d+\./.exec(renamed)?.[0];
  return block ? block + replaced(renamed.slice(block.length), inBlocks) : renamed;
}

function replaced(name: string, pairs: readonly (readonly [RegExp, string])[]): string {
  const pair = pairs.find(([theirs]) => theirs.test(name));
  return pair ? name.replace(...pair) : name;
}

/** Queries, keys and values as one map each block; a block that lacks one of the three is left as it is. */
export function withJoinedQueries(
  tensors: ReadonlyMap<string, StoredTensor>,
): ReadonlyMap<string, StoredTensor> {
  const joined = new Map(tensors);
  for (const name of tensors.keys()) {
    const [, attention, kind] = /^(blocks\.\d+\.attn)\.query\.(weight|bias)$/.exec(name) ?? [];
    if (attention === undefined) continue;
    const names = ['query', 'key', 'value'].map((part) => `${attention}.${part}.${kind}`);
    const three = names.map((part) => tensors.get(part));
    if (three.some((tensor) => tensor === undefined)) continue;
    for (const part of names) joined.delete(part);
    joined.set(`${attention}.qkv.${kind}`, stacked(three as StoredTensor[]));
  }
  return joined;
}

/** Tensors one under the other, along their first axis. */
function stacked(tensors: readonly StoredTensor[]): StoredTensor {
  const values = new Float64Array(tensors.reduce((sum, tensor) => sum + tensor.values.length, 0));
  let at = 0;
  for (const tensor of tensors) {
    values.set(tensor.values, at);
    at += tensor.values.length;
  }
  const rows = tensors.reduce((sum, { shape }) => sum + shape[0]!, 0);
  return { shape: [rows, ...tensors[0]!.shape.slice(1)], values };
}
