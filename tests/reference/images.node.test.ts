/**
 * Resizing, cropping and normalising against Pillow, torch and NumPy, all cases of each file.
 */
import { describe, expect, it } from 'vitest';
import { centreCrop, cropOffsets, type CropRule } from '../../src/cohort/centre-crop.ts';
import {
  meanAndDeviation,
  percentiles,
  standardised,
  standardisedBy,
  windowed,
} from '../../src/cohort/intensity.ts';
import { resize, type Grey, type Raster, type ResizeFilter } from '../../src/cohort/resize.ts';
import {
  excess,
  numbers,
  readReference,
  type ReferenceArray,
  type ReferenceCase,
  type Tolerance,
} from './reference.ts';

type Settings = Readonly<Record<string, string | number | boolean>>;

const typeOfMode: Readonly<Record<string, new (levels: number[]) => Grey>> = {
  L: Uint8Array,
  'I;16': Uint16Array,
  F: Float32Array,
};

function raster(array: ReferenceArray, Type: new (levels: number[]) => Grey): Raster {
  return { height: array.shape[0]!, width: array.shape[1]!, grey: new Type(numbers(array)) };
}

function imageOf(members: ReferenceCase['inputs']): ReferenceArray {
  return (members as Readonly<Record<string, ReferenceArray>>)['image']!;
}

function settingsOf(one: ReferenceCase): Settings {
  return one.args;
}

function expectClose(
  got: ArrayLike<number>,
  expected: ReferenceArray,
  tolerance: Tolerance | undefined,
): void {
  expect(excess(got, expected, tolerance?.atol ?? 0, tolerance?.rtol ?? 0)).toBeLessThanOrEqual(0);
}

for (const path of [
  'images/resize_pil_8bit.json',
  'images/resize_pil_16bit.json',
  'images/resize_pil_float.json',
]) {
  const { cases } = await readReference(path);
  describe(`resize as Pillow: ${path}`, () => {
    it('has cases', () => expect(cases.length).toBeGreaterThan(0));
    it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
      const settings = settingsOf(one);
      const film = raster(imageOf(one.inputs), typeOfMode[String(settings['mode'])]!);
      const filter = String(settings['filter']).toLowerCase() as ResizeFilter;
      const got = resize(film, Number(settings['out_width']), Number(settings['out_height']), filter);
      expectClose(got.grey, imageOf(one.expected), one.tolerance);
    });
  });
}

const torch = await readReference('images/resize_torch.json');
describe('resize as torch interpolate', () => {
  it('has cases', () => expect(torch.cases.length).toBeGreaterThan(0));
  it.each(torch.cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const settings = settingsOf(one);
    const film = raster(imageOf(one.inputs), Float32Array);
    const got = resize(
      film,
      Number(settings['out_width']),
      Number(settings['out_height']),
      String(settings['mode']) as ResizeFilter,
      settings['antialias'] === true,
    );
    expectClose(got.grey, imageOf(one.expected), one.tolerance);
  });
});

const crops = await readReference('images/centre_crop.json');
describe('centre crop', () => {
  it('has cases', () => expect(crops.cases.length).toBeGreaterThan(0));
  it.each(crops.cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const settings = settingsOf(one);
    const [width, height] = [Number(settings['crop_width']), Number(settings['crop_height'])];
    const rule = settings['rule'] as CropRule;
    const film = raster(imageOf(one.inputs), Float32Array);
    const expected = one.expected as Readonly<Record<string, unknown>>;
    expect(cropOffsets(film, width, height, rule)).toEqual({ top: expected['top'], left: expected['left'] });
    expectClose(centreCrop(film, width, height, rule).grey, imageOf(one.expected), one.tolerance);
  });
});

const normalise = await readReference('images/normalise.json');
describe('normalise', () => {
  it('has cases', () => expect(normalise.cases.length).toBeGreaterThan(0));
  it.each(normalise.cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const film = imageOf(one.inputs);
    const { grey } = raster(film, film.dtype === 'int' ? Uint16Array : Float32Array);
    expectClose(normalised(grey, settingsOf(one)), imageOf(one.expected), one.tolerance);
    const expected = one.expected as Readonly<Record<string, number>>;
    const bound = (value: number): number =>
      (one.tolerance?.atol ?? 0) + (one.tolerance?.rtol ?? 0) * Math.abs(value);
    for (const [name, value] of Object.entries(statistics(grey, settingsOf(one)))) {
      if (name in expected)
        expect(Math.abs(value - expected[name]!)).toBeLessThanOrEqual(bound(expected[name]!));
    }
  });
});

function normalised(grey: Grey, settings: Settings): Float64Array {
  switch (settings['how']) {
    case 'z_per_image':
      return standardised(grey, Number(settings['eps']));
    case 'z_fixed':
      return standardisedBy(
        grey,
        Number(settings['scale']),
        Number(settings['mean']),
        Number(settings['std']),
      );
    case 'min_max':
      return windowed(grey, ...(percentiles(grey, [0, 100]) as [number, number]));
    case 'percentile_clip_min_max':
      return windowed(grey, ...bounds(grey, settings));
    default:
      throw new Error(`unknown normalisation ${String(settings['how'])}`);
  }
}

function bounds(grey: Grey, settings: Settings): [number, number] {
  return percentiles(grey, [Number(settings['low']), Number(settings['high'])]) as [number, number];
}

function statistics(grey: Grey, settings: Settings): Record<string, number> {
  const { mean, deviation } = meanAndDeviation(grey);
  const spread = { mean, std_population: deviation };
  if (settings['how'] !== 'percentile_clip_min_max') return spread;
  const [low, high] = bounds(grey, settings);
  return { ...spread, low, high };
}
