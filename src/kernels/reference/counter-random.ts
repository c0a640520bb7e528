/**
 * Random numbers that are a function of a key and a counter, with the same bits on the host and on the device: a replayed step draws anew
 * when its counter changes, and nothing is kept between draws.
 *
 * J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, Philox-4×32 with ten rounds.
 */

/** Four 32-bit words. */
export type Words = readonly [number, number, number, number];

const multipliers = [0xd2511f53, 0xcd9e8d57] as const;
const keySteps = [0x9e3779b9, 0xbb67ae85] as const;
const rounds = 10;

/** The block of four words, each in [0, 2³²), for a counter and a key. */
export function philox(counter: Words, key: readonly [number, number]): Words {
  let [a, b, c, d] = counter.map((word) => word >>> 0) as [number, number, number, number];
  let [k0, k1] = key;
  for (let round = 0; round < rounds; round++) {
    const [first, second] = [multiply(multipliers[0], a), multiply(multipliers[1], c)];
    [a, b, c, d] = [(second.high ^ b ^ k0) >>> 0, second.low, (first.high ^ d ^ k1) >>> 0, first.low];
    [k0, k1] = [(k0 + keySteps[0]) >>> 0, (k1 + keySteps[1]) >>> 0];
  }
  return [a, b, c, d];
}

/** A word as a number in [0, 1): its upper 24 bits, which float32 holds exactly. */
export function uniformOf(word: number): number {
  return (word >>> 8) / 2 ** 24;
}

function multiply(a: number, b: number): { readonly high: number; readonly low: number } {
  const product = BigInt(a) * BigInt(b);
  return { high: Number(product >> 32n), low: Number(product & 0xffffffffn) };
}

/** WGSL of `philox(counter: vec4u, key: vec2u) -> vec4u` and `uniforms(words: vec4u) -> vec4f`; the same bits as on the host. */
export const philoxWgsl = `fn multiply_high(a: u32, b: u32) -> u32 {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let left = (a >> 16u) * (b & 0xffffu);
  let right = (a & 0xffffu) * (b >> 16u);
  let carried = (low >> 16u) + (left & 0xffffu) + (right & 0xffffu);
  return (a >> 16u) * (b >> 16u) + (left >> 16u) + (right >> 16u) + (carried >> 16u);
}
fn philox(counter: vec4u, key: vec2u) -> vec4u {
  var c = counter;
  var k = key;
  for (var round = 0u; round < ${rounds}u; round++) {
    let high0 = multiply_high(${multipliers[0]}u, c.x);
    let high1 = multiply_high(${multipliers[1]}u, c.z);
    c = vec4u(high1 ^ c.y ^ k.x, ${multipliers[1]}u * c.z, high0 ^ c.w ^ k.y, ${multipliers[0]}u * c.x);
    k += vec2u(${keySteps[0]}u, ${keySteps[1]}u);
  }
  return c;
}
fn uniforms(words: vec4u) -> vec4f { return vec4f(words >> vec4u(8u)) * ${1 / 2 ** 24}; }`;
