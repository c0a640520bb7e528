/**
 * First values of weights, drawn from a seeded generator.
 */
import type { Random } from '../../random/random.ts';

/** Draws the first values of one weight. */
export type Initializer = (count: number, random: Random) => Float32Array;

/** Every value the same. */
export function constant(value: number): Initializer {
  return (count) => new Float32Array(count).fill(value);
}

/** Normal with mean 0 and the given standard deviation. */
export function normal(standardDeviation: number): Initializer {
  return (count, random) => draw(count, () => random.normal(0, standardDeviation));
}

/** Uniform in [−bound, bound). */
export function uniform(bound: number): Initializer {
  return (count, random) => draw(count, () => random.uniform(-bound, bound));
}

/** Normal, redrawn beyond two standard deviations; 0.02 is the habit of vision transformers and BERT. */
export function truncatedNormal(standardDeviation: number): Initializer {
  return (count, random) =>
    draw(count, () => {
      let value = random.normal();
      while (Math.abs(value) > 2) value = random.normal();
      return value * standardDeviation;
    });
}

/**
 * Normal with variance 2 / fan, which keeps the scale of signals through rectifiers.
 * He et al., Delving Deep into Rectifiers, 2015, https://arxiv.org/abs/1502.01852, eq. 10 (fan in) and 14 (fan out).
 */
export function kaimingNormal(fan: number): Initializer {
  return normal(Math.sqrt(2 / fan));
}

/** Uniform in ±1/√fanIn: what PyTorch gives a layer that nobody initialises. */
export function pytorchUniform(fanIn: number): Initializer {
  return uniform(1 / Math.sqrt(fanIn));
}

function draw(count: number, next: () => number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = next();
  return values;
}
