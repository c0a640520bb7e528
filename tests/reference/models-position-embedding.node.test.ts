/**
 * Position embeddings resampled to another grid, against timm (see data/README.md).
 */
import { expect, it } from 'vitest';
import { resamplePositionEmbedding, type PatchGrid } from '../../src/models/weights/position-embedding.ts';
import { excess, numbers, readReference, type ReferenceArray } from './reference.ts';

const { cases } = await readReference('models/pos_embed_resample.json');

for (const { name, args, inputs, expected, tolerance } of cases) {
  it(`resamples a position embedding ${name}`, () => {
    const { old_grid, new_grid } = args as unknown as { old_grid: PatchGrid; new_grid: PatchGrid };
    const embedding = (inputs as Record<string, ReferenceArray>)['pos_embed']!;
    const wanted = (expected as Record<string, ReferenceArray>)['pos_embed']!;
    const got = resamplePositionEmbedding(numbers(embedding), embedding.shape[2]!, old_grid, new_grid);
    expect(excess(got, wanted, tolerance!.atol, tolerance!.rtol)).toBeLessThanOrEqual(0);
  });
}
