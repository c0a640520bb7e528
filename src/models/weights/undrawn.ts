/**
 * A generator for weights that are overwritten at once. It returns zeros, because drawing a hundred million normal numbers takes long.
 */
import { Random } from '../../random/random.ts';

/** Zeros for every draw; only for networks whose weights are all loaded from a file. */
export class Undrawn extends Random {
  constructor() {
    super('undrawn');
  }

  override fork(): Random {
    return this;
  }

  override normal(): number {
    return 0;
  }

  override uniform(): number {
    return 0;
  }
}
