/** The image kernel against its reference on arrays: packing, sampling, intensities, scaling, channels. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  imageWords,
  finishImages,
  finishImagesReference,
  packImages,
  type ImageSizes,
} from '../../src/kernels/image-bytes.ts';
import { Random } from '../../src/random/random.ts';
import { augmentationTable, drawAugmentations } from '../../src/transforms/augment.ts';
import { useBackend } from '../backends.ts';
import { difference, hasWebgpu } from './device.ts';

const webgpu = await hasWebgpu();
const random = new Random('film kernel');
const settings = { minCropArea: 0.4, rotationDegrees: 30, intensityJitter: 0.6, flipProbability: 0.5 };
const plain = { channels: 1, centre: 0.45, scale: 0.3 };

const bytesOf = ({ images, height, width }: ImageSizes): Uint8Array =>
  Uint8Array.from({ length: images * height * width }, () => Math.floor(random.uniform(0, 256)));

function packed(bytes: Uint8Array, { images, height, width }: ImageSizes): tf.Tensor2D {
  return tf.tensor2d(packImages(bytes, height * width), [images, imageWords(height * width)], 'int32');
}

it('bytes lie four to a word, the first lowest, and every film begins a word', () => {
  expect([...packImages(Uint8Array.of(1, 2, 3, 4, 255, 0, 0, 128), 4)]).toEqual([0x04030201, 255 - 2 ** 31]);
  expect([...packImages(Uint8Array.of(1, 2, 3, 4, 5, 6), 3)]).toEqual([0x030201, 0x060504]);
  expect(packImages(new Uint8Array(0), 9)).toHaveLength(0);
});

// Without an adapter there is no kernel to test.
describe.skipIf(!webgpu)('finishImages (skipped where the browser has no WebGPU adapter)', () => {
  beforeAll(() => useBackend('webgpu'));

  const cases: [string, ImageSizes][] = [
    ['one pixel', { images: 1, height: 1, width: 1, ...plain }],
    ['odd sides, three channels', { images: 3, height: 7, width: 7, ...plain, channels: 3 }],
    ['more pixels than a workgroup', { images: 2, height: 33, width: 33, ...plain }],
  ];

  it.each(cases)('%s, as they are', async (_name, sizes) => {
    const bytes = bytesOf(sizes);
    const got = tf.tidy(() => finishImages(packed(bytes, sizes), null, sizes));
    expect(got.shape).toEqual([sizes.images, sizes.height, sizes.width, sizes.channels]);
    expect(difference(await got.data(), finishImagesReference(bytes, null, sizes))).toBeLessThan(1e-6);
    got.dispose();
  });

  it.each(cases)('%s, augmented', async (_name, sizes) => {
    const bytes = bytesOf(sizes);
    const drawn = drawAugmentations(settings, sizes.images, new Random(`augmentation ${sizes.images}`));
    const { values, shape } = augmentationTable(drawn, sizes.images, sizes.height);
    const got = tf.tidy(() => {
      const table = tf.tensor2d(values, shape as [number, number]);
      return finishImages(packed(bytes, sizes), table, sizes);
    });
    expect(difference(await got.data(), finishImagesReference(bytes, values, sizes))).toBeLessThan(1e-4);
    got.dispose();
  });

  it('takes intensities as it takes bytes', async () => {
    const sizes: ImageSizes = { images: 2, height: 5, width: 6, ...plain };
    const bytes = bytesOf(sizes);
    const [fromBytes, fromFloats] = tf.tidy(() => [
      finishImages(packed(bytes, sizes), null, sizes),
      finishImages(
        tf.tensor4d(
          Float32Array.from(bytes, (byte) => byte / 255),
          [2, 5, 6, 1],
        ),
        null,
        sizes,
      ),
    ]);
    expect(difference(await fromFloats.data(), await fromBytes.data())).toBeLessThan(1e-6);
    tf.dispose([fromBytes, fromFloats]);
  });
});
