/**
 * Class token, registers and positions, against timm's `_pos_embed` written naively:
 *   to_cat = [cls, reg];  no_embed_class: cat(to_cat + [x + pos]);  else: cat(to_cat + [x]) + pos
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildVisionTransformer } from '../../../src/models/encoders/vit.ts';
import { buildPrefixTokens, type PrefixTokens } from '../../../src/models/layers/prefix-tokens.ts';
import { ParameterScope } from '../../../src/models/parameter-scope.ts';
import { Random } from '../../../src/random/random.ts';
import { backends, useBackend } from '../../backends.ts';

const [batch, count, dimensions] = [2, 4, 3];

function naive(
  patches: number[][][],
  weights: Record<string, number[][]>,
  prefix: PrefixTokens,
): number[][][] {
  const before = [...(weights['cls_token'] ?? []), ...(weights['reg_token'] ?? [])];
  const positions = weights['pos_embed']!;
  return patches.map((film) => {
    const placed = prefix.positions === 'patches' ? film : [...before, ...film];
    const sums = placed.map((token, row) => token.map((value, d) => value + positions[row]![d]!));
    return prefix.positions === 'patches' ? [...before, ...sums] : sums;
  });
}

for (const backend of backends) {
  describe(`prefix tokens on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it.each<PrefixTokens>([
      {},
      { registers: 2 },
      { positions: 'patches' },
      { registers: 2, positions: 'patches' },
      { classToken: false },
      { classToken: false, registers: 2 },
    ])('%o stand where timm puts them, and all have gradients', async (prefix) => {
      const scope = new ParameterScope(new Random(1));
      const join = buildPrefixTokens(scope, prefix, count, dimensions);
      const weights: Record<string, number[][]> = {};
      for (const { name, variable } of scope.variables) {
        variable.assign(tf.randomNormal(variable.shape, 0, 1, 'float32', name.length));
        weights[name] = ((await variable.array()) as number[][][])[0]!;
      }
      const patches = tf.randomNormal<tf.Rank.R3>([batch, count, dimensions], 0, 1, 'float32', 7);
      const got = join(patches);
      const wanted = tf.tensor3d(naive(await patches.array(), weights, prefix));
      expect(got.shape).toEqual(wanted.shape);
      expect((await tf.max(tf.abs(tf.sub(got, wanted))).data())[0]).toBeLessThan(1e-6);

      // The sum of all tokens: each weight is there once a film, a patch once.
      const variables = scope.variables.map(({ variable }) => variable);
      const { grads } = tf.variableGrads(() => tf.sum(join(patches)), variables);
      for (const { variable } of scope.variables) {
        expect(new Set(await grads[variable.name]!.data())).toEqual(new Set([batch]));
      }
      scope.dispose();
    });

    it('the mean of the patches leaves registers out', async () => {
      const encoder = buildVisionTransformer(
        {
          side: 8,
          patch: 4,
          inputChannels: 1,
          dimensions: 8,
          depth: 1,
          heads: 2,
          mlpRatio: 2,
          layerScale: null,
          registers: 3,
          positions: 'patches',
          pooling: 'mean',
        },
        new Random(2),
      );
      const films = tf.randomNormal<tf.Rank.R4>([2, 8, 8, 1], 0, 1, 'float32', 3);
      const tokens = await encoder.tokens(films).array();
      expect(tokens[0]).toHaveLength(1 + 3 + 4);
      const wanted = tokens.map((film) =>
        film[0]!.map((_, d) => film.slice(4).reduce((sum, token) => sum + token[d]!, 0) / 4),
      );
      const got = await encoder.forward(films, false).array();
      wanted.forEach((row, film) => row.forEach((value, d) => expect(got[film]![d]).toBeCloseTo(value, 4)));
      encoder.dispose();
    });
  });
}

it('a network without a class token cannot give it', () => {
  const config = { side: 8, patch: 4, inputChannels: 1, dimensions: 8, depth: 1, heads: 2, mlpRatio: 2 };
  expect(() =>
    buildVisionTransformer({ ...config, layerScale: null, classToken: false }, new Random(1)),
  ).toThrow(RangeError);
});
