/**
 * Vision transformers (Dosovitskiy et al., 2020, https://arxiv.org/abs/2010.11929) under timm's names, DINOv2's and MAE's among them, told
 * by the names and shapes of their weights.
 */
import { InputError } from '../../errors.ts';
import type { VisionTransformerConfig } from '../encoders/vit.ts';
import type { Network } from './network.ts';
import { countParts, sizeAlong, type Suspect, type TensorShape } from './weight-shapes.ts';

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
  /** Null where nobody said so: a vision transformer is refused then. */
  readonly heads: number | null;
  /** Null: the mean of the patches where the last norm comes after it (fc_norm), else the class token where there is one. */
  readonly pooling: 'class' | 'mean' | null;
  /** What layer normalisation adds to the variance; left out: as the network's authors have it. */
  readonly epsilon?: number;
}

/** Token length and depth by letter. */
const letters: Readonly<Record<string, string>> = {
  '192×12': 'Ti',
  '384×12': 'S',
  '768×12': 'B',
  '1024×24': 'L',
};

/** The epsilon of transformers' ViTModel, where its config says nothing else; its Dinov2Model has timm's. */
const epsilonOfVitModel = 1e-12;

/** Length of a token. @throws InputError when the tensor that tells it is missing. */
export function tokenLength(network: Network<TensorShape>, fileName: string): number {
  return sizeAlong(network.tensors, 'patch_embed.proj.weight', 0, suspected(network, fileName));
}

/**
 * The vision transformer of a file.
 * @throws InputError when a tensor is missing that gives the network its size, the number of heads is not told, or it is not told which norm
 *   comes last.
 */
export function recogniseVit(
  network: Network<TensorShape>,
  hints: VitHints,
  fileName: string,
): RecognisedVit {
  const { tensors: shapes, nameInFile } = network;
  const suspect = suspected(network, fileName);
  const along = (name: string, axis: number): number => sizeAlong(shapes, name, axis, suspect);
  refuseDistilled(network, fileName);
  const dimensions = tokenLength(network, fileName);
  const patch = along('patch_embed.proj.weight', 2);
  const { grid, ...tokens } = tokensOf(shapes, suspect);
  const finalNorm = finalNormOf(network, fileName);
  const usualPooling = finalNorm === 'pooled' ? 'mean' : 'class';
  const epsilon = hints.epsilon ?? (isVitModel(network) ? epsilonOfVitModel : undefined);
  const config: VisionTransformerConfig = {
    ...tokens,
    pooling: tokens.classToken ? (hints.pooling ?? usualPooling) : 'mean',
    ...(finalNorm === 'pooled' && { finalNorm }),
    side: grid * patch,
    patch,
    inputChannels: along('patch_embed.proj.weight', 1),
    dimensions,
    depth: countParts(shapes, (index) => `blocks.${index}.`),
    heads: headsOf(hints, dimensions, `"${nameInFile('patch_embed.proj.weight')}" of ${fileName}`),
    mlpRatio: along('blocks.0.mlp.fc1.weight', 0) / dimensions,
    layerScale: shapes.has('blocks.0.ls1.gamma') ? 1 : null,
    ...(epsilon !== undefined && { epsilon }),
  };
  return { kind: 'vit', label: labelOf(config), config };
}

function suspected({ nameInFile }: Network<TensorShape>, fileName: string): Suspect {
  return { fileName, family: 'a vision transformer', nameInFile };
}

/** Whether it is transformers' ViTModel, whose norms bear names of their own. */
function isVitModel({ names, nameInFile, tensors }: Network<TensorShape>): boolean {
  const first = 'blocks.0.norm1.weight';
  return names === 'transformers' && tensors.has(first) && nameInFile(first).includes('layernorm_before');
}

function refuseDistilled({ tensors, nameInFile }: Network<TensorShape>, fileName: string): void {
  if (!tensors.has('dist_token')) return;
  throw new InputError(
    `${fileName} has a token "${nameInFile('dist_token')}" (a DeiT that was distilled): its embedding is made of two tokens, which is not built here. Bring the DeiT without distillation.`,
  );
}

/** Where the last norm stands: over every token ("norm"), or over the pooled embedding ("fc_norm"); timm has the one or the other. */
function finalNormOf({ tensors, nameInFile }: Network<TensorShape>, fileName: string): 'tokens' | 'pooled' {
  const [ofTokens, ofPooled] = ['norm.weight', 'fc_norm.weight'].map((name) => tensors.has(name));
  if (ofTokens && ofPooled)
    throw new InputError(
      `${fileName} has "${nameInFile('norm.weight')}" and "${nameInFile('fc_norm.weight')}", a norm before pooling and one after it; which of them its embedding passes cannot be told. Save the network with the one that it uses.`,
    );
  return ofPooled ? 'pooled' : 'tokens';
}

type Tokens = Required<Pick<VisionTransformerConfig, 'classToken' | 'registers' | 'positions'>>;

/**
 * Which tokens there are, and the rows and columns of patches: "pos_embed" has a row for each patch, and one for each token before
 * them unless only patches have positions.
 */
function tokensOf(
  shapes: ReadonlyMap<string, TensorShape>,
  suspect: Suspect,
): Tokens & { readonly grid: number } {
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
  const name = suspect.nameInFile?.('pos_embed') ?? 'pos_embed';
  throw new InputError(
    `${suspect.fileName} looks like ${suspect.family}, but the ${rows} rows of "${name}" are no square of patches.`,
  );
}

function headsOf({ heads }: VitHints, dimensions: number, where: string): number {
  if (heads !== null && dimensions % heads === 0) return heads;
  throw new InputError(
    heads === null
      ? `How many attention heads share the ${dimensions} dimensions of a token is not told by the tensors (${where}). Choose a config.json with "num_heads" beside the file.`
      : `The tokens have ${dimensions} numbers, which are not ${heads} heads (${where}). Choose the config.json of this network.`,
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
