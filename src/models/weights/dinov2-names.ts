/**
 * DINOv2's own checkpoints with registers (https://github.com/facebookresearch/dinov2) as timm keeps them. There the class token has the
 * first position and registers, put in afterwards, have none; timm adds that position to the token once and for all, and keeps the
 * positions of patches alone (`_convert_dinov2` in timm/models/vision_transformer.py).
 */
import type { StoredTensor } from './safetensors.ts';

type Tensors = ReadonlyMap<string, StoredTensor>;

/** The tensors under timm's names; those of other networks, and what does not have the shapes for it, as they are. */
export function fromDinov2Names(tensors: Tensors): Tensors {
  const registers = tensors.get('register_tokens');
  const token = tensors.get('cls_token');
  const positions = tensors.get('pos_embed');
  const dimensions = token?.values.length ?? 0;
  if (!registers || !token || positions?.shape.length !== 3 || positions.shape[2] !== dimensions)
    return tensors;
  const converted = new Map(tensors);
  converted.delete('register_tokens');
  converted.set('reg_token', registers);
  converted.set('cls_token', {
    shape: token.shape,
    values: Float64Array.from(token.values, (value, d) => value + positions.values[d]!),
  });
  converted.set('pos_embed', {
    shape: [1, positions.shape[1]! - 1, dimensions],
    values: positions.values.subarray(dimensions),
  });
  return converted;
}
