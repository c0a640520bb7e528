/**
 * Images on the device against golden numbers (PyTorch, PIL, NumPy) and a naive sampling on the host, on cpu and webgpu.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../src/random/random.ts';
import { backends, useBackend } from '../backends.ts';
import { imageWords, finishImages, packImages } from '../../src/kernels/image-bytes.ts';
import {
  augmentationTable,
  augmentByTable,
  noAugmentation,
  type ImageAugmentation,
} from '../../src/transforms/augment.ts';
import { imagesFromBytes } from '../../src/transforms/normalise.ts';
import { prepareInput, squareInput } from '../../src/transforms/prepare.ts';
import { resizeImages } from '../../src/transforms/resize.ts';
import {
  excess,
  numbers,
  readReference,
  type ReferenceArray,
  type ReferenceCase,
} from '../reference/reference.ts';

type Arrays = Readonly<Record<string, ReferenceArray>>;

const random = new Random('films');
const side = 13;
const imageValues = Array.from({ length: 2 }, () =>
  Array.from({ length: side * side }, () => random.uniform()),
);
const makeImages = (): tf.Tensor4D => tf.tensor4d(imageValues.flat(), [2, side, side, 1]);

const augmentations: Readonly<Record<string, ImageAugmentation>> = {
  'quarter turn': { ...noAugmentation, angle: Math.PI / 2 },
  'small rotation': { ...noAugmentation, angle: 0.2 },
  'crop of the upper left': { ...noAugmentation, cropSide: 0.6, centreX: 0.3, centreY: 0.3 },
  flip: { ...noAugmentation, flipped: true },
  'all at once': {
    cropSide: 0.8,
    centreX: 0.55,
    centreY: 0.42,
    angle: -0.15,
    flipped: true,
    contrast: 1.3,
    brightness: -0.1,
  },
};

/** What the lab does to images on this backend. */
function augmentImages(images: tf.Tensor4D, each: readonly ImageAugmentation[]): tf.Tensor4D {
  const [count, height, width] = images.shape;
  return tf.tidy(() => {
    const table = tf.tensor2d(augmentationTable(each, count, height).values, [count, 8]);
    if (tf.getBackend() === 'cpu') return augmentByTable(images, table);
    return finishImages(images, table, { images: count, height, width, channels: 1, centre: 0, scale: 1 });
  });
}

/** Images of one byte a pixel as the device takes them. */
function packed(bytes: Uint8Array, imageSide: number): tf.Tensor2D {
  const pixels = imageSide ** 2;
  return tf.tensor2d(packImages(bytes, pixels), [bytes.length / pixels, imageWords(pixels)], 'int32');
}

