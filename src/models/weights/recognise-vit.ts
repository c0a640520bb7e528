/**
 * timm's vision transformers (Dosovitskiy et al., 2020, https://arxiv.org/abs/2010.11929), DINOv2's among them, told by the names and
 * shapes of their weights.
 */
import { InputError } from '../../errors.ts';
import type { VisionTransformerConfig } from '../encoders/vit.ts';
import { countParts, sizeAlong, type Suspect, type WeightShapes } from './weight-shapes.ts';

/** A network that was recognised. */
export interface RecognisedVit {
  readonly kind: 'vit';
  /** As the papers call it. */
  readonly label: string;
  /** At the side that the weights were trained at. */
  readonly config: VisionTransformerConfig;
}

/** What shapes do not tell. */
export interface VitHints {
  readonly heads: number | null;
  readonly pooling: 'class' | 'mean' | null;
}

/** Heads by token length, of the networks in timm; a head has 64 dimensions in all but the huge one. */
const usualHeads: Readonly<Record<number, number>> = { 192: 3, 384: 6, 768: 12, 1024: 16, 1280: 16 };

/** Token length and depth by letter. */
const letters: Readonly<Record<string, string>> = {
  '192×12': 'Ti',
  '384×12': 'S',
  '768×12': 'B',
  '1024×24': 'L',
};

/**
 * The vision transformer of a file.
 * @returns null when the names are not those of a vision transformer.
 * @throws InputError when a tensor is missing that gives the network its size, or the number of heads cannot be known.
 */
export function recogniseVit(shapes: WeightShapes, hints: VitHints, fileName: string): RecognisedVit | null {
  const depth = countParts(shapes, (index) => `blocks.${index}.`);
  if (depth === 0 || !shapes.has('patch_embed.proj.weight')) return null;
  const suspect = { fileName, family: 'a vision transformer' };
  const along = (name: string, axis: number): number => sizeAlong(shapes, name, axis, suspect);
  const dimensions = along('patch_embed.proj.weight', 0);
  const patch = along('patch_embed.proj.weight', 2);
  const { grid, ...tokens } = tokensOf(shapes, suspect);
  const config: VisionTransformerConfig = {
    ...tokens,
    pooling: tokens.classToken ? (hints.pooling ?? 'class') : 'mean',
    side: grid * patch,
    patch,
    inputChannels: along('patch_embed.proj.weight', 1),
    dimensions,
    depth,
    heads: hints.heads ?? headsOf(dimensions, fileName),
    mlpRatio: along('blocks.0.mlp.fc1.weight', 0) / dimensions,
    layerScale: shapes.has('blocks.0.ls1.gamma') ? 1 : null,
  };
  if (dimensions % config.heads !== 0) {
    throw new InputError(
      `${fileName} has tokens of ${dimensions} numbers, which are not ${config.heads} heads.`,
    );
  }
  return { kind: 'vit', label: labelOf(config), config };
}

type Tokens = Required<Pick<VisionTransformerConfig, 'classToken' | 'registers' | 'positions'>>;

/**
 * Which tokens there are, and the rows and columns of patches: "pos_embed" has a row for each patch, and one for each token before
 * them unless only patches have positions.
 */
function tokensOf(shapes: WeightShapes, suspect: Suspect): Tokens & { readonly grid: number } {
  const rows = sizeAlong(shapes, 'pos_embed', 1, suspect);
  const registers = shapes.has('reg_token') ? sizeAlong(shapes, 'reg_token', 1, suspect) : 0;
  const without = Math.sqrt(rows - registers);
  const withClass = Math.sqrt(rows - registers - 1);
  const patchesOnly = Math.sqrt(rows);
  const classToken = shapes.has('cls_token');
  const forms: readonly (Tokens & { readonly grid: number })[] = [
    { classToken, registers, positions: 'all', grid: classToken ? withClass : without },
    { classToken, registers, positions: 'patches', grid: patchesOnly },
    // The class token has a position but is not there: said when weights are loaded.
    { classToken: true, registers, positions: 'all', grid: withClass },
  ];
  const form = forms.find(({ grid }) => Number.isInteger(grid) && grid > 0);
  if (form) return form;
  throw new InputError(
    `${suspect.fileName} looks like ${suspect.family}, but the ${rows} rows of "pos_embed" are no square of patches.`,
  );
}

function headsOf(dimensions: number, fileName: string): number {
  const heads = usualHeads[dimensions] ?? dimensions / 64;
  if (Number.isInteger(heads)) return heads;
  throw new InputError(
    `${fileName} does not tell how many attention heads its tokens of ${dimensions} numbers have. Choose a config.json with "num_heads" beside it.`,
  );
}

function labelOf({ dimensions, depth, patch, registers = 0, layerScale }: VisionTransformerConfig): string {
  const letter = letters[`${dimensions}×${depth}`];
  const size = letter
    ? `ViT-${letter}/${patch}`
    : `Vision transformer ${dimensions} × ${depth}, patch ${patch} px`;
  const form = layerScale === null ? '' : ' with LayerScale (as DINOv2)';
  return `${size}${form}${registers > 0 ? ` and ${registers} registers` : ''}`;
}
