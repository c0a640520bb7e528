/** What is drawn for a film: inside the ranges asked for, from the seed alone, and in step whatever the settings are. */
import { expect, test } from 'vitest';
import { Random } from '../../src/random/random.ts';
import {
  drawAugmentations,
  noAugmentation,
  samplingRow,
  type AugmentationSettings,
} from '../../src/transforms/augment.ts';
import { intensityStatistics } from '../../src/transforms/intensity-statistics.ts';
import { triangleWeights } from '../../src/transforms/resize.ts';

const settings: AugmentationSettings = {
  minCropArea: 0.5,
  rotationDegrees: 10,
  intensityJitter: 0.2,
  flipProbability: 0,
};
const off: AugmentationSettings = {
  minCropArea: 1,
  rotationDegrees: 0,
  intensityJitter: 0,
  flipProbability: 0,
};

test('draws keep to the settings, crops stay inside the film, and nothing is flipped unless asked', () => {
  const draws = drawAugmentations(settings, 2000, new Random(3));
  for (const { cropSide, centreX, centreY, angle, flipped, contrast, brightness } of draws) {
    expect(cropSide ** 2).toBeGreaterThanOrEqual(0.5 - 1e-12);
    expect(cropSide).toBeLessThanOrEqual(1);
    for (const centre of [centreX, centreY]) {
      expect(centre - cropSide / 2).toBeGreaterThanOrEqual(-1e-12);
      expect(centre + cropSide / 2).toBeLessThanOrEqual(1 + 1e-12);
    }
    expect(Math.abs(angle)).toBeLessThanOrEqual((10 * Math.PI) / 180);
    expect(flipped).toBe(false);
    expect(Math.abs(contrast - 1)).toBeLessThanOrEqual(0.2);
    expect(Math.abs(brightness)).toBeLessThanOrEqual(0.2);
  }
  expect(new Set(draws.map(({ angle }) => angle)).size).toBe(2000);
});

test('everything switched off gives back the film', () => {
  const draws = drawAugmentations(off, 5, new Random(1));
  expect(draws).toEqual(Array.from({ length: 5 }, () => noAugmentation));
  expect(samplingRow(noAugmentation, 64).map((value) => value + 0)).toEqual([1, 0, 0, 0, 1, 0]); // + 0: no −0
});

test('the same seed draws the same; one part switched off leaves the others as they were', () => {
  const all = drawAugmentations(settings, 8, new Random('s'));
  expect(drawAugmentations(settings, 8, new Random('s'))).toEqual(all);
  expect(drawAugmentations(settings, 8, new Random('t'))).not.toEqual(all);
  const unturned = drawAugmentations({ ...settings, rotationDegrees: 0 }, 8, new Random('s'));
  expect(unturned).toEqual(all.map((augmentation) => ({ ...augmentation, angle: 0 })));
});

test('half of the films are flipped when asked for one in two', () => {
  const draws = drawAugmentations({ ...off, flipProbability: 0.5 }, 4000, new Random(5));
  const flips = draws.filter(({ flipped }) => flipped).length;
  expect(Math.abs(flips - 2000)).toBeLessThan(4 * Math.sqrt(1000)); // four standard deviations of a fair coin
});

test.each([
  { minCropArea: 0 },
  { minCropArea: 1.1 },
  { rotationDegrees: -1 },
  { intensityJitter: 1 },
  { flipProbability: 2 },
])('%o is refused', (wrong) => {
  expect(() => drawAugmentations({ ...off, ...wrong }, 1, new Random(1))).toThrow(RangeError);
});

test('the triangle filter halves by [1 3 3 1] / 8 and is normalised at the edge; rows sum to 1', () => {
  const weights = triangleWeights(8, 4);
  expect([...weights.slice(8, 16)]).toEqual([0, 1, 3, 3, 1, 0, 0, 0].map((value) => value / 8));
  expect([...weights.slice(0, 8)]).toEqual([3, 3, 1, 0, 0, 0, 0, 0].map((value) => Math.fround(value / 7)));
  for (const [from, to] of [
    [37, 12],
    [12, 37],
    [224, 7],
    [5, 1],
    [1, 5],
  ] as const) {
    const rows = triangleWeights(from, to);
    for (let i = 0; i < to; i++) {
      const sum = rows.slice(i * from, (i + 1) * from).reduce((total, weight) => total + weight, 0);
      expect(sum).toBeCloseTo(1, 5);
    }
  }
  expect(() => triangleWeights(8, 0)).toThrow(RangeError);
});

test('intensity statistics are those of the bytes in [0, 1], in however many parts', () => {
  const { mean, standardDeviation } = intensityStatistics([
    Uint8Array.from([0, 255]),
    Uint8Array.from([0, 255]),
  ]);
  expect([mean, standardDeviation]).toEqual([0.5, 0.5]);
  expect(intensityStatistics([Uint8Array.from([51, 51])])).toEqual({ mean: 0.2, standardDeviation: 1 });
  expect(() => intensityStatistics([])).toThrow(RangeError);
});