describe.each(backends)('transforms on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    expect(tf.getBackend()).toBe(backend);
  });

  test('bytes become intensities in [0, 1], film by film', async () => {
    const images = imagesFromBytes(Uint8Array.from([0, 51, 102, 255, 1, 2, 3, 4]), 2);
    expect(images.shape).toEqual([2, 2, 2, 1]);
    const expected = [0, 51, 102, 255, 1, 2, 3, 4].map((byte) => byte / 255);
    (await images.data()).forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-7));
    expect(() => imagesFromBytes(new Uint8Array(7), 2)).toThrow('7 bytes are not a whole number of images');
    const noSpread = { side: 2, statistics: { mean: 0, standardDeviation: 0 } };
    expect(() => prepareInput(packed(new Uint8Array(4), 2), noSpread, squareInput(2), null)).toThrow(
      'standardDeviation must be > 0, got 0',
    );
  });

  test('images/normalise.json: fixed mean and standard deviation of 8-bit films', async () => {
    const { cases } = await readReference('images/normalise.json');
    const ours = cases.filter(({ args }) => isArgs(args, { how: 'z_fixed', scale: 255 }));
    expect(ours.length).toBeGreaterThan(0);
    for (const { name, args, inputs, expected, tolerance } of ours) {
      const { mean, std } = args as unknown as { mean: number; std: number };
      const pixels = packed(Uint8Array.from(numbers((inputs as Arrays)['image']!)), 1);
      const stored = { side: 1, statistics: { mean, standardDeviation: std } };
      const got = await prepareInput(pixels, stored, squareInput(1), null).data();
      const { image } = expected as Arrays;
      expect(excess(got, image!, tolerance!.atol, tolerance!.rtol), name).toBeLessThanOrEqual(0);
    }
  });

  test.each([
    ['images/resize_torch.json', { mode: 'bilinear', antialias: true }],
    ['images/resize_pil_float.json', { filter: 'BILINEAR' }],
  ])('%s: the triangle filter', async (path, args) => {
    const { cases } = await readReference(path);
    const ours = cases.filter((reference) => isArgs(reference.args, args));
    expect(ours.length).toBeGreaterThan(0);
    for (const reference of ours) await checkResize(reference);
  });

  test('a film of the right size comes back as it is', async () => {
    expect([...(await resizeImages(makeImages(), side, side).data())]).toEqual([
      ...(await makeImages().data()),
    ]);
  });

  test('no augmentation gives back the film to the last bit', async () => {
    const images = makeImages();
    const untouched = augmentImages(images, [noAugmentation, noAugmentation]);
    expect(await untouched.data()).toEqual(await images.data());
    // The first image goes through the sampling here, beside one that turns.
    const [beside] = tf.unstack(augmentImages(images, [noAugmentation, { ...noAugmentation, angle: 0.3 }]));
    const [first] = tf.unstack(images);
    expect(await beside!.data()).toEqual(await first!.data());
  });

  test.each(Object.entries(augmentations))(
    '%s equals a naive sampling on the host',
    async (_name, augmentation) => {
      const got = await augmentImages(makeImages(), [augmentation, noAugmentation]).data();
      const expected = sampleNaively(imageValues[0]!, augmentation);
      expected.forEach((value, i) => expect(Math.abs(got[i]! - value), `pixel ${i}`).toBeLessThan(1e-5));
      imageValues[1]!.forEach((value, i) => expect(got[side * side + i]).toBe(Math.fround(value)));
    },
  );

  test('a quarter turn counter-clockwise takes the right edge to the top', async () => {
    const images = makeImages();
    const turn = { ...noAugmentation, angle: Math.PI / 2 };
    const got = await augmentImages(images, [turn, turn]).data();
    for (let x = 0; x < side; x++) {
      const fromRightEdge = imageValues[0]![x * side + side - 1]!;
      expect(Math.abs(got[x]! - fromRightEdge)).toBeLessThan(1e-5);
    }
  });

  test('intensities stay in [0, 1]', async () => {
    const bright = { ...noAugmentation, contrast: 3, brightness: 0.2 };
    const got = await augmentImages(makeImages(), [bright, noAugmentation]).data();
    expect(Math.min(...got)).toBe(0);
    expect(Math.max(...got)).toBe(1);
  });

  test('one augmentation a film, or none is applied', () => {
    expect(() => augmentImages(makeImages(), [noAugmentation])).toThrow('expected 2 augmentations, got 1');
  });

  test('films are prepared in the order that is said: resize, augment, standardise', async () => {
    const bytes = Uint8Array.from(imageValues.flat(), (value) => Math.round(255 * value));
    const statistics = { mean: 0.4, standardDeviation: 0.2 };
    const turned = { ...noAugmentation, angle: 0.5, brightness: 0.3 };
    const images = packed(bytes, side);
    const table = augmentationTable([turned, turned], 2, 7);
    const rows = tf.tensor2d(table.values, [2, 8]);
    const got = await prepareInput(images, { side, statistics }, squareInput(7), rows).data();
    const byHand = augmentImages(resizeImages(imagesFromBytes(bytes, side), 7, 7), [turned, turned]);
    const expected = await tf.div(tf.sub(byHand, 0.4), 0.2).data();
    expect(got).toHaveLength(expected.length);
    got.forEach((value, i) => expect(Math.abs(value - expected[i]!), `pixel ${i}`).toBeLessThan(1e-5));
    expect(Math.max(...got)).toBeCloseTo((1 - 0.4) / 0.2, 5); // clipped at white before standardising
    expect(got[0]).toBeCloseTo((0.3 - 0.4) / 0.2, 5); // a corner turned out of the image: black, made brighter
    const plain = await prepareInput(images, { side, statistics }, squareInput(side), null).data();
    expect(plain[5]).toBeCloseTo((bytes[5]! / 255 - 0.4) / 0.2, 5);
    const input = { height: 5, width: 7, channels: 3, scaling: 'minusOneToOne' } as const;
    const wide = prepareInput(images, { side, statistics }, input, null);
    expect(wide.shape).toEqual([2, 5, 7, 3]);
    const grey = await resizeImages(imagesFromBytes(bytes, side), 5, 7).data();
    (await wide.data()).forEach((value, i) =>
      expect(Math.abs(value - (2 * grey[Math.floor(i / 3)]! - 1)), `pixel ${i}`).toBeLessThan(1e-5),
    );
    const brought = { ...squareInput(side), scaling: { centre: 0.3, scale: 0.25 } };
    (await prepareInput(images, { side, statistics }, brought, null).data()).forEach((value, i) =>
      expect(Math.abs(value - (bytes[i]! / 255 - 0.3) / 0.25), `pixel ${i}`).toBeLessThan(1e-5),
    );
  });

  test.each([
    [1, 2],
    [3, 3],
    [5, 9],
  ])('films of side %i that fill no whole word are as many as were given: %i', async (oddSide, count) => {
    const pixels = oddSide ** 2;
    const bytes = Uint8Array.from({ length: count * pixels }, (_, i) => (37 * i) % 256);
    const images = tf.tensor2d(packImages(bytes, pixels), [count, imageWords(pixels)], 'int32');
    const source = { side: oddSide, statistics: { mean: 0, standardDeviation: 1 } };
    const prepared = prepareInput(images, source, squareInput(oddSide), null);
    expect(prepared.shape).toEqual([count, oddSide, oddSide, 1]);
    (await prepared.data()).forEach((value, i) =>
      expect(Math.abs(value - bytes[i]! / 255), `pixel ${i}`).toBeLessThan(1e-6),
    );
    tf.dispose([images, prepared]);
  });

  test('no tensor is left behind', () => {
    tf.tidy(() => {
      const images = makeImages();
      const before = tf.memory().numTensors;
      const all = augmentations['all at once']!;
      tf.dispose([
        augmentImages(images, [all, all]),
        resizeImages(images, 5, 5),
        imagesFromBytes(new Uint8Array(9), 3),
      ]);
      const stored = { side: 3, statistics: { mean: 0.5, standardDeviation: 0.25 } };
      const bytes = packed(new Uint8Array(9), 3);
      prepareInput(bytes, stored, squareInput(4), null).dispose();
      bytes.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});

async function checkResize({ name, args, inputs, expected, tolerance }: ReferenceCase): Promise<void> {
  const { out_height, out_width } = args as unknown as { out_height: number; out_width: number };
  const { image } = inputs as Arrays;
  const [height, width] = image!.shape as [number, number];
  const images = tf.tensor4d(numbers(image!), [1, height, width, 1]);
  const got = await resizeImages(images, out_height, out_width).data();
  const difference = excess(got, (expected as Arrays)['image']!, tolerance!.atol, tolerance!.rtol);
  expect(difference, name).toBeLessThanOrEqual(0);
}

function isArgs(args: object, wanted: object): boolean {
  return Object.entries(wanted).every(([name, value]) => (args as Record<string, unknown>)[name] === value);
}

/** Pixel by pixel: turn back, mirror back, look where that is in the crop, mix four neighbours, shift the intensity. */
function sampleNaively(image: readonly number[], augmentation: ImageAugmentation): number[] {
  const { cropSide, centreX, centreY, angle, flipped, contrast, brightness } = augmentation;
  const pixel = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= side || y >= side ? 0 : image[y * side + x]!;
  const result: number[] = [];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let u = (x + 0.5) / side - 0.5;
      const v = (y + 0.5) / side - 0.5;
      if (flipped) u = -u;
      const turnedU = u * Math.cos(angle) - v * Math.sin(angle);
      const turnedV = u * Math.sin(angle) + v * Math.cos(angle);
      const sourceX = (centreX + cropSide * turnedU) * side - 0.5;
      const sourceY = (centreY + cropSide * turnedV) * side - 0.5;
      const [left, top] = [Math.floor(sourceX), Math.floor(sourceY)];
      const [right, bottom] = [sourceX - left, sourceY - top];
      const value =
        (1 - right) * (1 - bottom) * pixel(left, top) +
        right * (1 - bottom) * pixel(left + 1, top) +
        (1 - right) * bottom * pixel(left, top + 1) +
        right * bottom * pixel(left + 1, top + 1);
      result.push(Math.min(1, Math.max(0, (value - 0.5) * contrast + 0.5 + brightness)));
    }
  }
  return result;
}
