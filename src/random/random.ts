/**
 * A seeded generator of random numbers; the only source of randomness in the lab.
 *
 * The stream is sfc32 (Chris Doty-Humphrey's Small Fast Counter, 32 bits, period at least 2^32), seeded from any text by the
 * avalanche of MurmurHash3. Streams are told apart by name: `random.fork('batches')` depends on the seed and the name only, not on
 * how much was drawn before, so that arms of a study share batches and initial weights whatever else they draw.
 */
export class Random {
  readonly #key: string;
  readonly #state: Uint32Array;
  #spare: number | undefined;

  /** @param seed any number or text; equal seeds give equal streams on every machine. */
  constructor(seed: number | string) {
    this.#key = String(seed);
    this.#state = new Uint32Array([hash(this.#key, 1), hash(this.#key, 2), hash(this.#key, 3), 1]);
    for (let i = 0; i < 16; i++) this.bits();
  }

  /** An independent generator, determined by this one's seed and the name alone. */
  fork(name: number | string): Random {
    return new Random(`${this.#key}/${name}`);
  }

  /** The next 32 random bits as an unsigned integer. */
  bits(): number {
    const s = this.#state;
    const [a, b, c, counter] = [s[0]!, s[1]!, s[2]!, s[3]!];
    const result = (a + b + counter) >>> 0;
    s[3] = counter + 1;
    s[0] = b ^ (b >>> 9);
    s[1] = c + (c << 3);
    s[2] = ((c << 21) | (c >>> 11)) + result;
    return result;
  }

  /** A number in [low, high), 53 bits fine. */
  uniform(low = 0, high = 1): number {
    const unit = ((this.bits() >>> 5) * 67108864 + (this.bits() >>> 6)) / 9007199254740992;
    return low + (high - low) * unit;
  }

  /** An integer in [0, count), without bias. @throws RangeError unless 1 ≤ count ≤ 2^32. */
  integer(count: number): number {
    if (!(count >= 1 && count <= 4294967296))
      throw new RangeError(`integer: count must be in [1, 2^32], got ${count}`);
    const limit = 4294967296 - (4294967296 % count);
    for (;;) {
      const bits = this.bits();
      if (bits < limit) return bits % count;
    }
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** A draw from the normal distribution (Marsaglia's polar method). */
  normal(mean = 0, standardDeviation = 1): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return mean + standardDeviation * spare;
    }
    for (;;) {
      const u = this.uniform(-1, 1);
      const v = this.uniform(-1, 1);
      const square = u * u + v * v;
      if (square > 0 && square < 1) {
        const scale = Math.sqrt((-2 * Math.log(square)) / square);
        this.#spare = v * scale;
        return mean + standardDeviation * u * scale;
      }
    }
  }

  /** One of the items, each as likely. @throws RangeError when there is none. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('pick: expected at least one item');
    return items[this.integer(items.length)]!;
  }

  /** The items in random order (Fisher-Yates), in a new array. */
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [result[i], result[j]] = [result[j]!, result[i]!];
    }
    return result;
  }
}

/** MurmurHash3's mixing of a text into 32 bits (Austin Appleby, public domain). */
function hash(text: string, seed: number): number {
  let h = seed | 0;
  for (let i = 0; i < text.length; i++) {
    let k = Math.imul(text.charCodeAt(i), 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    h ^= Math.imul(k, 0x1b873593);
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  h ^= text.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
