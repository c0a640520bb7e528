/**
 * What the names of published vision transformers say: timm's (`timm/models/vision_transformer.py` and `deit.py`, version 1.0.29), and those of
 * MAE, DINO and DINOv2, which follow the same words. Only networks that can be built here stand in the table.
 */

/** What a name says of a network. */
export interface ArchitectureSize {
  readonly dimensions: number;
  readonly heads: number;
}

const sizes: readonly (readonly [name: RegExp, dimensions: number, heads: number])[] = [
  // Those that differ from others of their word.
  [/^vit_base_patch\d+_gap/, 768, 16],
  [/^vit_base_patch\d+_plus/, 896, 14],
  [/^vit_giant_patch14_(?:reg\d_)?(?:dinov2|tipsv2)/, 1536, 24],
  [/^vit_xsmall_patch16_clip/, 256, 4],
  [/^test_vit2?$/, 64, 2],
  [/^(?:vit|deit3?|mae_vit|flexivit)_tiny(?:_|$)/, 192, 3],
  [/^(?:vit|deit3?|mae_vit|flexivit)_small(?:_|$)/, 384, 6],
  [/^(?:vit|deit3?|mae_vit|flexivit)_base(?:_|$)/, 768, 12],
  [/^(?:vit|deit3?|mae_vit|flexivit|eva)_large(?:_|$)/, 1024, 16],
  [/^(?:vit|deit3?|mae_vit)_huge(?:_|$)/, 1280, 16],
  [/^vit_giant_/, 1408, 16],
  [/^vit_gigantic_/, 1664, 16],
  [/^vit_giantopt_/, 1536, 16],
  [/^(?:vit|deit3)_mediumd?_/, 512, 8],
  [/^vit_betwixt_/, 640, 10],
  [/^vit_wee_/, 256, 4],
  [/^vit_little_/, 320, 5],
  [/^vit_so150m_/, 896, 14],
  [/^vit_so150m2_/, 832, 13],
  [/^vit_so400m_/, 1152, 16],
  [/^vit_intern300m_/, 1024, 16],
  [/^dino(?:v2)?_vits\d+/, 384, 6],
  [/^dino(?:v2)?_vitb\d+/, 768, 12],
  [/^dinov2_vitl\d+/, 1024, 16],
  [/^dinov2_vitg\d+/, 1536, 24],
];

/** The size that a name stands for; null where it stands for none that is known. */
export function architectureSize(name: string): ArchitectureSize | null {
  const plain = name.toLowerCase().replace(/^.*\//, '').replace(/\..*$/, '').replaceAll('-', '_');
  const found = sizes.find(([pattern]) => pattern.test(plain));
  return found ? { dimensions: found[1], heads: found[2] } : null;
}

/** The side of a patch in px that a name of a vision transformer states ("patch16", DINOv2's "vitb14"); null where it states none. */
export function patchByName(name: string): number | null {
  const [, side] =
    /(?:^|_)patch(\d+)(?:_|\.|$)|(?:^|_)vit[slbg](\d+)(?:_|$)/.exec(name.toLowerCase())?.filter(Boolean) ??
    [];
  return side === undefined ? null : Number(side);
}

/**
 * Networks whose weights have the names and shapes of one that is built here, but that compute something else.
 * @returns what they do otherwise; null for all others.
 */
export function differenceByName(name: string): string | null {
  const plain = name.toLowerCase();
  if (/quickgelu/.test(plain)) return 'its activation is QuickGELU';
  if (/resnet(?:blur|aa)|resnextaa/.test(plain)) return 'it blurs its maps before it halves them';
  // timm's `act_layer='gelu_tanh'`.
  if (
    /(?:base_patch32|large_patch16_siglip(?:_gap)?_512|so400m_patch16|giantopt)/.test(plain) &&
    /siglip/.test(plain)
  )
    return 'its activation is an approximation of GELU (gelu_tanh)';
  return null;
}
