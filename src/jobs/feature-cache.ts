/**
 * The features read last, kept in memory: the many runs of one label, size and seed read the same ones, one after the other, and reading
 * them from the database takes about as long as a short run.
 */
import { featureStore } from '../records/stores.ts';

/** Reads features, remembering one matrix. */
export class FeatureCache {
  #key: string | undefined;
  #values: Float32Array | undefined;

  /** @param key in the feature store. @throws Error when the features are gone. */
  async read(key: string): Promise<Float32Array> {
    if (key === this.#key && this.#values) return this.#values;
    const values = await featureStore.get(key);
    if (!values) {
      throw new Error(
        'Features that were computed before are gone from the database. Start the study again: they are computed anew.',
      );
    }
    [this.#key, this.#values] = [key, values];
    return values;
  }
}
