/**
 * Images as encoders read them, in one dispatch: bytes or intensities in, each image cropped, turned, mirrored and made brighter or darker,
 * scaled, repeated to the encoder's channels.
 *
 *   v = Σ bilinear weights · image(a₀x + a₁y + a₂, b₀x + b₁y + b₂), 0 outside the image;  v ← min(max(v · contrast + offset, 0), 1)
 *   out = (v − centre) / scale
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from '../tensors/kernel.ts';
import { asTensor, dispatch, emptyTensor } from '../tensors/webgpu-dispatch.ts';
import { float, lineGroups, lineThread, LINE, repeat, shader } from './wgsl.ts';

/** Numbers of one image's augmentation: a₀ a₁ a₂ b₀ b₁ b₂ contrast offset. */
export const AUGMENTATION_NUMBERS = 8;

/** What becomes of images. */
export interface ImageSizes {
  readonly images: number;
  /** In px, of the images and of the result. */
  readonly height: number;
  readonly width: number;
  /** The grey image is repeated in each. */
  readonly channels: number;
  /** Taken off each intensity in [0, 1]. */
  readonly centre: number;
  /** Divides what is left, > 0. */
  readonly scale: number;
}

/** Words that an image of so many pixels takes. */
export function imageWords(pixels: number): number {
  return Math.ceil(pixels / 4);
}

/**
 * Images of one byte per pixel, four to a word, the first in the lowest bits; each image begins a word.
 * @param pixels of one image; divides the bytes.
 * @returns [images × imageWords(pixels)]
 */
export function packImages(bytes: Uint8Array, pixels: number): Int32Array {
  const words = new Int32Array((bytes.length / pixels) * imageWords(pixels));
  const packed = new Uint8Array(words.buffer); // every platform that runs WebGPU is little-endian, as WGSL's unpack4xU8 is
  if (pixels % 4 === 0) packed.set(bytes);
  else {
    for (let image = 0; image * pixels < bytes.length; image++) {
      packed.set(bytes.subarray(image * pixels, (image + 1) * pixels), image * 4 * imageWords(pixels));
    }
  }
  return words;
}

/**
 * [images, height, width, channels] on the device.
 * @param images bytes as `packImages` packs them, int32 [images, words]; or intensities in [0, 1], float32 [images, height, width, …].
 * @param augmentation [images, 8]; null for images as they are.
 */
export function finishImages(
  images: tf.Tensor,
  augmentation: tf.Tensor2D | null,
  sizes: ImageSizes,
): tf.Tensor4D {
  const { height, width, channels } = sizes;
  const packed = images.dtype === 'int32';
  const result = emptyTensor([sizes.images, height, width, channels]);
  const kernel: Kernel = {
    key: `image-bytes ${JSON.stringify([sizes, packed, augmentation !== null])}`,
    code: () => imageShader(sizes, packed, augmentation !== null),
    integers: packed ? [0] : [],
  };
  const buffers = [images, result, ...(augmentation ? [augmentation] : [])];
  dispatch(kernel, buffers, lineGroups(sizes.images * height * width));
  return asTensor(result);
}

/** The same on arrays, in double precision. @param augmentation [images × 8] or null. */
export function finishImagesReference(
  bytes: Uint8Array,
  augmentation: ArrayLike<number> | null,
  { images, height, width, channels, centre, scale }: ImageSizes,
): Float32Array {
  const result = new Float32Array(images * height * width * channels);
  for (let image = 0; image < images; image++) {
    const pixel = (x: number, y: number): number => {
      const inside = x >= 0 && y >= 0 && x < width && y < height;
      return inside ? bytes[(image * height + y) * width + x]! / 255 : 0;
    };
    const row = (n: number): number => augmentation![image * AUGMENTATION_NUMBERS + n]!;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let value = pixel(x, y);
        if (augmentation) {
          const [u, v] = [row(0) * x + row(1) * y + row(2), row(3) * x + row(4) * y + row(5)];
          const [left, top] = [Math.floor(u), Math.floor(v)];
          const across = (at: number): number =>
            (left + 1 - u) * pixel(left, at) + (u - left) * pixel(left + 1, at);
          const sampled = (top + 1 - v) * across(top) + (v - top) * across(top + 1);
          value = Math.min(Math.max(sampled * row(6) + row(7), 0), 1);
        }
        const at = ((image * height + y) * width + x) * channels;
        result.fill((value - centre) / scale, at, at + channels);
      }
    }
  }
  return result;
}

function imageShader(sizes: ImageSizes, packed: boolean, augmented: boolean): string {
  const { images, height, width, channels, centre, scale } = sizes;
  const pixels = height * width;
  const intensity = (pixel: string): string =>
    packed
      ? `f32(extractBits(u32(film[thread / ${pixels}u * ${imageWords(pixels)}u + (${pixel}) / 4u]), 8u * ((${pixel}) % 4u), 8u)) / 255.0`
      : `film[thread / ${pixels}u * ${pixels}u + ${pixel}]`;
  const sampled = `let row = thread / ${pixels}u * ${AUGMENTATION_NUMBERS}u;
let x = f32(thread % ${width}u);
let y = f32(thread % ${pixels}u / ${width}u);
let u = table[row] * x + table[row + 1u] * y + table[row + 2u];
let v = table[row + 3u] * x + table[row + 4u] * y + table[row + 5u];
let left = floor(u);
let top = floor(v);
let above = (left + 1.0 - u) * pixel(thread, left, top) + (u - left) * pixel(thread, left + 1.0, top);
let below = (left + 1.0 - u) * pixel(thread, left, top + 1.0) + (u - left) * pixel(thread, left + 1.0, top + 1.0);
let value = clamp(((top + 1.0 - v) * above + (v - top) * below) * table[row + 6u] + table[row + 7u], 0.0, 1.0);`;
  const main = shader(
    [`film: ${packed ? 'i32' : 'f32'}`, '*result: f32', ...(augmented ? ['table: f32'] : [])],
    [LINE],
    `${lineThread(images * pixels)}
${augmented ? sampled : `let value = ${intensity(`thread % ${pixels}u`)};`}
let scaled = (value - ${float(centre)}) / ${float(scale)};
${repeat(channels, (c) => `result[thread * ${channels}u + ${c}u] = scaled;`)}`,
  );
  if (!augmented) return main;
  return `${main}
fn pixel(thread: u32, x: f32, y: f32) -> f32 {
  if ((x < 0.0) | (y < 0.0) | (x > ${float(width - 1)}) | (y > ${float(height - 1)})) { return 0.0; }
  let at = u32(y) * ${width}u + u32(x);
  return ${intensity('at')};
}`;
}
