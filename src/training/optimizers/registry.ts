/**
 * All optimizers, by name.
 */
import { adam } from './adam.ts';
import { adamw } from './adamw.ts';
import type { OptimizerEntry } from './optimizer.ts';
import { sgd } from './sgd.ts';

/** One line per optimizer. */
export const optimizers = { adamw, adam, sgd } as const satisfies Readonly<Record<string, OptimizerEntry>>;
